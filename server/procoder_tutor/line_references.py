"""References from an answer to lines of the code it is about, which stay right when code moves.

A kept answer does not hold line numbers: it holds marks that count the statements of the symbol.
Comments, blank lines and formatting, above the symbol or in it, change lines but not that count;
what changes the count also changes the cache key. A mark is written between two characters that
`sanitize.clean` removes from all other text, so no model can write one.
"""

import ast
import re
from bisect import bisect_left, bisect_right

from procoder_tutor.sanitize import sanitize
from procoder_tutor.symbols import Symbol
from procoder_tutor.syntax import Definition, Function, child_blocks

_OPEN, _CLOSE = "\ufff9", "\ufffb"
"""Interlinear annotation anchor and terminator."""
_DIGITS = r"(\d{1,7})-(\d{1,7})"
_MARK = re.compile(f"{_OPEN}{_DIGITS}{_CLOSE}")
_VISIBLE_MARK = re.compile(f"⟦{_DIGITS}⟧")


class LineReferences:
    """The lines of one symbol as they are now, by statement."""

    def __init__(self, symbol: Symbol) -> None:
        spans = [(symbol.line, _header_end(symbol)), *_spans(symbol)]
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]

    def mark(self, first: int, last: int) -> str:
        """Return the mark for the statements that begin in lines `first` to `last` (1-based).

        A line inside a statement stands for it, and lines before the first one for the header.
        """
        start = bisect_left(self._starts, first)
        if start == len(self._starts) or self._starts[start] != first:
            start = max(start - 1, 0)
        end = max(bisect_right(self._starts, last) - 1, start)
        return f"{_OPEN}{start}-{end}{_CLOSE}"

    def show(self, markdown: str) -> str:
        """Replace every mark by the lines it means now, e.g. `line 12` or `lines 12-15`."""
        return _MARK.sub(self._lines, markdown)

    def _lines(self, mark: re.Match[str]) -> str:
        last_index = len(self._starts) - 1
        first = self._starts[min(int(mark[1]), last_index)]
        last = self._ends[min(int(mark[2]), last_index)]
        return f"line {first}" if last <= first else f"lines {first}-{last}"


def sanitize_again(markdown: str) -> str:
    """Sanitize an answer that comes from where others can write; its marks survive."""
    visible = sanitize(_MARK.sub(r"⟦\1-\2⟧", markdown))
    return _VISIBLE_MARK.sub(rf"{_OPEN}\1-\2{_CLOSE}", visible)


def _spans(symbol: Symbol) -> list[tuple[int, int]]:
    """Return first and last line of the statements that the symbol's excerpt shows, in order.

    Of a compound statement the lines of its header: the rest are statements of their own. An
    excerpt leaves docstrings out, writes `pass` for what is then empty, and shows a module
    without the bodies of its functions.
    """
    waiting, found = _shown(symbol.node, symbol), []
    while waiting:
        statement = waiting.pop()
        found.append(statement)
        waiting += _shown(statement, symbol)
    found.sort(key=lambda statement: (statement.lineno, statement.col_offset))
    return [(_first_line(statement), _own_end(statement)) for statement in found]


def _shown(node: ast.AST, symbol: Symbol) -> list[ast.stmt]:
    """Return the statements directly below `node` that count."""
    if symbol.kind == "module" and isinstance(node, Function):
        return []
    below = [child for block in child_blocks(node) for child in block]
    if (
        isinstance(node, Definition | ast.Module)
        and ast.get_docstring(node, clean=False) is not None
    ):
        below = below[1:]
    return [statement for statement in below if not isinstance(statement, ast.Pass)]


def _first_line(statement: ast.stmt) -> int:
    decorators = statement.decorator_list if isinstance(statement, Definition) else []
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _own_end(statement: ast.stmt) -> int:
    """Return the last line of a simple statement, or of the header of a compound one."""
    if next(child_blocks(statement), None) is None:
        return statement.end_lineno or statement.lineno
    parts: list[ast.AST] = []
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.arguments | ast.withitem):
            parts += ast.iter_child_nodes(child)
        elif not isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            parts.append(child)
    return max([statement.lineno, *(getattr(part, "end_lineno", 0) for part in parts)])


def _header_end(symbol: Symbol) -> int:
    return _own_end(symbol.node) if isinstance(symbol.node, ast.stmt) else symbol.line
