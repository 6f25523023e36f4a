"""What a learner is stuck at, so that hints can be given about it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from procoder_tutor.edits.kept import problem_of
from procoder_tutor.facts.model import Facts, Trap
from procoder_tutor.findings import Finding
from procoder_tutor.hints.topics import Topic, topic_of
from procoder_tutor.symbols import Document, Symbol


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem at one place."""

    key: str
    """Stays the same while its own lines do, whatever is edited elsewhere."""
    topic: Topic
    first: int
    """First line it is about, 1-based; 0 where it has no place in the code."""
    last: int
    name: str = ""
    """Name from the code that it is about."""
    symbol: str = ""
    """Qualified name of the definition around it; empty at the module's top."""


def finding_problem(document: Document, finding: Finding) -> Problem:
    """Make a problem of what the linter found."""
    _, names = problem_of(finding)
    topic = topic_of(finding.rule, finding.message)
    place = _Place(finding.line, finding.end_line, _symbol_around(document, finding.line))
    return _problem(document, topic, finding.rule, place, names)


def trap_problem(document: Document, facts: Facts, trap: Trap) -> Problem:
    """Make a problem of a trap among a symbol's facts."""
    names = trap.message.split("`")[1::2]
    place = _Place(trap.line, trap.line, "" if facts.kind == "module" else facts.name)
    return _problem(document, topic_of(trap.kind), trap.kind, place, names)


def expectation_problem(
    document: Document, symbol: Symbol, facts: Facts, expectation: str
) -> Problem:
    """Make a problem of a result that is not what the learner expected, in their words.

    Where the facts know a trap in that code, the hints are about the trap.
    """
    if facts.traps:
        return trap_problem(document, facts, facts.traps[0])
    loops = [step for step in facts.steps if step.depth == 0 and step.end_line > step.line]
    first, last = symbol.line, symbol.end_line
    if loops:
        first, last = loops[0].line, loops[0].end_line
    place = _Place(first, last, "" if symbol.kind == "module" else symbol.name)
    told = " ".join(expectation.split())
    return _problem(document, topic_of("expectation"), f"expectation {told}", place, ())


def exercise_problem(exercise: str, lesson: str) -> Problem:
    """Make a problem of an exercise, by its stable id, that belongs to a lesson."""
    topic = topic_of("exercise")
    return Problem(_key("exercise", exercise), replace(topic, lesson=lesson), 0, 0)


@dataclass(frozen=True, slots=True)
class _Place:
    """Lines, 1-based, inclusive, and the definition around them."""

    first: int
    last: int
    symbol: str


def _problem(
    document: Document, topic: Topic, rule: str, place: _Place, names: Sequence[str]
) -> Problem:
    count = document.source.line_count
    first = min(max(place.first, 1), count)
    last = min(max(place.last, first), count)
    snippet = " ".join(" ".join(document.source.lines[first - 1 : last]).split())
    name = next((n for n in names if n and not n.isdigit()), "")
    key = _key(document.snapshot.uri, rule, place.symbol, snippet)
    return Problem(key, topic, first, last, name, place.symbol)


def _symbol_around(document: Document, line: int) -> str:
    symbol = document.enclosing(line)
    return "" if symbol.kind == "module" else symbol.name


def _key(*parts: str) -> str:
    data = json.dumps(parts).encode()
    return hashlib.sha256(data).hexdigest()[:32]
