"""Changes that outlive a call: of arguments, of self, of global and nonlocal names.

A change is listed only where the text proves it, or where a method that exists only on mutable
builtins is called on an argument whose annotation does not say otherwise. Aliases, elements of
loops over an argument and rebound arguments are left out.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from procoder_tutor.bindings import assigned_values, binds
from procoder_tutor.facts.model import Mutation, MutationTarget
from procoder_tutor.facts.mutable import (
    ALL_METHODS,
    CHANGING_FUNCTIONS,
    GIVE_A_VALUE,
    IN_PLACE,
    METHODS,
    annotation_names,
    builtin_type,
)
from procoder_tutor.facts.scope import Scope
from procoder_tutor.syntax import (
    Comprehension,
    Function,
    Loop,
    all_arguments,
    dotted,
)


def mutations(scope: Scope) -> tuple[Mutation, ...]:
    """List what a call of the function changes, each change once, at its first line.

    Of a range inside a function: what of this the range does.
    """
    node, symbol = scope.home, scope.symbol
    if not isinstance(node, Function) or _damaged(scope, node):
        return ()
    found: dict[tuple[str, str, str], Mutation] = {}
    for mutation in _Finder(scope, node).all():
        if symbol.line <= mutation.line <= symbol.end_line:
            found.setdefault((mutation.name, mutation.target, mutation.how), mutation)
    return tuple(found.values())


def _damaged(scope: Scope, node: Function) -> bool:
    """Whether a line of the function does not parse: it might have rebound anything."""
    lost = scope.document.lost_lines
    return any(node.lineno <= line <= (node.end_lineno or 0) for line in lost)


@dataclass(frozen=True)
class _Root:
    """The name at the start of a changed expression, and whose it is."""

    name: str
    target: MutationTarget


class _Finder:
    def __init__(self, scope: Scope, node: Function) -> None:
        self._scope = scope
        self._node = node
        self._arguments = {argument.arg: argument for argument in all_arguments(node.args)}
        self._nodes = scope.document.bindings.nodes(node)
        self._declared = self._declarations()
        self._rebound = self._first_rebinding()
        self._shadowed = self._comprehension_names()
        self._updated = {id(n.target) for n in self._nodes if isinstance(n, ast.AugAssign)}
        self._statements = {id(n.value) for n in self._nodes if isinstance(n, ast.Expr)}
        self._module_values = _single_kinds(scope.document.bindings.module_values())

    def all(self) -> Iterator[Mutation]:
        for node in self._nodes:
            if id(node) in self._scope.dead_nodes:
                continue
            if isinstance(node, ast.Call):
                yield from self._call(node)
            elif isinstance(node, ast.AugAssign):
                yield from self._augmented(node)
            elif isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
                yield from self._target(node)

    def _declarations(self) -> dict[str, MutationTarget]:
        declared: dict[str, MutationTarget] = {}
        for node in self._nodes:
            if isinstance(node, ast.Global):
                declared.update(dict.fromkeys(node.names, "global"))
            elif isinstance(node, ast.Nonlocal):
                declared.update(dict.fromkeys(node.names, "nonlocal"))
        return declared

    def _first_rebinding(self) -> dict[str, tuple[int, int]]:
        """Where an argument may first be another object; a loop around counts from its start."""
        loops = [node for node in self._nodes if isinstance(node, Loop)]
        first: dict[str, tuple[int, int]] = {}
        in_place = {
            id(n.target) for n in self._nodes if isinstance(n, ast.AugAssign) and self._stays(n)
        }
        in_comprehensions = {
            id(name)
            for node in self._nodes
            if isinstance(node, Comprehension)
            for generator in node.generators
            for name in ast.walk(generator.target)
        }
        for node in self._nodes:
            if id(node) in in_place or id(node) in in_comprehensions:
                continue
            for name in binds(node):
                place = _place(node)
                around = [_place(loop) for loop in loops if _holds(loop, place)]
                first[name] = min([first.get(name, place), place, *around])
        return first

    def _comprehension_names(self) -> list[tuple[ast.AST, set[str]]]:
        return [
            (
                node,
                {
                    n.id
                    for g in node.generators
                    for n in ast.walk(g.target)
                    if isinstance(n, ast.Name)
                },
            )
            for node in self._nodes
            if isinstance(node, Comprehension)
        ]

    def _stays(self, node: ast.AugAssign) -> bool:
        """Whether `+=` and its like change the argument in place, by its annotation."""
        if not isinstance(node.target, ast.Name):
            return False
        argument = self._arguments.get(node.target.id)
        names = annotation_names(argument.annotation) if argument else None
        return names is not None and names <= IN_PLACE.get(type(node.op), frozenset())

    def _root(self, node: ast.AST) -> _Root | None:
        """Follow attributes and items down to a name that outlives the call."""
        first = node
        while isinstance(node, ast.Attribute | ast.Subscript):
            if node is not first and isinstance(node, ast.Subscript) and _has_slice(node.slice):
                return None
            node = node.value
        if not isinstance(node, ast.Name) or self._is_shadowed(node):
            return None
        return self._owner(node.id, _place(node))

    def _is_shadowed(self, node: ast.Name) -> bool:
        place = _place(node)
        return any(node.id in names and _holds(c, place) for c, names in self._shadowed)

    def _owner(self, name: str, place: tuple[int, int]) -> _Root | None:
        if name in self._arguments:
            rebound = name in self._rebound and self._rebound[name] <= place
            own = rebound or name in _own_collections(self._node)
            is_self = name == self._scope.receiver
            return None if own else _Root(name, "self" if is_self else "argument")
        if name in self._declared:
            return _Root(name, self._declared[name])
        if name in self._scope.local:
            return None
        if self._enclosing(name) is not None:
            return _Root(name, "nonlocal")
        return _Root(name, "global") if name in self._module_values else None

    def _enclosing(self, name: str) -> Function | None:
        """The innermost function around this one that binds a name."""
        bindings = self._scope.document.bindings
        around = [node for node in reversed(self._scope.outer) if isinstance(node, Function)]
        return next((node for node in around if name in bindings.of(node)), None)

    def _value_kind(self, root: _Root) -> str:
        """The mutable builtin that a name from outside the function surely holds."""
        if root.target == "global":
            return self._module_values.get(root.name, "")
        function = self._enclosing(root.name)
        if function is None:
            return ""
        bindings = self._scope.document.bindings
        values = assigned_values(bindings.nodes(function)).get(root.name, [])
        all_known = len(values) == len(bindings.of(function)[root.name])
        return _single_kinds({root.name: values})[root.name] if all_known else ""

    def _target(self, node: ast.Name | ast.Attribute | ast.Subscript) -> Iterator[Mutation]:
        if isinstance(node.ctx, ast.Load):
            return
        verb = "deletes" if isinstance(node.ctx, ast.Del) else "assigns"
        if id(node) in self._updated:
            verb = "updates"
        if isinstance(node, ast.Name):
            if node.id in self._declared and not self._is_shadowed(node):
                yield Mutation(node.id, self._declared[node.id], f"{verb} it", node.lineno)
            return
        root = self._root(node)
        if root is not None:
            yield self._item_or_attribute(node, root, verb)

    def _item_or_attribute(
        self, node: ast.Attribute | ast.Subscript, root: _Root, verb: str
    ) -> Mutation:
        if isinstance(node, ast.Attribute):
            name, how = dotted(node) or root.name, f"{verb} the attribute"
        else:
            what = "a slice" if _has_slice(node.slice) else "an item"
            name, how = dotted(node.value) or root.name, f"{verb} {what}"
        return Mutation(name, root.target, how, node.lineno)

    def _augmented(self, node: ast.AugAssign) -> Iterator[Mutation]:
        """`items += …` on an argument that its annotation proves mutable."""
        if isinstance(node.target, ast.Name) and self._stays(node):
            root = self._owner(node.target.id, _place(node))
            if root is not None:
                yield Mutation(root.name, root.target, "updates it in place", node.lineno)

    def _call(self, node: ast.Call) -> Iterator[Mutation]:
        full_name = self._scope.full_name(node.func)
        if full_name in CHANGING_FUNCTIONS:
            yield from self._passed(node, full_name)
        if not isinstance(node.func, ast.Attribute) or node.func.attr not in ALL_METHODS:
            return
        method, changed = node.func.attr, node.func.value
        if method not in GIVE_A_VALUE and id(node) not in self._statements:
            return
        root = self._root(changed)
        if root is not None and self._has_method(changed, root, method):
            name = dotted(changed) or root.name
            yield Mutation(name, root.target, f"calls .{method}()", node.lineno)

    def _passed(self, node: ast.Call, full_name: str) -> Iterator[Mutation]:
        """An argument handed to a function that is known to change it."""
        changed = node.args[0] if node.args else None
        root = self._root(changed) if isinstance(changed, ast.Name | ast.Attribute) else None
        name = dotted(changed) if changed is not None else None
        if root is not None and name is not None and (name == root.name or root.target == "self"):
            how = f"passes it to {full_name.removeprefix('builtins.')}()"
            yield Mutation(name, root.target, how, node.lineno)

    def _has_method(self, changed: ast.AST, root: _Root, method: str) -> bool:
        """Whether the changed object may be a builtin with that method."""
        if not isinstance(changed, ast.Name):
            is_plain = isinstance(changed, ast.Attribute) and isinstance(changed.value, ast.Name)
            return root.target == "self" and is_plain
        if root.target == "self":
            return False
        if root.target != "argument":
            return method in METHODS.get(self._value_kind(root), frozenset())
        names = annotation_names(self._arguments[root.name].annotation)
        return names is None or any(method in METHODS.get(name, ()) for name in names)


def _single_kinds(values: dict[str, list[ast.expr]]) -> dict[str, str]:
    """The mutable builtin that all values of a name are; empty where there is no such."""
    found: dict[str, str] = {}
    for name, given in values.items():
        kinds = {builtin_type(value) for value in given}
        found[name] = kinds.pop() if len(kinds) == 1 else ""
    return found


def _own_collections(node: Function) -> set[str]:
    """`*args` and `**kwargs`: made anew for every call, so changing them changes nothing else."""
    return {a.arg for a in (node.args.vararg, node.args.kwarg) if a}


def _has_slice(node: ast.expr) -> bool:
    return isinstance(node, ast.Slice | ast.Tuple)


def _place(node: ast.AST) -> tuple[int, int]:
    return (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))


def _holds(node: ast.AST, place: tuple[int, int]) -> bool:
    end = (getattr(node, "end_lineno", 0), getattr(node, "end_col_offset", 0))
    return _place(node) <= place < end
