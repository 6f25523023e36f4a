"""Histories fit, keep what is new, never cut a turn, and keep their beginning for a while."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procoder_tutor.conversations import PackedHistory, Role, Turn, pack_turns


def conversation(exchanges: int, *, words: int = 30) -> list[Turn]:
    """Return questions and answers; each answer has two sentences of `words` in all."""
    turns = []
    for number in range(exchanges):
        asked = f"Question {number} " + "please " * words
        answered = f"Answer {number} is short. " + "more " * words
        turns.append(Turn(Role.USER, asked.strip(), "chat", "beginner"))
        turns.append(Turn(Role.TUTOR, answered.strip(), "chat", "beginner"))
    return turns


class Words:
    """Counts words as tokens, and how often it was asked."""

    def __init__(self) -> None:
        self.calls = 0

    async def __call__(self, text: str) -> int:
        self.calls += 1
        return len(text.split())


async def pack(turns: list[Turn], budget: int) -> PackedHistory:
    return await pack_turns(turns, budget, Words())


async def test_what_fits_by_its_bytes_is_not_counted() -> None:
    words, turns = Words(), conversation(2, words=3)
    packed = await pack_turns(turns, 1000, words)
    assert [turn.text for turn in packed.turns] == [turn.text for turn in turns]
    assert (words.calls, packed.note) == (0, "")


@pytest.mark.parametrize(
    ("budget", "whole", "condensed", "omitted", "note"),
    [
        (900, 20, 0, 0, ""),
        (800, 16, 4, 0, "4 earlier turns in short form"),
        (450, 4, 16, 0, "16 earlier turns in short form"),
        (300, 4, 8, 8, "8 earlier turns left out, 8 earlier turns in short form"),
        (180, 4, 0, 16, "16 earlier turns left out"),
        (100, 0, 4, 16, "16 earlier turns left out, 4 earlier turns in short form"),
        (25, 0, 1, 19, "19 earlier turns left out, 1 earlier turn in short form"),
        (5, 0, 0, 20, "20 earlier turns left out"),
        (0, 0, 0, 20, "20 earlier turns left out"),
    ],
)
async def test_the_older_the_shorter(
    budget: int, whole: int, condensed: int, omitted: int, note: str
) -> None:
    packed = await pack(conversation(10), budget)
    kept = len(packed.turns) - packed.condensed
    assert (kept, packed.condensed, packed.omitted, packed.note) == (
        whole,
        condensed,
        omitted,
        note,
    )


async def test_short_forms() -> None:
    packed = await pack(conversation(10), 450)
    question, answer = packed.turns[:2]
    assert question.text.startswith("Question 0 please")
    assert question.text.endswith("please…")
    assert len(question.text) <= 80
    assert answer.text == "Answer 0 is short."


async def test_changed_code_is_said() -> None:
    turns = conversation(1)
    packed = await pack_turns(turns, 1000, Words(), stale=[False, True])
    assert packed.turns[0].text == turns[0].text
    assert packed.turns[1].text.startswith("(About code that has changed since.) Answer 0")


async def test_counting_is_rare() -> None:
    words = Words()
    await pack_turns(conversation(60), 500, words)
    assert words.calls <= 4


async def test_the_beginning_changes_once_in_a_few_turns() -> None:
    """What stood in the last prompt is a prefix of the next one, but for every fourth turn."""
    turns = conversation(40)
    changes, last = 0, PackedHistory(())
    for count in range(1, len(turns) + 1):
        packed = await pack(turns[:count], 500)
        changes += packed.turns[: len(last.turns)] != last.turns
        last = packed
    assert 0 < changes <= len(turns) / 4


turns_of_any_text = st.lists(
    st.builds(
        Turn, st.sampled_from(list(Role)), st.text(max_size=400), st.just("chat"), st.just("expert")
    ),
    max_size=30,
)


@given(turns_of_any_text, st.integers(0, 600))
async def test_any_history_fits_and_is_the_same_again(turns: list[Turn], budget: int) -> None:
    packed = await pack(turns, budget)
    text = "\n".join(turn.text for turn in packed.turns)
    assert not packed.turns or len(text.split()) <= budget
    assert packed.omitted + len(packed.turns) == len(turns)
    whole = [turn.text for turn in packed.turns[packed.condensed :]]
    assert whole == [turn.text for turn in turns[len(turns) - len(whole) :]]
    assert packed == await pack(turns, budget)
