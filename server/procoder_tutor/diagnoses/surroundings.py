"""What is around a finding in the code: names that can be seen there, and where others are set."""

import ast
import builtins
import difflib
from collections.abc import Iterator
from itertools import pairwise

from procoder_tutor.findings import Finding
from procoder_tutor.symbols import Document, Symbol
from procoder_tutor.syntax import Function, all_arguments, child_blocks

_SIMILAR = 0.75
"""Least ratio of difflib at which two names look alike; `total` and `toal` have 0.89."""
_SHORTEST = 3
"""Shorter names look like each other by chance."""
_MOST_NAMES = 2_000
"""More names are not compared: it would take longer than a hover may."""


def scopes_around(document: Document, line: int) -> list[Symbol]:
    """Return the functions and classes around a line, outermost first."""
    return [symbol for symbol in document.symbols if symbol.line <= line <= symbol.end_line]


def visible_names(document: Document, line: int) -> list[str]:
    """Return the names that code on a line can read, the nearest first; builtins come last."""
    found: dict[str, None] = {}
    around = scopes_around(document, line)
    for symbol in reversed(around):
        if symbol.kind != "class" or symbol is around[-1]:
            found |= dict.fromkeys(document.bindings.of(symbol.node))
    found |= dict.fromkeys(document.bindings.of(document.syntax))
    found |= dict.fromkeys(name for name in dir(builtins) if not name.startswith("_"))
    return list(found)


def similar(name: str, names: list[str], cutoff: float = _SIMILAR) -> list[str]:
    """Return the names that are spelt almost like this one, the most similar first."""
    if len(name) < _SHORTEST or len(names) > _MOST_NAMES:
        return []
    others = [other for other in names if other != name and len(other) >= _SHORTEST]
    folded = [other for other in others if other.casefold() == name.casefold()]
    return folded or difflib.get_close_matches(name, others, 3, cutoff)


def node_at(document: Document, finding: Finding, *kinds: type[ast.AST]) -> ast.AST | None:
    """Return the outermost node of these kinds that begins where a finding does."""
    place = (finding.line, finding.column)
    for node in ast.walk(document.syntax):
        if isinstance(node, kinds) and document.source.span(node).start == place:
            return node
    return None


def statement_around(document: Document, finding: Finding) -> ast.stmt | None:
    """Return the innermost statement that holds the beginning of a finding."""
    place = (finding.line, finding.column)
    found: ast.stmt | None = None
    body: list[ast.stmt] = document.syntax.body
    while body:
        holding = [statement for statement in body if _holds(document, statement, place)]
        if not holding:
            break
        found = holding[-1]
        body = [inner for block in child_blocks(found) for inner in block]
    return found


def bound_elsewhere(document: Document, name: str, line: int) -> tuple[Symbol, int] | None:
    """Return a function that sets a name for itself alone, and where; not one around the line."""
    for symbol in document.symbols:
        if isinstance(symbol.node, Function) and not symbol.line <= line <= symbol.end_line:
            parameters = {argument.arg for argument in all_arguments(symbol.node.args)}
            places = document.bindings.of(symbol.node).get(name, [])
            if places and name not in parameters:
                return symbol, _line(places[0])
    return None


def bound_later(document: Document, name: str, line: int) -> int | None:
    """Return the first line after this one that sets a name in a scope that can be seen."""
    scopes: list[ast.AST] = [symbol.node for symbol in scopes_around(document, line)]
    for scope in [*reversed(scopes), document.syntax]:
        lines = [_line(node) for node in document.bindings.of(scope).get(name, [])]
        later = [found for found in lines if found > line]
        if later:
            return min(later)
    return None


def member_of_class(document: Document, name: str, line: int) -> tuple[Symbol, int] | None:
    """Return the class around a method that has a member of this name, and where it is set."""
    around = scopes_around(document, line)
    for owner, method in pairwise(around):
        if isinstance(owner.node, ast.ClassDef) and isinstance(method.node, Function):
            lines = [_line(node) for node in document.bindings.of(owner.node).get(name, [])]
            lines += _attributes(owner.node, name)
            if lines:
                return owner, min(lines)
    return None


def attribute_of(document: Document, finding: Finding) -> str | None:
    """Return what is read from the name of a finding, as `pi` of `math.pi`; None for nothing."""
    for node in document.bindings.uses(finding.line):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            start = document.source.span(node.value).start
            if start == (finding.line, finding.column):
                return node.attr
    return None


def _attributes(owner: ast.ClassDef, name: str) -> Iterator[int]:
    """Yield the lines of a class that set `self.name`."""
    for node in ast.walk(owner):
        if isinstance(node, ast.Attribute) and node.attr == name:
            target = node.value
            if isinstance(node.ctx, ast.Store) and getattr(target, "id", "") == "self":
                yield node.lineno


def _holds(document: Document, statement: ast.stmt, place: tuple[int, int]) -> bool:
    start, end = document.source.span(statement)
    decorators = getattr(statement, "decorator_list", [])
    first = min([start, *(document.source.span(decorator).start for decorator in decorators)])
    return first <= place < end


def _line(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 0))
