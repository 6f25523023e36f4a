"""Edits of a document: values at positions of the original text, and how they are made."""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from procoder_tutor.positions import Position, SourceText
from procoder_tutor.symbols import Document
from procoder_tutor.syntax import child_blocks

_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True, order=True)
class TextEdit:
    """Replace what is between two places of the original text."""

    start: Position
    end: Position
    """Exclusive."""
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A repair: what it does, for a menu, and its edits, in order and apart from each other."""

    title: str
    edits: tuple[TextEdit, ...]


def apply_edits(text: str, edits: Sequence[TextEdit]) -> str:
    """Return an original text with edits made.

    Raises ValueError when edits overlap or lie outside of the text.
    """
    starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
    parts: list[str] = []
    done = 0
    for edit in sorted(edits):
        start, end = _offset(starts, edit.start, text), _offset(starts, edit.end, text)
        if not done <= start <= end:
            raise ValueError(f"an edit at {edit.start} overlaps another or ends before it begins")
        parts += [text[done:start], edit.text]
        done = end
    return "".join([*parts, text[done:]])


def within_line(source: SourceText, line: int, start: int, end: int, text: str) -> TextEdit:
    """Replace columns of one line of `source`, which counts no byte order mark."""
    return TextEdit(source.place(line, start), source.place(line, end), text)


def newline_of(document: Document) -> str:
    """Return the line end that a document uses first."""
    match = _LINE_END.search(document.snapshot.text)
    return match[0] if match else "\n"


def remove_statement(document: Document, statement: ast.stmt) -> tuple[TextEdit, ...] | None:
    """Remove a statement with its comment; where its block would be empty, `pass` takes its place.

    Returns None for a statement that is not of this document.
    """
    block = _block_of(document, statement)
    if block is None:
        return None
    source = document.source
    start, end = source.span(statement)
    index = block.index(statement)
    if len(block) == 1 and block is not document.syntax.body:
        return (TextEdit(start, end, "pass"),)
    if index + 1 < len(block) and block[index + 1].lineno == end.line:
        return (TextEdit(start, source.span(block[index + 1]).start, ""),)
    if index > 0 and block[index - 1].end_lineno == start.line:
        return (TextEdit(source.span(block[index - 1]).end, end, ""),)
    return (remove_lines(source, start.line, end.line),)


def remove_lines(source: SourceText, first: int, last: int) -> TextEdit:
    """Remove whole lines; both are 1-based, and the last is included."""
    if last < source.line_count:
        return TextEdit(source.place(first, 0), Position(last + 1, 0), "")
    end = source.place(last, len(source.lines[last - 1]))
    if first == 1:
        return TextEdit(source.place(1, 0), end, "")
    return TextEdit(source.place(first - 1, len(source.lines[first - 2])), end, "")


def _block_of(document: Document, statement: ast.stmt) -> list[ast.stmt] | None:
    waiting: list[list[ast.stmt]] = [document.syntax.body]
    while waiting:
        block = waiting.pop()
        if any(other is statement for other in block):
            return block
        waiting += [inner for other in block for inner in child_blocks(other)]
    return None


def _offset(starts: list[int], place: Position, text: str) -> int:
    if not 1 <= place.line <= len(starts) or place.column < 0:
        raise ValueError(f"{place} is outside of the text")
    offset = starts[place.line - 1] + place.column
    stop = starts[place.line] if place.line < len(starts) else len(text) + 1
    if offset >= stop:
        raise ValueError(f"{place} is outside of the text")
    return offset
