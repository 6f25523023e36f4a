"""Which lane a prompt goes to; lanes are written as the letters they hold."""

import pytest

from procoder_model_host.engines.lanes import Lanes

INTERACTIVE, CHAT, PREFETCH = range(3)
DOCUMENT = "d" * 20


@pytest.mark.parametrize(
    ("held", "prompt", "rank", "lane"),
    [
        # Nobody holds more: everyone stays at home.
        (("", "", ""), "abc", INTERACTIVE, 0),
        (("", "", ""), "abc", CHAT, 1),
        (("", "", ""), "abc", PREFETCH, 2),
        (("x" * 9, "y" * 9, "z" * 9), "abc", PREFETCH, 2),
        # What prefetch warmed is worth moving for, a few tokens are not.
        (("", "", DOCUMENT), DOCUMENT + "?", INTERACTIVE, 2),
        (("", "", DOCUMENT), DOCUMENT + "?", CHAT, 2),
        (("", "", "ddd"), "dddxy", INTERACTIVE, 0),
        # The lane with most of it.
        ((DOCUMENT, DOCUMENT + "efgh", ""), DOCUMENT + "efghi", INTERACTIVE, 1),
        # A guest may cut the short tail of its host, not a long conversation.
        ((DOCUMENT + "tail", "", ""), DOCUMENT + "?", PREFETCH, 0),
        ((DOCUMENT + "t" * 50, "", ""), DOCUMENT + "?", PREFETCH, 2),
        # Fewer lanes: the less urgent share the last.
        (("", ""), "abc", PREFETCH, 1),
        (("", ""), "abc", CHAT, 1),
        (("",), "abc", CHAT, 0),
    ],
)
def test_a_prompt_goes_where_most_of_it_is(
    held: tuple[str, ...], prompt: str, rank: int, lane: int
) -> None:
    lanes = Lanes(len(held), worth_moving=4)
    for number, text in enumerate(held):
        lanes[number].held = list(text.encode())
    assert lanes.choose(list(prompt.encode()), rank).number == lane


def test_who_moves_in_stays_and_leaves_the_old_lane_to_the_other() -> None:
    lanes = Lanes(3, worth_moving=4)
    lanes[2].held = list(DOCUMENT.encode())
    question = [*DOCUMENT.encode(), 1]
    assert lanes.choose(question, INTERACTIVE).number == 2
    assert lanes.choose([7, 8], INTERACTIVE).number == 2
    assert lanes.choose([7, 8], PREFETCH).number == 0
    # A guest does not move in.
    assert lanes.choose(question, PREFETCH).number == 2
    assert lanes.choose([7, 8], PREFETCH).number == 0


def test_without_any_lane_to_afford_there_is_one() -> None:
    assert Lanes(0, worth_moving=4).choose([1, 2], PREFETCH).number == 0


def test_the_last_token_never_counts_as_shared() -> None:
    lanes = Lanes(1, worth_moving=4)
    lanes[0].held = [1, 2, 3]
    assert [lanes[0].shared(t) for t in ([1, 2, 3], [1, 2, 3, 4], [1], [2, 1])] == [2, 3, 0, 0]
