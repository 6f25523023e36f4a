"""How the edits of a repair are made: parts of lines, whole lines, and statements."""

import ast

from procoder_tutor.edits.model import TextEdit
from procoder_tutor.positions import Position, SourceText
from procoder_tutor.symbols import Document
from procoder_tutor.syntax import child_blocks


def within_line(source: SourceText, line: int, start: int, end: int, text: str) -> TextEdit:
    """Replace columns of one line of `source`, which counts no byte order mark."""
    return TextEdit(source.place(line, start), source.place(line, end), text)


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
