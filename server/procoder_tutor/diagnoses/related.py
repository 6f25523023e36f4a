"""Other places of the code that a finding is about: where a name was bound before, or is now."""

from dataclasses import dataclass
from typing import Final

from procoder_tutor.diagnoses.circumstances import circumstances
from procoder_tutor.diagnoses.surroundings import scopes_around
from procoder_tutor.findings import Finding
from procoder_tutor.symbols import Document

_BOUND_BEFORE: Final = {
    "ImportShadowedByLoopVar": "`{name}` is imported here",
    "RedefinedWhileUnused": "`{name}` is first defined here",
    "UndefinedLocal": "`{name}` gets its other value here",
}
"""Rules whose second argument is the line that bound the name before."""
_ORIGINS: Final = {
    "later": "`{name}` gets its value here, further down",
    "elsewhere": "`{name}` is set here, inside of `{function}`",
    "member": "`{owner}` has its `{name}` from here",
}
"""Variants of an undefined name that know where the name is set."""


@dataclass(frozen=True, slots=True)
class RelatedPlace:
    """One line and, in plain text, what it has to do with the finding."""

    line: int
    message: str


def related_place(document: Document, finding: Finding) -> RelatedPlace | None:
    """Return the place that explains a finding of a document that parses; None for none."""
    if document.tree is None or not finding.arguments:
        return None
    name = finding.arguments[0]
    if finding.rule in _BOUND_BEFORE:
        line = _line(document, finding.arguments[1:2])
        return RelatedPlace(line, _BOUND_BEFORE[finding.rule].format(name=name)) if line else None
    if finding.rule == "UndefinedName":
        return _of_undefined(document, finding, name)
    return None


def _of_undefined(document: Document, finding: Finding, name: str) -> RelatedPlace | None:
    found = circumstances(document, finding)
    if found.variant in _ORIGINS:
        line = _line(document, (found.values["origin"],))
        message = _ORIGINS[found.variant].format(name=name, **found.values)
        return RelatedPlace(line, message) if line else None
    if found.variant == "typo":
        near = found.values["near"]
        line = _bound(document, near, finding.line)
        return RelatedPlace(line, f"`{near}` is spelt almost the same") if line else None
    return None


def _bound(document: Document, name: str, line: int) -> int | None:
    """Return the line that first binds a visible name; None for a builtin."""
    around = [symbol.node for symbol in scopes_around(document, line)]
    for scope in [*reversed(around), document.syntax]:
        for node in document.bindings.of(scope).get(name, []):
            return int(getattr(node, "lineno", 0)) or None
    return None


def _line(document: Document, arguments: tuple[str, ...]) -> int | None:
    """Read a line of the document; None for no number, or one that is not in it."""
    for text in arguments:
        if text.isdecimal() and 1 <= int(text) <= document.source.line_count:
            return int(text)
    return None
