"""From selected lines to the statements that they cover."""

import ast

from procoder_tutor.positions import SourceText
from procoder_tutor.syntax import Definition, child_blocks


def covered(body: list[ast.stmt], source: SourceText, first: int, last: int) -> list[ast.stmt]:
    """Return the statements of the innermost block that the lines touch, each as a whole.

    Blank lines and comments around them do not count; empty when the lines hold no code.
    """
    code = _code_lines(source, first, last)
    first, last = (code[0], code[-1]) if code else (first, last)
    while True:
        chosen = [s for s in body if first_line(s) <= last and first <= last_line(s)]
        inner = _block_around(chosen[0], source, first, last) if len(chosen) == 1 else None
        if inner is None:
            break
        body = inner
    only_comments = not code and any(any(child_blocks(statement)) for statement in chosen)
    return [] if only_comments else chosen


def first_line(statement: ast.stmt) -> int:
    """Line where a statement begins, its decorators included."""
    decorators = statement.decorator_list if isinstance(statement, Definition) else []
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def last_line(statement: ast.stmt) -> int:
    """Line where a statement ends."""
    return statement.end_lineno or statement.lineno


def _code_lines(source: SourceText, first: int, last: int) -> list[int]:
    """Lines that are neither blank nor a comment, unless they lie inside of a text."""
    return [
        number
        for number in range(first, last + 1)
        if (text := source.lines[number - 1].strip()) and not text.startswith("#")
    ]


def _block_around(
    statement: ast.stmt, source: SourceText, first: int, last: int
) -> list[ast.stmt] | None:
    """Return the block of a compound statement that holds all the lines."""
    for block in child_blocks(statement):
        start = first_line(block[0])
        before = source.lines[start - 1][: block[0].col_offset]
        begins_line = not before.strip() or isinstance(block[0], Definition)
        if begins_line and start <= first and last <= last_line(block[-1]):
            return block
    return None
