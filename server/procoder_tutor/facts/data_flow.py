"""Which names go into a selected range and which come out of it.

Told by the order of the text: a value that only an earlier turn of a loop can have set counts as
coming from before when something before the range sets that name too.
"""

import ast
from collections.abc import Iterable, Iterator

from procoder_tutor.bindings import binds
from procoder_tutor.facts.model import DataFlow
from procoder_tutor.facts.scope import Scope
from procoder_tutor.syntax import Comprehension, Definition, Function, all_arguments


def data_flow(scope: Scope) -> DataFlow:
    """Tell what a range reads from before it, what it sets, and what of this is used after it."""
    body: list[ast.stmt] = getattr(scope.symbol.node, "body", [])
    reads = _Reads()
    reads.block(body, frozenset())
    known = _known_before(scope)
    sets = tuple(dict.fromkeys(_stored(scope.nodes)))
    home: list[ast.stmt] = getattr(scope.home, "body", [])
    later = {name.id for name in _loaded(home) if name.lineno > scope.symbol.end_line}
    return DataFlow(
        reads=tuple(name for name in reads.found if name in known),
        sets=sets,
        used_after=tuple(name for name in sets if name in later),
    )


class _Reads:
    """Collects the names that are read before the same code has surely set them."""

    def __init__(self) -> None:
        self.found: dict[str, None] = {}

    def block(self, body: list[ast.stmt], given: frozenset[str]) -> frozenset[str]:
        """Read a block; return the names that are surely set at its end."""
        for statement in body:
            given = self._statement(statement, given)
        return given

    def _statement(self, node: ast.stmt, given: frozenset[str]) -> frozenset[str]:
        match node:
            case ast.If():
                given = self._if(node, given)
            case ast.While() | ast.For() | ast.AsyncFor():
                self._loop(node, given)
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                self._expressions(items, given)
                entered = {name for item in items for name in _stored(ast.walk(item))}
                given = self.block(body, given | entered)
            case ast.Match():
                self._match(node, given)
            case ast.Try() | ast.TryStar():
                given = self._try(node, given)
            case _:
                self._expressions([node], given)
                plain = not isinstance(node, Definition)
                given |= set(_stored(ast.walk(node) if plain else [node]))
        return given

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, given: frozenset[str]) -> None:
        """A loop may not run at all, and so sets nothing surely."""
        if isinstance(node, ast.While):
            self._expressions([node.test], given)
            self.block(node.body, given)
        else:
            self._expressions([node.iter, node.target], given)
            self.block(node.body, given | set(_stored(ast.walk(node.target))))
        self.block(node.orelse, given)

    def _if(self, node: ast.If, given: frozenset[str]) -> frozenset[str]:
        """Read an `if` with all its `elif`, of which there may be thousands."""
        ends = []
        orelse: list[ast.stmt] = [node]
        while len(orelse) == 1 and isinstance(orelse[0], ast.If):
            branch = orelse[0]
            self._expressions([branch.test], given)
            ends.append(self.block(branch.body, given))
            orelse = branch.orelse
        return frozenset.intersection(*ends, self.block(orelse, given))

    def _match(self, node: ast.Match, given: frozenset[str]) -> None:
        self._expressions([node.subject], given)
        for case in node.cases:
            captured = given | set(_stored(ast.walk(case.pattern)))
            self._expressions([case.guard] if case.guard else [], captured)
            self.block(case.body, captured)

    def _try(self, node: ast.Try | ast.TryStar, given: frozenset[str]) -> frozenset[str]:
        ends = [self.block([*node.body, *node.orelse], given)]
        for handler in node.handlers:
            self._expressions([handler.type] if handler.type else [], given)
            ends.append(self.block(handler.body, given | {handler.name or ""}))
        surely = frozenset.intersection(*ends)
        return surely | self.block(node.finalbody, given)

    def _expressions(self, nodes: Iterable[ast.AST], given: frozenset[str]) -> None:
        for name in _loaded(nodes):
            if name.id not in given:
                self.found.setdefault(name.id)


def _loaded(nodes: Iterable[ast.AST]) -> Iterator[ast.Name]:
    """Yield the names that code reads, also in functions inside, unless these bind them."""
    nothing: frozenset[str] = frozenset()
    waiting = [(node, nothing) for node in nodes][::-1]
    while waiting:
        node, hidden = waiting.pop()
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load) and node.id not in hidden:
                yield node
            continue
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            yield node.target
        inner = hidden | _hides(node)
        waiting += [(child, inner) for child in ast.iter_child_nodes(node)][::-1]


def _hides(node: ast.AST) -> set[str]:
    """Names that mean something else inside a function, lambda or comprehension."""
    if isinstance(node, Comprehension):
        return {name for g in node.generators for name in _bound(ast.walk(g.target))}
    if isinstance(node, Function):
        arguments = {argument.arg for argument in all_arguments(node.args)}
        outside = {
            name
            for inner in ast.walk(node)
            if isinstance(inner, ast.Global | ast.Nonlocal)
            for name in inner.names
        }
        return (arguments | set(_bound(n for s in node.body for n in ast.walk(s)))) - outside
    if isinstance(node, ast.Lambda):
        return {argument.arg for argument in all_arguments(node.args)}
    return set()


def _stored(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the names that code sets: not the variables of comprehensions, nor what it deletes."""
    listed = list(nodes)
    hidden = {
        id(inner)
        for node in listed
        if isinstance(node, Comprehension)
        for generator in node.generators
        for inner in ast.walk(generator.target)
    }
    yield from _bound(node for node in listed if id(node) not in hidden)


def _bound(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if not (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del)):
            yield from binds(node)


def _known_before(scope: Scope) -> set[str]:
    """Names that something before the range sets: parameters, variables, outer scopes' names."""
    bindings, home = scope.document.bindings, scope.home
    found = {
        name
        for name, nodes in bindings.of(home).items()
        if any(getattr(node, "lineno", 0) < scope.symbol.line for node in nodes)
    }
    if home is not scope.document.syntax:
        found |= set(bindings.of(scope.document.syntax)) - {"*"}
    for outer in scope.outer:
        if isinstance(outer, Function):
            found |= set(bindings.of(outer))
    return found
