"""The original text as lines: what it looks like, and edits that keep it looking so."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

from procoder_tutor.edits.model import TextEdit
from procoder_tutor.positions import BOM, Position, split_lines
from procoder_tutor.symbols import Document

DEFAULT_INDENT = "    "
_LINE_END = re.compile(r"\r\n?|\n")
_LEADING = re.compile(r"[ \t\f]*")


def apply_edits(text: str, edits: Iterable[TextEdit]) -> str:
    """Return the text after the edits.

    Raises ValueError when two of them overlap or one lies outside of the text.
    """
    starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
    pieces: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        begin, end = (_offset(starts, place, text) for place in (edit.start, edit.end))
        if not at <= begin <= end:
            raise ValueError(f"an edit at {edit.start} overlaps another or ends before it begins")
        pieces += [text[at:begin], edit.new_text]
        at = end
    return "".join([*pieces, text[at:]])


def _offset(starts: Sequence[int], place: Position, text: str) -> int:
    if 1 <= place.line <= len(starts) and place.column >= 0:
        offset = starts[place.line - 1] + place.column
        if offset < (starts[place.line] if place.line < len(starts) else len(text) + 1):
            return offset
    raise ValueError(f"{place} is outside of the text")


def leading(line: str) -> str:
    """White space that a line begins with."""
    match = _LEADING.match(line)
    return match[0] if match else ""


def below_comments(lines: Sequence[str]) -> int:
    """Number, 1-based, of the line after the comments that a file begins with."""
    line = 1
    while line <= len(lines) and lines[line - 1].lstrip().startswith("#"):
        line += 1
    return line


class OriginalLines:
    """The lines of a text, without line ends and byte order mark."""

    def __init__(self, text: str) -> None:
        self._shift = len(BOM) if text.startswith(BOM) else 0
        self._text = text
        self.lines = split_lines(text[self._shift :])

    @cached_property
    def line_end(self) -> str:
        """The line end that most lines have."""
        ends = Counter(_LINE_END.findall(self._text))
        return ends.most_common(1)[0][0] if ends else "\n"

    def place(self, line: int, column: int) -> Position:
        """Position of a place whose column does not count the byte order mark."""
        return Position(line, column + (self._shift if line == 1 else 0))

    def replace(self, first: int, stop: int, new: Sequence[str]) -> TextEdit:
        """Replace the lines `[first, stop)`, 1-based; equal numbers insert before `first`."""
        count = len(self.lines)
        if stop <= count:
            text = "".join(line + self.line_end for line in new)
            return TextEdit(self.place(first, 0), self.place(stop, 0), text)
        end = self.place(count, len(self.lines[-1]))
        text = self.line_end.join(new)
        if first <= count and (new or first == 1):
            return TextEdit(self.place(first, 0), end, text)
        start = self.place(first - 1, len(self.lines[first - 2]))
        return TextEdit(start, end, self.line_end + text if new else "")


def indent_unit(document: Document) -> str:
    """What one level is indented by, as the first block of the document shows it."""
    lines = document.source.lines
    for node in ast.walk(document.syntax):
        body, line = getattr(node, "body", None), getattr(node, "lineno", None)
        if line is None or not isinstance(body, list) or not body or body[0].lineno == line:
            continue
        outer, inner = leading(lines[line - 1]), leading(lines[body[0].lineno - 1])
        if inner.startswith(outer) and len(inner) > len(outer):
            return inner[len(outer) :]
    return DEFAULT_INDENT
