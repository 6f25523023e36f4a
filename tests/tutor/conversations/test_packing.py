"""Histories fit, keep what is new, never cut a turn, and keep their beginning for a while."""

import re
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procoder_tutor.conversations import PackedHistory, Role, Turn, pack_turns


def conversation(exchanges: int, *, words: int = 30) -> list[Turn]:
    """Return questions and answers; each answer has two sentences of `words` in all."""
    turns = []
    for number in range(exchanges):
        asked = f"Question {number} " + "please " * words
        answered = f"Answer {number} is short. " + "More " * words
        turns.append(Turn(Role.USER, asked.strip(), "chat", "beginner"))
        turns.append(Turn(Role.TUTOR, answered.strip(), "chat", "beginner"))
    return turns


class Counter:
    """Counts tokens of some bytes each, and how often it was asked."""

    def __init__(self, bytes_per_token: float = 4) -> None:
        self.bytes_per_token = bytes_per_token
        self.calls = 0

    async def __call__(self, text: str) -> int:
        self.calls += 1
        return ceil(len(text.encode()) / self.bytes_per_token)


async def pack(turns: list[Turn], budget: int) -> PackedHistory:
    return await pack_turns(turns, budget, Counter())


async def test_what_fits_by_its_bytes_is_not_counted() -> None:
    counter, turns = Counter(), conversation(2, words=3)
    packed = await pack_turns(turns, 1000, counter)
    assert [turn.text for turn in packed.turns] == [turn.text for turn in turns]
    assert (counter.calls, packed.note) == (0, "")


@pytest.mark.parametrize(
    ("budget", "whole", "condensed", "omitted", "note"),
    [
        (1500, 20, 0, 0, ""),
        (900, 9, 9, 2, "2 earlier turns left out, 9 earlier turns in short form"),
        (450, 4, 5, 11, "11 earlier turns left out, 5 earlier turns in short form"),
        (150, 2, 1, 17, "17 earlier turns left out, 1 earlier turn in short form"),
        (60, 1, 0, 19, "19 earlier turns left out"),
        (20, 0, 1, 19, "19 earlier turns left out, 1 earlier turn in short form"),
        (5, 0, 0, 20, "20 earlier turns left out"),
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
    packed = await pack(conversation(10), 1200)
    assert packed.condensed > 1
    first, second = packed.turns[:2]
    question, answer = (first, second) if first.role is Role.USER else (second, first)
    assert re.fullmatch(r"Question \d please.* please…", question.text)
    assert len(question.text) <= 80
    assert re.fullmatch(r"Answer \d is short\.", answer.text)


async def test_changed_code_is_said() -> None:
    turns = conversation(1)
    packed = await pack_turns(turns, 1000, Counter(), stale=[False, True])
    assert packed.turns[0].text == turns[0].text
    assert packed.turns[1].text.startswith("(About code that has changed since.) Answer 0")


@pytest.mark.parametrize(("bytes_per_token", "calls"), [(4, 1), (2.5, 2), (1.5, 3), (1, 3)])
async def test_counting_is_rare(bytes_per_token: float, calls: int) -> None:
    counter = Counter(bytes_per_token)
    packed = await pack_turns(conversation(60), 900, counter)
    assert counter.calls == calls
    assert packed.turns


@pytest.mark.parametrize(("budget", "at_most"), [(500, 15), (1000, 8), (2000, 4)])
async def test_the_beginning_stays_the_same_over_many_turns(budget: int, at_most: int) -> None:
    turns = conversation(40)
    changed, last = 0, PackedHistory(())
    for count in range(1, len(turns) + 1):
        packed = await pack(turns[:count], budget)
        changed += packed.turns[: len(last.turns)] != last.turns
        last = packed
    assert 0 < changed <= at_most


turns_of_any_text = st.lists(
    st.builds(
        Turn, st.sampled_from(list(Role)), st.text(max_size=400), st.just("chat"), st.just("expert")
    ),
    max_size=30,
)


@settings(deadline=None)
@given(turns_of_any_text, st.integers(0, 3000), st.sampled_from([1, 2, 4]))
async def test_any_history_fits_and_is_the_same_again(
    turns: list[Turn], budget: int, bytes_per_token: int
) -> None:
    counter = Counter(bytes_per_token)
    packed = await pack_turns(turns, budget, counter)
    text = "\n".join(turn.text for turn in packed.turns)
    assert not packed.turns or await counter(text) <= budget
    assert packed.omitted + len(packed.turns) == len(turns)
    whole = [turn.text for turn in packed.turns[packed.condensed :]]
    assert whole == [turn.text for turn in turns[len(turns) - len(whole) :]]
    assert packed == await pack_turns(turns, budget, counter)
