"""Where else a name stands for the same thing, by Python's scoping rules alone.

Attributes are taken for the same when what is before their dot is written the same in the same
class or function: what an object is nobody knows without running the code.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from procoder_tutor.positions import Span
from procoder_tutor.symbols import Document
from procoder_tutor.syntax import Definition, Function, all_arguments, dotted


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place where a name is written."""

    span: Span
    written: bool
    """The name is bound, changed or deleted here."""


def occurrences(document: Document, line: int, column: int) -> list[Occurrence]:
    """Return where the name at a place is written, that place included; empty for no name."""
    text = document.source.lines[line - 1] if 1 <= line <= document.source.line_count else ""
    at = document.source.column_in_text(line, column)
    word = next((m for m in re.finditer(r"\w+", text) if m.start() <= at <= m.end()), None)
    if word is None:
        return []
    place = document.source.place(line, word.start())
    finder = _Finder(document, word.group())
    known = [(finder.meaning(node), node, span) for node, span in finder.spelt()]
    meant = {meaning for meaning, _, span in known if span.start == place}
    return [
        Occurrence(span, _is_written(node)) for meaning, node, span in known if meaning in meant
    ]


class _Finder:
    """Finds the nodes that spell one name, and tells apart what they mean."""

    def __init__(self, document: Document, name: str) -> None:
        self._document = document
        self._name = name
        self._definitions = [
            symbol.node for symbol in document.symbols if isinstance(symbol.node, Definition)
        ]
        self._functions = {
            id(argument): node
            for node in self._definitions
            if isinstance(node, Function)
            for argument in all_arguments(node.args)
        }

    def spelt(self) -> Iterator[tuple[ast.AST, Span]]:
        """Yield every node that spells the name, and where it does."""
        for node in self._document.bindings.named(self._name):
            span = self._span(node)
            if span is not None:
                yield node, span

    def meaning(self, node: ast.AST) -> tuple[int, str]:
        """Return what tells one meaning of the name from another: a scope, and the way there."""
        if id(node) in self._functions:
            return id(self._functions[id(node)]), ""
        scopes = self._around(node)
        if isinstance(node, ast.Attribute):
            owner = next((s for s in reversed(scopes) if isinstance(s, ast.ClassDef)), None)
            before = dotted(node.value)
            around = owner or (scopes[-1] if scopes else None)
            return id(around if before else node), f"{before}."
        innermost = len(scopes) - 1
        for index in range(innermost, -1, -1):
            scope = scopes[index]
            hidden = isinstance(scope, ast.ClassDef) and index != innermost
            if not hidden and self._name in self._document.bindings.of(scope):
                return id(scope), ""
        return 0, ""

    def _around(self, node: ast.AST) -> list[Definition]:
        """Return the definitions whose body holds a node, outermost first."""
        line, column = getattr(node, "lineno", 0), getattr(node, "col_offset", 0)
        return [d for d in self._definitions if d is not node and _body_holds(d, (line, column))]

    def _span(self, node: ast.AST) -> Span | None:
        """Return where a node spells the name: before, after or between its other parts."""
        source, name = self._document.source, self._name
        whole = source.span(node)
        at_end = isinstance(node, ast.Attribute) or bool(getattr(node, "asname", None))
        line, column = whole.end if at_end else whole.start
        column, text = source.column_in_text(line, column), source.lines[line - 1]
        if at_end:
            column -= len(name)
        elif (found := re.compile(rf"\b{re.escape(name)}\b").search(text, column)) is not None:
            column = found.start()
        if column < 0 or not text.startswith(name, column):
            return None
        return Span(source.place(line, column), source.place(line, column + len(name)))


def _body_holds(definition: Definition, place: tuple[int, int]) -> bool:
    first, last = definition.body[0], definition.body[-1]
    start = min((first.lineno, first.col_offset), *_decorators(first))
    return start <= place < (last.end_lineno or 0, last.end_col_offset or 0)


def _decorators(node: ast.stmt) -> Iterator[tuple[int, int]]:
    yield node.lineno, node.col_offset
    for decorator in getattr(node, "decorator_list", []):
        yield decorator.lineno, 0


def _is_written(node: ast.AST) -> bool:
    if isinstance(node, ast.Name | ast.Attribute):
        return not isinstance(node.ctx, ast.Load)
    return True
