"""Claims that the code has some construct of the language, and that its loops do their work."""

import re
from collections.abc import Iterator
from functools import lru_cache

from procoder_tutor.checking.licences import table_lines
from procoder_tutor.checking.reading.code import Code
from procoder_tutor.checking.said import Claim, Said

_EVERY_ROUND = re.compile(r"\b(?:occurrence|all|every)\b")
_ALL = re.compile(r"\b(?:all|every|each|any)\b")


def construct_claims(said: Said, code: Code) -> Iterator[Claim]:
    """Find constructs that are named; a denied one is not held against anything."""
    yield from _flawed(said, code)
    if said.negated:
        return
    for wording, labels, missing in _constructs():
        if wording.search(said.plain):
            yield Claim("construct", "" if labels & code.traits else f"the code has no {missing}")


def _flawed(said: Said, code: Code) -> Iterator[Claim]:
    """A loop that cannot do what it seems to do makes the obvious sentence false."""
    if "first-round-only" in code.traits and _EVERY_ROUND.search(said.plain):
        yield Claim("construct", "its loop ends in the first round")
    if "changed-while-iterating" in code.traits and _ALL.search(said.plain):
        yield Claim("construct", "it changes the list while going through it")


@lru_cache(maxsize=1)
def _constructs() -> tuple[tuple["re.Pattern[str]", frozenset[str], str], ...]:
    """Read data/constructs.txt: wording, labels of which one must be there, what is missing."""
    rows = (line.split(" : ") for line in table_lines("constructs.txt"))
    return tuple(
        (re.compile(rf"\b(?:{wording})\b"), frozenset(labels.split()), missing)
        for wording, labels, missing in rows
    )
