"""The measures themselves, on cases that can be counted in the head."""

import pytest
from quality.labels import Judged, Label, Labelled, share_caught, share_false_shown, share_lost
from quality.scores import Score, score, table, total


@pytest.mark.parametrize(
    ("found", "expected", "precision", "recall"),
    [
        ({1, 2}, {2, 3, 4, 5}, 0.5, 0.25),
        ({1}, {1}, 1.0, 1.0),
        (set(), {1}, 1.0, 0.0),
        ({1}, set(), 0.0, 1.0),
        (set(), set(), 1.0, 1.0),
    ],
)
def test_score(found: set[int], expected: set[int], precision: float, recall: float) -> None:
    one = score(frozenset(found), frozenset(expected))
    assert (one.precision, one.recall) == (precision, recall)


def test_scores_are_averaged_over_items() -> None:
    scores = {"a": Score(right=1, found=1, expected=1), "b": Score(right=1, found=3, expected=4)}
    assert total(scores.values()) == Score(right=2, found=4, expected=5)
    assert table(scores).splitlines()[-1].split() == ["overall", "0.500", "0.400", "2/4/5"]


def _judged(label: Label, category: str, *, shown: bool) -> Judged:
    return Judged(Labelled("a.py:f", "m", "chat", "Is so.", label, category, "not so"), shown)


def test_shares() -> None:
    judged = [
        _judged("false", "name", shown=False),
        _judged("false", "name", shown=True),
        _judged("false", "purpose", shown=True),
        _judged("true", "", shown=True),
        _judged("true", "", shown=False),
        _judged("vague", "", shown=True),
    ]
    assert share_caught(judged) == pytest.approx(1 / 3)
    assert share_caught(judged, ["name"]) == 0.5
    assert share_lost(judged) == 0.5
    assert share_false_shown(judged) == 0.5
