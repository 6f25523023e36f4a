"""Figures added up over a few answers."""

import json
from collections.abc import Sequence

import pytest

from procoder_tutor.evaluation.arms import Answer, Arm, Pair
from procoder_tutor.evaluation.figures import Evaluation, Figures, figures, likeness
from procoder_tutor.evaluation.subjects import subjects
from procoder_tutor.events import Checks


def same_words(pairs: Sequence[tuple[str, str]]) -> list[float]:
    """Similarity as the share of the docstring's words that a text has."""
    return [
        len(set(one.split()) & set(other.split())) / len(set(other.split())) for one, other in pairs
    ]


@pytest.fixture
def pairs() -> list[Pair]:
    known = {one.name: one for one in subjects()}
    mean, gcd = known["numbers.py:mean"], known["numbers.py:gcd"]
    return [
        Pair(
            mean,
            Answer((mean.docstring,), 1.0, Checks(2, 1, ("It is recursive. (no)",)), "Adds."),
            Answer(("It returns the mean.", "It raises ValueError.", "Calls `make_it`."), 2.0),
        ),
        Pair(
            gcd,
            Answer((), 3.0, Checks(1, 0, ("It sorts. (no)",)), gcd.docstring),
            Answer(("It is recursive.",), 4.0),
        ),
    ]


def test_figures_of_both_arms(pairs: list[Pair]) -> None:
    ours = figures(pairs, Arm.PROCODER)
    assert ours == Figures(
        functions=2, explained=1, words=9, sentences=1, generated=3, checked=3, invented=0,
        contradicting=0, seconds=4.0,
    )  # fmt: skip
    assert ours.share_kept == pytest.approx(1 / 3)
    assert ours.share_checked == 1.0
    assert ours.seconds_per_answer == 2.0
    assert ours.words_per_answer == 4.5
    plain = figures(pairs, Arm.PLAIN)
    assert (plain.sentences, plain.contradicting, plain.invented) == (4, 2, 1)
    assert plain.words == 12
    assert plain.invented_per_100_words == pytest.approx(100 / 12)
    assert plain.share_contradicting == 0.5
    assert plain.share_kept == 1.0


def test_where_nothing_is_shown_the_steps_count(pairs: list[Pair]) -> None:
    found = likeness(pairs, same_words)
    assert found.prose == 1.0
    assert found.with_steps == 1.0
    assert 0 < found.plain < found.plain_of_same < 1


def test_nothing_to_count() -> None:
    empty = Evaluation.of("none", [], same_words)
    assert empty.likeness is None
    assert empty.plain.invented_per_100_words == 0.0
    assert empty.procoder.share_kept == 0.0


def test_json_holds_sums_and_shares(pairs: list[Pair]) -> None:
    found = json.loads(json.dumps(Evaluation.of("scripted", pairs, same_words).as_json()))
    assert found["model"] == "scripted"
    assert found["plain"]["contradicting"] == 2
    assert found["plain"]["share_contradicting"] == 0.5
    assert set(found["likeness"]) == {"prose", "plain_of_same", "with_steps", "plain"}
