"""What is offered at a place of a document: decided from the code alone, without a model."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lsprotocol import types

from procoder_server.action_kinds import ActionKind
from procoder_server.ask_command import ASK
from procoder_server.commands import EXPLAIN
from procoder_server.edit_requests import DOCUMENT, FIX, SIMPLIFY, TESTS, EditRequest
from procoder_server.finding_keys import key_of
from procoder_server.problem_commands import EXPLAIN_ERROR, HINT
from procoder_tutor.edits.model import ProposedEdit
from procoder_tutor.edits.trees import docstring_node
from procoder_tutor.findings import Finding
from procoder_tutor.symbols import Document, Symbol
from procoder_tutor.syntax import Function

_LONGEST_TITLE = 80
_NOT_FOR_MODELS = frozenset({"TooDeep"})
"""Rules whose findings no edit can mend."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem at the place, as the linter found it or another one reports it."""

    finding: Finding | None
    """None for what only another linter reports."""
    diagnostic: types.Diagnostic | None
    """As the client shows it, where it told."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document something may be offered."""

    document: Document
    symbol: Symbol
    line: int
    """Of the cursor or the begin of the selection; 1-based."""
    problems: tuple[Problem, ...] = ()
    version: int | None = None
    selected: Symbol | None = None
    """Whole statements that are selected: they are explained; edits are about the symbol."""

    @property
    def uri(self) -> str:
        """The document's."""
        return self.document.snapshot.uri


@dataclass(frozen=True, slots=True)
class Offer:
    """One entry of the menu: what is to happen is an edit, or a command that shows text."""

    title: str
    kind: ActionKind
    command: str = ""
    argument: Mapping[str, Any] = field(default_factory=dict)
    request: EditRequest | None = None
    """The edit that is to be written, when it is chosen."""
    fix: ProposedEdit | None = None
    """The edit itself, where it is known already."""
    diagnostic: types.Diagnostic | None = None


def offers_at(place: Place, fixes: Mapping[Finding, ProposedEdit | None]) -> list[Offer]:
    """List what can be done, what is certain first.

    `fixes` are the known ones, None where none is known; findings that are not in it have not been
    looked at yet.
    """
    return [
        *(offer for problem in place.problems for offer in _fixes(place, problem, fixes)),
        *(_explain_problem(place, problem) for problem in place.problems),
        _explain(place),
        *_hint(place),
        *_edits(place),
        _ask(place),
    ]


def _fixes(
    place: Place, problem: Problem, fixes: Mapping[Finding, ProposedEdit | None]
) -> Iterator[Offer]:
    finding = problem.finding
    if finding is None or finding.severity == "hint" or finding.rule in _NOT_FOR_MODELS:
        return
    fix = fixes.get(finding)
    title = fix.title if fix is not None else f"Write a fix with the model: {finding.message}"
    if finding not in fixes:
        title = f"Fix: {finding.message}"
    key = key_of(finding)
    request = EditRequest(FIX, place.uri, line=finding.line - 1, finding=key, version=place.version)
    yield Offer(
        _short(title), ActionKind.FIX, request=request, fix=fix, diagnostic=problem.diagnostic
    )


def _explain_problem(place: Place, problem: Problem) -> Offer:
    finding, reported = problem.finding, problem.diagnostic
    argument: dict[str, Any] = {"uri": place.uri, "show": True}
    if finding is not None:
        message = finding.message
        argument |= {"line": finding.line - 1, "finding": key_of(finding)}
    else:
        message = reported.message if reported else ""
        argument |= {"line": place.line - 1, "message": message}
        if reported and reported.code is not None:
            argument["code"] = str(reported.code)
        if reported and reported.source:
            argument["source"] = reported.source
    return Offer(
        _short(f"Explain this problem: {message}"),
        ActionKind.EXPLAIN_PROBLEM,
        EXPLAIN_ERROR,
        argument,
        diagnostic=reported,
    )


def _explain(place: Place) -> Offer:
    symbol, about = _read(place)
    argument = {**about, "show": True}
    return Offer(f"Explain this: {symbol.name}", ActionKind.EXPLAIN, EXPLAIN, argument)


def _hint(place: Place) -> Iterator[Offer]:
    """Hints are about what is wrong in a line, so there are none elsewhere."""
    lines = [problem.finding.line for problem in place.problems if problem.finding is not None]
    if lines:
        argument = {"uri": place.uri, "line": lines[0] - 1, "show": True}
        yield Offer(f"Give me a hint for line {lines[0]}", ActionKind.HINT, HINT, argument)


def _edits(place: Place) -> Iterator[Offer]:
    """Edits of the symbol; the tutor refuses them in a document that does not parse."""
    document, symbol = place.document, place.symbol
    if document.tree is None:
        return
    verb = (
        "Add a docstring to" if docstring_node(symbol.node) is None else "Update the docstring of"
    )
    yield _edit(place, f"{verb} {symbol.name}", ActionKind.DOCUMENT, DOCUMENT)
    if isinstance(symbol.node, Function):
        yield _edit(place, f"Simplify {symbol.name}", ActionKind.SIMPLIFY, SIMPLIFY)
    if _testable(document, symbol):
        yield _edit(place, f"Write tests for {symbol.name}", ActionKind.TESTS, TESTS)


def _edit(place: Place, title: str, kind: ActionKind, command: str) -> Offer:
    request = EditRequest(command, **_about(place), version=place.version)
    return Offer(title, kind, request=request)


def _ask(place: Place) -> Offer:
    symbol, about = _read(place)
    return Offer(f"Ask about {symbol.name}", ActionKind.ASK, ASK, {**about, "show": True})


def _read(place: Place) -> tuple[Symbol, dict[str, Any]]:
    """Return the code that is explained or asked about, and the argument that names it."""
    selected = place.selected
    if selected is None or selected.kind != "range":
        return place.symbol, _about(place)
    start, end = ({"line": n, "character": 0} for n in (selected.line - 1, selected.end_line))
    return selected, {"uri": place.uri, "range": {"start": start, "end": end}}


def _about(place: Place) -> dict[str, Any]:
    symbol = place.symbol
    return {"uri": place.uri, "symbol": symbol.name, "line": symbol.line - 1}


def _testable(document: Document, symbol: Symbol) -> bool:
    """Tests need a file to import from, and do not test tests or what is inside a function."""
    path = document.snapshot.path
    if path is None or path.name.startswith("test_") or symbol.kind in {"module", "range"}:
        return False
    kinds = {other.name: other.kind for other in document.symbols}
    parts = symbol.name.split(".")
    return all(kinds.get(".".join(parts[:end])) == "class" for end in range(1, len(parts)))


def _short(title: str) -> str:
    line = " ".join(title.split())
    return line if len(line) <= _LONGEST_TITLE else line[: _LONGEST_TITLE - 1] + "…"
