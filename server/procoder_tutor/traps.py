"""Traps of a whole document, in the shape of the linter's findings."""

from collections.abc import Iterator, Sequence

from procoder_tutor.facts.model import Trap
from procoder_tutor.facts.scope import Scope
from procoder_tutor.facts.traps import traps
from procoder_tutor.findings import Finding
from procoder_tutor.markdown import plain_text
from procoder_tutor.symbols import Document

_SAME = {"is-literal": "IsLiteral"}
"""Kinds of traps that the linter reports as well, by the rule it has for them."""


def trap_findings(document: Document, findings: Sequence[Finding] = ()) -> tuple[Finding, ...]:
    """List the traps in the order of the text, without those that are among `findings`.

    A trap's kind is its code and its rule; it covers its line. A text that does not parse has
    none: what was lost of it might be what makes the rest right.
    """
    if document.tree is None:
        return ()
    known = {(finding.line, finding.rule) for finding in findings}
    unique = {
        (trap.line, trap.kind): trap
        for trap in _all(document)
        if (trap.line, _SAME.get(trap.kind)) not in known
    }
    return tuple(_finding(document, unique[key]) for key in sorted(unique))


def _all(document: Document) -> Iterator[Trap]:
    for symbol in (document.module, *document.symbols):
        yield from traps(Scope(document, symbol))


def _finding(document: Document, trap: Trap) -> Finding:
    text = document.source.lines[trap.line - 1]
    start = document.source.place(trap.line, len(text) - len(text.lstrip()))
    end = document.source.place(trap.line, len(text.rstrip()))
    return Finding(trap.kind, trap.kind, plain_text(trap.message), "hint", *start, *end)
