"""The checker on sentences of two models that were labelled by hand when it was written.

A ratchet, not a proof: the figures that count are measured on sentences it was never tuned on.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from procoder_tutor.check import Checker
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.facts.model import Facts
from procoder_tutor.symbols import Document, Snapshot
from procoder_tutor.vocabulary import Vocabulary

ROOT = Path(__file__).parents[3]
SENTENCES = ROOT / "tests/quality/sentences"
SOURCES = {
    "snippets": SENTENCES / "snippets.py",
    "later": SENTENCES / "later.py",
    "bank": ROOT / "examples/bank.py",
}


@cache
def studied(function: str) -> tuple[Facts, Vocabulary]:
    file, _, name = function.partition(":")
    document = Document.parse(Snapshot(SOURCES[file].read_text(encoding="utf-8")))
    symbol = document.by_name(name)
    facts = instant_facts(document, symbol)
    return facts, Vocabulary.of(document, symbol, facts)


def is_shown(sentence: dict[str, Any]) -> bool:
    checker = Checker(*studied(sentence["function"]))
    return bool([*checker.feed(sentence["sentence"]), *checker.finish(cut=False)])


@pytest.mark.parametrize(
    ("name", "caught", "lost"), [("first", 0.8, 0.05), ("second", 0.7, 0.03), ("later", 0.6, 0.06)]
)
def test_false_sentences_are_dropped_and_true_ones_kept(
    name: str, caught: float, lost: float
) -> None:
    text = (SENTENCES / f"{name}.toml").read_text(encoding="utf-8")
    sentences = tomllib.loads(text)["sentence"]
    shown = {
        label: [is_shown(one) for one in sentences if one["label"] == label]
        for label in ("true", "false")
    }
    assert shown["false"].count(False) / len(shown["false"]) >= caught
    assert shown["true"].count(False) / len(shown["true"]) <= lost
