"""From what was typed to what is asked: the kind of question, its subject and its words."""

from collections.abc import Sequence
from dataclasses import dataclass

from procoder_server.chat_input import About, ChatInput, Slash
from procoder_server.subjects import Cursor, find_subject
from procoder_tutor.errors import InputError
from procoder_tutor.findings import Finding
from procoder_tutor.questions import Kind
from procoder_tutor.symbols import Document, Symbol

_KINDS = {
    Slash.EXPLAIN: Kind.EXPLAIN,
    Slash.PARTS: Kind.BLOCKS,
    Slash.FIX: Kind.FIX,
    Slash.DOC: Kind.DOCUMENT,
    Slash.TESTS: Kind.TESTS,
    Slash.SIMPLIFY: Kind.SIMPLIFY,
}
_MOST_REPORTED = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What the tutor is to be asked."""

    kind: Kind
    symbol: Symbol
    text: str = ""
    report: str = ""
    """The part of the text that is ours: what the linter reports."""
    finding: Finding | None = None
    findings: tuple[Finding, ...] = ()
    """All that lie in the subject, errors first."""
    notes: tuple[str, ...] = ()
    """Sentences about what of the text was not used."""


def to_asked(
    document: Document, findings: Sequence[Finding], said: ChatInput, cursor: Cursor | None
) -> Asked:
    """Decide what a text asks; raises InputError where it asks nothing that can be answered."""
    kind = _kind(said)
    subject = find_subject(document, said.mentions, cursor)
    symbol, notes = subject.symbol, list(subject.notes)
    inside = findings_in(symbol, findings)
    reported = About.DIAGNOSTICS in {mention.about for mention in said.mentions}
    if kind is Kind.CHAT:
        report = _report(inside) if reported and inside else ""
        text = f"{said.words}\n{report}" if report else said.words
        if reported and not inside:
            notes.append(f"The linter finds nothing in {_name(symbol)}.")
        return Asked(kind, symbol, text, report, findings=inside, notes=tuple(notes))
    if said.words:
        notes.append(f"`/{said.slash}` takes no further words, so they were left out.")
    if kind not in {Kind.ERROR, Kind.FIX}:
        return Asked(kind, symbol, findings=inside, notes=tuple(notes))
    if not inside:
        raise InputError(f"The linter finds nothing in {_name(symbol)}", "Go to a marked line.")
    finding = nearest_finding(inside, cursor)
    if len(inside) > 1:
        notes.append(f"This is about line {finding.line}; {_others(inside, finding)}.")
    symbol = document.enclosing(finding.line)
    return Asked(kind, symbol, finding=finding, findings=inside, notes=tuple(notes))


def findings_in(symbol: Symbol, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings that lie in some code, errors first."""
    inside = [
        finding
        for finding in findings
        if symbol.kind == "module" or symbol.line <= finding.line <= symbol.end_line
    ]
    return tuple(sorted(inside, key=lambda finding: (finding.severity != "error", finding.line)))


def nearest_finding(findings: Sequence[Finding], cursor: Cursor | None) -> Finding:
    """Return the finding at the cursor's line if there is one, else the first."""
    at_cursor = [f for f in findings if cursor and f.line <= cursor.line <= f.end_line]
    return (at_cursor or list(findings))[0]


def _kind(said: ChatInput) -> Kind:
    about = {mention.about for mention in said.mentions}
    if said.slash in {None, Slash.EXPLAIN}:
        if said.words:
            return Kind.CHAT
        if About.DIAGNOSTICS in about:
            return Kind.ERROR
        if said.slash is None and not about:
            raise InputError("There is no question", "Type one, or a command such as `/explain`.")
        return Kind.EXPLAIN
    return _KINDS[said.slash]


def _report(findings: Sequence[Finding]) -> str:
    lines = [f"line {f.line}: {f.code} {f.message}" for f in findings[:_MOST_REPORTED]]
    return "The linter reports: " + "; ".join(lines)


def _others(findings: Sequence[Finding], finding: Finding) -> str:
    lines = sorted({other.line for other in findings if other is not finding})
    listed = ", ".join(map(str, lines[:_MOST_REPORTED]))
    more = " and others" if len(lines) > _MOST_REPORTED else ""
    plural = "s" if len(lines) > 1 or more else ""
    return f"the linter also marks line{plural} {listed}{more}"


def _name(symbol: Symbol) -> str:
    return "this file" if symbol.kind == "module" else f"`{symbol.name}`"
