"""Sentences of real models, labelled by hand, and what the checker makes of them.

How they came about: SmolLM2-135M-Instruct and Qwen2.5-Coder-0.5B-Instruct were asked about every
function beside the hand-made facts, greedily: for a docstring, with the prompt ProCoder uses, and
in chat, "Explain what this function does.", with at most 110 tokens. Unfinished sentences were left
out, and of the rest a sample was drawn. The functions were first divided at random: those of
`develop.toml` may be looked at while the checker is written, those of `frozen.toml` may not.

How they were labelled: against the code as it is, not as it was meant, so that praise of a function
with a mistake in it is false. A sentence whose "it" needs the sentence before is true when the code
has such a branch. What is right about Python but says nothing about the code is vague.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from procoder_tutor.check import Checker
from procoder_tutor.evaluation.subjects import FUNCTIONS
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.symbols import Document, Snapshot
from procoder_tutor.vocabulary import Vocabulary

Label = Literal["true", "false", "vague"]
SENTENCES = Path(__file__).parents[2] / "quality" / "sentences"
CHECKABLE = (
    "name", "arity", "type", "return", "raise", "mutation", "call", "recursion", "loop", "number",
    "concept",
)  # fmt: skip
"""Kinds of falsehood that facts can contradict."""
CATEGORIES = (*CHECKABLE, "relation", "purpose", "other")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One sentence that a model wrote about one function, and what a human says of it."""

    function: str
    """File and qualified name, e.g. `trees.py:insert`."""
    model: str
    asked: Literal["docstring", "chat"]
    """Whether it was written into the docstring slot or as an answer to a question."""
    sentence: str
    label: Label
    """`vague` is neither true nor false, or is not about the code."""
    category: str = ""
    """Of a false sentence the kind of its worst mistake, one of CATEGORIES."""
    why: str = ""
    """Of a false sentence what is really so."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled sentence and whether it would be shown."""

    labelled: Labelled
    shown: bool


def labelled(path: Path) -> list[Labelled]:
    """Read a file of labelled sentences."""
    entries: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["sentence"]
    return [Labelled(**entry) for entry in entries]


def judge(one: Labelled, *, strict: bool = False) -> Judged:
    """Let the checker read the sentence alone, against the facts of its function.

    A strict checker may cut a sentence short: then it counts as not shown.
    """
    file, _, name = one.function.partition(":")
    document = _document(file)
    symbol = document.by_name(name)
    facts = instant_facts(document, symbol)
    checker = Checker(facts, Vocabulary.of(document, symbol, facts), strict=strict)
    kept = [*checker.feed(one.sentence), *checker.finish(cut=False)]
    whole = not strict or (kept and len(kept[0]) >= len(one.sentence))
    return Judged(one, shown=bool(kept) and bool(whole))


@cache
def _document(file: str) -> Document:
    return Document.parse(Snapshot((FUNCTIONS / file).read_text(encoding="utf-8")))


def share_caught(judged: Iterable[Judged], categories: Sequence[str] = CATEGORIES) -> float:
    """Return the share of false sentences of these categories that are not shown."""
    false = [j for j in judged if j.labelled.label == "false" and j.labelled.category in categories]
    return sum(not j.shown for j in false) / len(false) if false else 1.0


def share_lost(judged: Iterable[Judged]) -> float:
    """Return the share of true sentences that are not shown."""
    true = [j for j in judged if j.labelled.label == "true"]
    return sum(not j.shown for j in true) / len(true) if true else 0.0


def share_false_shown(judged: Iterable[Judged]) -> float:
    """Return the share of the shown sentences that are false."""
    shown = [j.labelled.label for j in judged if j.shown]
    return shown.count("false") / len(shown) if shown else 0.0


def report(judged: Sequence[Judged]) -> str:
    """Write how many sentences of each label, category and model are dropped, and the shares."""
    all_of: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    for one in judged:
        for row in _rows(one.labelled):
            all_of[row] += 1
            dropped[row] += not one.shown
    lines = [f"{row:34} {dropped[row]:4} of {all_of[row]:4} dropped" for row in sorted(all_of)]
    checkable = share_caught(judged, CHECKABLE)
    lines += [
        f"false caught: {share_caught(judged):.3f}, of the checkable {checkable:.3f}",
        f"true lost: {share_lost(judged):.3f}",
        f"false among the shown: {share_false_shown(judged):.3f}",
    ]
    return "\n".join(lines)


def _rows(one: Labelled) -> list[str]:
    rows = [one.label, f"{one.label}, {one.model}", f"{one.label}, {one.asked}"]
    return [*rows, f"false, {one.category}"] if one.label == "false" else rows
