"""How large the collections become that a function fills itself."""

import ast
from collections.abc import Iterable

from procoder_tutor.facts.costs import CONSTANT, Cost, Untold, times, total
from procoder_tutor.syntax import Loop, child_blocks, dotted

ADD_ONE = frozenset({"add", "append", "appendleft", "insert", "setdefault"})
_ADD_MANY = frozenset({"extend", "extendleft", "update"})


class Loops:
    """The loops around the code that is looked at, innermost last."""

    def __init__(self) -> None:
        self._loops: list[tuple[list[ast.stmt], Cost]] = []

    def push(self, body: list[ast.stmt], size: Cost) -> None:
        """Enter a loop; the body is empty for that of a comprehension."""
        self._loops.append((body, size))

    def pop(self) -> None:
        """Leave the innermost loop."""
        self._loops.pop()

    @property
    def innermost(self) -> tuple[list[ast.stmt], Cost]:
        """Body and repetitions of the innermost loop; a constant outside of loops."""
        return self._loops[-1] if self._loops else ([], CONSTANT)

    @property
    def repetitions(self) -> Cost:
        """How often the code runs that is looked at. Raises Untold."""
        product = CONSTANT
        for _, size in self._loops:
            product = times(product, size)
        return product


class Growing:
    """Adds up what is put into the collections of one function, by their names."""

    def __init__(self, nodes: Iterable[ast.AST], stored: Iterable[ast.Subscript]) -> None:
        self._places: dict[str, set[int]] = {}
        self._sizes: dict[str, Cost] = {}
        self._unknown: set[str] = set()
        for node in nodes:
            if name := _filled(node, ADD_ONE):
                self._places.setdefault(name, set()).add(id(node))
            elif name := _filled(node, _ADD_MANY):
                self._unknown.add(name)
        for item in stored:
            self._places.setdefault(dotted(item.value) or "", set()).add(id(item))

    def fill(self, node: ast.AST, name: str, repetitions: Cost) -> None:
        """Count what one call or assignment puts into a collection."""
        if id(node) in self._places.get(name, ()):
            self._places[name].remove(id(node))
            self._sizes[name] = total([self._sizes.get(name, CONSTANT), repetitions])

    def size(self, name: str, *, repeated: bool) -> Cost:
        """What was put into a collection. Raises Untold where a loop may go on to fill it."""
        may_come = bool(self._places.get(name)) and repeated
        if name in self._unknown or may_come:
            raise Untold
        return self._sizes.get(name, CONSTANT)


def is_grown(name: str, loop: list[ast.stmt]) -> bool:
    """Whether a loop's body adds to a collection at most once each time, not in a loop inside."""
    waiting = list(loop)
    grown = False
    while waiting:
        statement = waiting.pop()
        if isinstance(statement, Loop):
            if name in _grown_names(ast.walk(statement)):
                return False
        elif isinstance(statement, ast.Expr):
            grown = grown or name in _grown_names([statement.value])
        else:
            waiting += [child for block in child_blocks(statement) for child in block]
    return grown


def check_unfilled(looked_at: ast.expr, body: Iterable[ast.AST]) -> None:
    """Raise Untold where a loop's body adds to what the loop goes through or asks about."""
    names = {dotted(node) for node in ast.walk(looked_at)}
    if names & _grown_names(node for part in body for node in ast.walk(part)):
        raise Untold


def _grown_names(nodes: Iterable[ast.AST]) -> set[str]:
    return {name for node in nodes if (name := _filled(node, ADD_ONE | _ADD_MANY))}


def _filled(node: ast.AST, methods: frozenset[str]) -> str:
    """Name of the collection that a method call fills; empty for any other node."""
    match node:
        case ast.Call(func=ast.Attribute(value=owner, attr=method)) if method in methods:
            return dotted(owner) or ""
    return ""
