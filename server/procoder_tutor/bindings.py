"""Which names the scopes of a document bind, and by what; computed once per scope."""

import ast
from collections.abc import Iterable, Iterator

from procoder_tutor.syntax import Definition, Function, all_arguments, own_nodes, statements

Bound = dict[str, list[ast.AST]]
"""Nodes that bind each name, in source order."""


class Bindings:
    """Answers about one syntax tree, whose nodes it keeps alive and takes as keys."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._nodes: dict[int, tuple[ast.AST, ...]] = {}
        self._bound: dict[int, Bound] = {}
        self._imports: dict[int, dict[str, str]] = {}
        self._uses: dict[int, list[ast.Name | ast.Attribute]] | None = None
        self._values: dict[str, list[ast.expr]] | None = None

    def nodes(self, scope: ast.AST) -> tuple[ast.AST, ...]:
        """Return the nodes that a function, class or module of the tree runs itself."""
        if id(scope) not in self._nodes:
            self._nodes[id(scope)] = tuple(own_nodes(scope))
        return self._nodes[id(scope)]

    def of(self, scope: ast.AST) -> Bound:
        """Return what a function, class or module of the tree binds in its own scope."""
        if id(scope) not in self._bound:
            self._bound[id(scope)] = _bindings(scope, self.nodes(scope))
        return self._bound[id(scope)]

    def imports(self, scope: ast.AST) -> dict[str, str]:
        """Return the full names of what a scope imports; not of names with a second meaning."""
        if id(scope) not in self._imports:
            found = {name: _one_import(name, nodes) for name, nodes in self.of(scope).items()}
            self._imports[id(scope)] = {name: full for name, full in found.items() if full}
        return self._imports[id(scope)]

    def module_values(self) -> dict[str, list[ast.expr]]:
        """Return the values that assignments at the top of the module give to plain names."""
        if self._values is None:
            self._values = assigned_values(statements(self._tree.body))
        return self._values

    def uses(self, line: int) -> list[ast.Name | ast.Attribute]:
        """Return the names and attributes that end on a line."""
        if self._uses is None:
            self._uses = {}
            for node in ast.walk(self._tree):
                if isinstance(node, ast.Name | ast.Attribute):
                    self._uses.setdefault(node.end_lineno or node.lineno, []).append(node)
        return self._uses.get(line, [])


def _bindings(scope: ast.AST, nodes: Iterable[ast.AST]) -> Bound:
    """Return the nodes that bind each name of a scope, in source order."""
    found: Bound = {}
    if isinstance(scope, Function):
        for argument in all_arguments(scope.args):
            found.setdefault(argument.arg, []).append(argument)
    outside: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Global | ast.Nonlocal):
            outside.update(node.names)
        for name in binds(node):
            found.setdefault(name, []).append(node)
    return {name: nodes for name, nodes in found.items() if name not in outside}


def binds(node: ast.AST) -> Iterator[str]:
    """Yield the names that a node itself binds or deletes."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
        yield node.id
    elif isinstance(node, Definition):
        yield node.name
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
        yield from [node.name] if node.name else []
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]


def assigned_values(nodes: Iterable[ast.AST]) -> dict[str, list[ast.expr]]:
    """Return the values that the assignments among the nodes give to plain names."""
    found: dict[str, list[ast.expr]] = {}
    for node in nodes:
        for name, value in _assigned(node):
            found.setdefault(name, []).append(value)
    return found


def _assigned(statement: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(statement, ast.Assign):
        targets, value = statement.targets, statement.value
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        targets, value = [statement.target], statement.value
    else:
        return
    yield from ((target.id, value) for target in targets if isinstance(target, ast.Name))


def _one_import(name: str, nodes: list[ast.AST]) -> str | None:
    full_names = {full for node in nodes for bound, full in _imported(node) if bound == name}
    only_imports = all(isinstance(node, ast.Import | ast.ImportFrom) for node in nodes)
    return full_names.pop() if only_imports and len(full_names) == 1 else None


def _imported(statement: ast.AST) -> list[tuple[str, str]]:
    if isinstance(statement, ast.Import):
        return [
            (
                alias.asname or alias.name.partition(".")[0],
                alias.name if alias.asname else alias.name.partition(".")[0],
            )
            for alias in statement.names
        ]
    if isinstance(statement, ast.ImportFrom) and not statement.level and statement.module:
        return [
            (alias.asname or alias.name, f"{statement.module}.{alias.name}")
            for alias in statement.names
        ]
    return []
