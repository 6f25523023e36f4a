"""Who calls a symbol in its document: only calls by a name that surely means it."""

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from procoder_tutor.facts.model import Caller
from procoder_tutor.names import refers_to
from procoder_tutor.symbols import Document, Symbol
from procoder_tutor.syntax import Comprehension, Definition


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a node stands: the definitions around it and the names of comprehensions."""

    around: tuple[Definition, ...] = ()
    hidden: frozenset[str] = field(default=frozenset())


def callers(document: Document, symbol: Symbol) -> tuple[Caller, ...]:
    """List who calls a function, method or class, each once, in order of appearance.

    Like in `calls`, what is called in a lambda is not called by the code around it.
    """
    node = symbol.node
    if not isinstance(node, Definition):
        return ()
    found: dict[str, Caller] = {}
    for call, place in _calls(document, node.name, _Place()):
        if place.around and document.of_node(place.around[-1]) == symbol:
            continue
        called = call.func
        if not isinstance(called, ast.Name | ast.Attribute) or _first(called) in place.hidden:
            continue
        if refers_to(document, called, list(place.around)) == symbol:
            caller = document.of_node(place.around[-1]) if place.around else document.module
            name = caller.name if caller is not None else document.module.name
            found.setdefault(name, Caller(name, called.end_lineno or call.lineno))
    return tuple(found.values())


def _calls(document: Document, name: str, start: _Place) -> Iterator[tuple[ast.Call, _Place]]:
    """Yield the calls of anything of that name; looks only into nodes whose lines have it."""
    lines = _lines_with(document.source.text, name)
    waiting: list[tuple[ast.AST, _Place]] = [(s, start) for s in document.syntax.body[::-1]]
    while waiting:
        node, place = waiting.pop()
        if not _touches(node, lines):
            continue
        if isinstance(node, ast.Call) and _name(node.func) == name:
            yield node, place
        waiting += reversed(list(_children(node, place)))


def _lines_with(text: str, name: str) -> list[int]:
    """Numbers of the lines that hold a name."""
    lines: list[int] = []
    line, position = 1, 0
    for match in re.finditer(rf"{re.escape(name)}\b", text):
        line += text.count("\n", position, match.start())
        position = match.start()
        lines.append(line)
    return lines


def _touches(node: ast.AST, lines: list[int]) -> bool:
    """Whether one of the sorted lines lies in the node; True for nodes that have no place."""
    first = getattr(node, "lineno", None)
    if first is None:
        return True
    if isinstance(node, Definition) and node.decorator_list:
        first = node.decorator_list[0].lineno
    index = bisect_left(lines, first)
    return index < len(lines) and lines[index] <= (getattr(node, "end_lineno", None) or first)


def _children(node: ast.AST, place: _Place) -> Iterator[tuple[ast.AST, _Place]]:
    """Yield the parts of a node that run where it stands or in a scope of their own."""
    if isinstance(node, ast.Lambda):
        yield from ((part, place) for part in [*node.args.defaults, *node.args.kw_defaults] if part)
    elif isinstance(node, Definition):
        inner = _Place((*place.around, node), place.hidden)
        body = {id(statement) for statement in node.body}
        for part in ast.iter_child_nodes(node):
            yield part, inner if id(part) in body else place
    elif isinstance(node, Comprehension):
        names = {
            n.id for g in node.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)
        }
        hidden = _Place(place.around, place.hidden | names)
        yield from ((part, hidden) for part in ast.iter_child_nodes(node))
    else:
        yield from ((part, place) for part in ast.iter_child_nodes(node))


def _name(called: ast.expr) -> str | None:
    if isinstance(called, ast.Name):
        return called.id
    return called.attr if isinstance(called, ast.Attribute) else None


def _first(called: ast.Name | ast.Attribute) -> str:
    node: ast.expr = called
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
