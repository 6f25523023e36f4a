"""The checker's verdicts on real sentences, held against labels given by hand."""

from collections import Counter

import pytest
from quality.labels import (
    CATEGORIES,
    CHECKABLE,
    SENTENCES,
    judge,
    labelled,
    report,
    share_caught,
    share_lost,
)

CAUGHT = 0.95
LOST = 0.05
ENOUGH_SENTENCES = 150


def test_false_sentences_are_caught_and_true_ones_kept() -> None:
    judged = [judge(one) for one in labelled(SENTENCES / "frozen.toml")]
    message = "\n" + report(judged)
    assert share_caught(judged) >= CAUGHT, message
    assert share_caught(judged, CHECKABLE) >= CAUGHT, message
    assert share_lost(judged) <= LOST, message


@pytest.mark.parametrize("name", ["develop", "frozen"])
def test_labels_are_complete(name: str) -> None:
    sentences = labelled(SENTENCES / f"{name}.toml")
    assert len(sentences) >= ENOUGH_SENTENCES
    for one in sentences:
        assert one.label in {"true", "false", "vague"}
        assert (one.category in CATEGORIES and one.why != "") == (one.label == "false"), one
    seen = Counter((one.function, one.model, one.sentence) for one in sentences)
    assert max(seen.values()) == 1


def test_no_function_is_in_both_files() -> None:
    develop, frozen = (
        {one.function for one in labelled(SENTENCES / f"{name}.toml")}
        for name in ("develop", "frozen")
    )
    assert not develop & frozen
