"""How a function uses its parameters: one entry a kind of use, at its first line."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple, Optional

from procoder_tutor.bindings import binds
from procoder_tutor.facts.model import Mutation, Parameter, Use, UseKind
from procoder_tutor.facts.scope import Scope
from procoder_tutor.facts.use_kinds import use_of
from procoder_tutor.syntax import Comprehension, Definition, Function, all_arguments

_SCOPE = Definition | ast.Lambda


def with_uses(
    scope: Scope, parameters: Iterable[Parameter], mutations: Iterable[Mutation]
) -> tuple[Parameter, ...]:
    """Add to each parameter how the function uses it; nothing to `self` and where code is lost."""
    node = scope.symbol.node
    listed = tuple(parameters)
    if not isinstance(node, Function) or scope.damaged:
        return listed
    lines = {argument.arg: argument.lineno for argument in all_arguments(node.args)}
    lines.pop(scope.receiver or "", None)
    found = _uses(scope, node, set(lines)) if lines else {}
    changes = [change for change in mutations if change.target == "argument"]
    for name, uses in found.items():
        proved = [c.line for c in changes if c.name.partition(".")[0] == name]
        found[name] = list(_with_changes(uses, proved))
    return tuple(
        replace(known, uses=_first_of_each(found[known.name], lines[known.name]))
        if known.name in found
        else known
        for known in listed
    )


def _with_changes(uses: list[Use], proved: list[int]) -> Iterator[Use]:
    """Replace what looks like a change by what is proved to be one, or by a mere reading."""
    yield from (Use("changed", line) for line in proved)
    for use in uses:
        if use.kind != "changed":
            yield use
        elif not proved:
            yield Use("read", use.line)


def _first_of_each(uses: list[Use], line: int) -> tuple[Use, ...]:
    first: dict[UseKind, Use] = {}
    for use in sorted(uses, key=lambda use: (use.line, use.kind == "changed")):
        first.setdefault(use.kind, use)
    return tuple(first.values()) or (Use("unused", line),)


class _Visit(NamedTuple):
    """A node, the visit of the node above it, and the names that mean something else here."""

    node: ast.AST
    above: Optional["_Visit"] = None
    hidden: frozenset[str] = frozenset()

    def parents(self) -> Iterator[ast.AST]:
        """Yield the nodes around this one, innermost first."""
        visit = self.above
        while visit is not None:
            yield visit.node
            visit = visit.above


def _uses(scope: Scope, function: Function, names: set[str]) -> dict[str, list[Use]]:
    found: dict[str, list[Use]] = {name: [] for name in names}
    waiting = [_Visit(statement) for statement in reversed(function.body)]
    while waiting:
        visit = waiting.pop()
        node = visit.node
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            if node.id in names and node.id not in visit.hidden:
                found[node.id].append(use_of(scope, node, visit.parents()))
        else:
            for name in names.intersection(binds(node)) - visit.hidden:
                line = getattr(node, "lineno", function.lineno)
                updates = visit.above is not None and isinstance(visit.above.node, ast.AugAssign)
                kinds: list[UseKind] = ["computed", "rebound"] if updates else ["rebound"]
                found[name] += [Use(kind, line) for kind in kinds]
        waiting += reversed(list(_inside(scope, visit)))
    return found


def _inside(scope: Scope, visit: _Visit) -> Iterator[_Visit]:
    node, hidden = visit.node, visit.hidden
    if isinstance(node, Comprehension):
        yield from _comprehension(visit, node)
    elif isinstance(node, _SCOPE):
        outside = {id(part) for part in _outside(node)}
        inner = hidden | _own_names(scope, node)
        for part in ast.iter_child_nodes(node):
            yield _Visit(part, visit, hidden if id(part) in outside else inner)
    else:
        for part in ast.iter_child_nodes(node):
            yield _Visit(part, visit, hidden)


def _outside(node: Definition | ast.Lambda) -> list[ast.AST]:
    """Parts of a nested scope that belong to the scope around it."""
    decorators: list[ast.AST] = [] if isinstance(node, ast.Lambda) else [*node.decorator_list]
    return decorators if isinstance(node, ast.ClassDef) else [*decorators, node.args]


def _own_names(scope: Scope, node: Definition | ast.Lambda) -> frozenset[str]:
    if isinstance(node, ast.Lambda):
        return frozenset(argument.arg for argument in all_arguments(node.args))
    return frozenset(scope.document.bindings.of(node))


def _comprehension(visit: _Visit, node: Comprehension) -> Iterator[_Visit]:
    """The first iterable of a comprehension is evaluated outside of it."""
    names = {n.id for g in node.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)}
    first = node.generators[0]
    yield _Visit(first.iter, _Visit(first, visit), visit.hidden)
    inner = visit.hidden | names
    for part in ast.iter_child_nodes(node):
        if part is not first:
            yield _Visit(part, visit, inner)
    at_first = _Visit(first, visit)
    yield from (_Visit(part, at_first, inner) for part in [first.target, *first.ifs])
