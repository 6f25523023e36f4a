"""The line of a syntax error as patterns see it: with its caret, and without what is in quotes."""

import re
from dataclasses import dataclass

from procoder_tutor.diagnoses.catalogue import CARET
from procoder_tutor.findings import Finding
from procoder_tutor.symbols import Document

_LONGEST = 2_000
"""Longer lines were written by a program; patterns would take long on them, and say little."""
_LITERAL = re.compile(
    r"(?P<comment>#.*)"
    r"|(?P<quote>\"\"\"|'''|\"|')(?P<inside>(?:\\.|(?!(?P=quote)).)*)(?P<end>(?P=quote)|\\?$)"
)


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """One line of a document and the place in it where Python stopped reading."""

    text: str
    masked: str
    """`text` with `x` for what is in quotes and spaces for comments; of the same length."""
    column: int
    """Of the error in `text`; 0-based code points."""

    @classmethod
    def of(cls, document: Document, finding: Finding) -> "BrokenLine":
        """Return the line where a finding begins."""
        text = document.source.lines[finding.line - 1]
        column = document.source.column_in_text(finding.line, finding.column)
        return cls(text, masked(text), min(column, len(text)))

    @property
    def is_readable(self) -> bool:
        """Whether the line is short enough to be looked at closely."""
        return len(self.text) <= _LONGEST

    def search(self, pattern: str) -> dict[str, str] | None:
        """Return what the named groups of a pattern match in the real text; None for no match."""
        if not self.is_readable:
            return None
        if CARET not in pattern:
            match = re.search(pattern, self.masked)
            return match and self._groups(match, marked=False)
        marked = self.masked[: self.column] + CARET + self.masked[self.column :]
        match = re.search(pattern, marked)
        return match and self._groups(match, marked=True)

    def search_unmasked(self, pattern: str) -> bool:
        """Whether a pattern matches in the line as it is."""
        return self.is_readable and re.search(pattern, self.text) is not None

    def code_end(self) -> int:
        """Column after the last character of code: trailing space and comments are left out."""
        return len(self.masked.rstrip())

    def _groups(self, match: re.Match[str], *, marked: bool) -> dict[str, str]:
        shown = self.text[: self.column] + CARET + self.text[self.column :] if marked else self.text
        found = {name: match.span(name) for name, value in match.groupdict().items() if value}
        return {name: shown[start:end].replace(CARET, "") for name, (start, end) in found.items()}


def masked(text: str) -> str:
    """Replace what is in quotes by `x`, and comments by spaces."""
    return _LITERAL.sub(_mask, text)


def _mask(match: re.Match[str]) -> str:
    if match["comment"]:
        return " " * len(match["comment"])
    return match["quote"] + "x" * len(match["inside"]) + match["end"]
