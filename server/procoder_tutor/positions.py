"""Positions: from what Python's parser reports back to the text as its author wrote it.

Python and LSP end lines at `\n`, `\r\n` and `\r` only; `str.splitlines` also ends them at form
feeds, U+0085, U+2028 and more, so it is not used here. `ast` counts columns in UTF-8 bytes; all
columns of this package are 0-based code points of the original text, all lines 1-based.
"""

import ast
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

BOM = "\ufeff"
REPLACEMENT = "\ufffd"
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n?|\n")


class Position(NamedTuple):
    """A place in the original text."""

    line: int
    column: int


class Span(NamedTuple):
    """A stretch of the original text; its end is exclusive."""

    start: Position
    end: Position


def split_lines(text: str) -> list[str]:
    """Split at the line ends Python knows, without keeping them; never returns an empty list."""
    return _LINE_END.split(text)


class SourceText:
    """A text made fit for the parser without moving anything but a byte order mark.

    `text` has `\n` for every line end, U+FFFD for every lone surrogate (three UTF-8 bytes, like
    the surrogate would have) and for every NUL, and no byte order mark.
    """

    def __init__(self, original: str) -> None:
        self.original = original
        self._shift = len(BOM) if original.startswith(BOM) else 0
        clean = LONE_SURROGATE.sub(REPLACEMENT, original[self._shift :])
        self.lines = split_lines(clean.replace("\0", REPLACEMENT))
        self.text = "\n".join(self.lines)
        self._bytes: dict[int, array[int]] = {}

    @property
    def line_count(self) -> int:
        """Number of lines; an empty text has one."""
        return len(self.lines)

    def position(self, line: int, byte_column: int) -> Position:
        """Translate a place reported by `ast`; places outside the text are clamped to it."""
        line = min(max(line, 1), self.line_count)
        return self.place(line, self._code_points(line, byte_column))

    def place(self, line: int, column: int) -> Position:
        """Translate a place in `text`, columns in code points; clamped to the text."""
        line = min(max(line, 1), self.line_count)
        column = min(max(column, 0), len(self.lines[line - 1]))
        return Position(line, column + self._shift_of(line))

    def column_in_text(self, line: int, column: int) -> int:
        """Translate a column of the original text into one of `text`."""
        return max(column - self._shift_of(line), 0)

    def span(self, node: ast.AST) -> Span:
        """Where a node that has a position lies in the original text."""
        start = self.position(getattr(node, "lineno", 1), getattr(node, "col_offset", 0))
        end_line = getattr(node, "end_lineno", None) or start.line
        end_column = getattr(node, "end_col_offset", None) or 0
        return Span(start, self.position(end_line, end_column))

    def slice(self, node: ast.AST) -> str:
        """Source text of a node that has a position, line ends as `\n`."""
        first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", None) or 0
        if not 1 <= first <= last <= self.line_count:
            return ""
        start = self._code_points(first, getattr(node, "col_offset", 0))
        end = self._code_points(last, getattr(node, "end_col_offset", 0))
        if first == last:
            return self.lines[first - 1][start:end]
        middle = self.lines[first : last - 1]
        return "\n".join([self.lines[first - 1][start:], *middle, self.lines[last - 1][:end]])

    def _shift_of(self, line: int) -> int:
        return self._shift if line == 1 else 0

    def _code_points(self, line: int, byte_column: int) -> int:
        text = self.lines[line - 1]
        if text.isascii():
            return min(max(byte_column, 0), len(text))
        if line not in self._bytes:
            self._bytes[line] = array("L", accumulate(_widths(text), initial=0))
        return min(bisect_left(self._bytes[line], max(byte_column, 0)), len(text))


def _widths(text: str) -> Iterable[int]:
    return (1 if c < "\x80" else 2 if c < "\u0800" else 3 if c < "\U00010000" else 4 for c in text)
