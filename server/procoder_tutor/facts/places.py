"""Every node of a symbol with the definitions around it, so that names can be told apart."""

import ast
from collections.abc import Iterator, Set
from dataclasses import dataclass

from procoder_tutor.bindings import Bindings, binds
from procoder_tutor.facts.scope import Scope
from procoder_tutor.syntax import Definition, Function, all_arguments, dotted, own_nodes


@dataclass(frozen=True, slots=True)
class Owner:
    """A function, lambda or class, and the names that are its own."""

    node: Definition | ast.Lambda
    bound: Set[str]
    declared_global: Set[str]
    """Looked for in functions inside functions alone: elsewhere it makes no difference."""

    @property
    def is_class(self) -> bool:
        """Classes hide their names from the functions in them."""
        return isinstance(self.node, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Place:
    """A node where it stands."""

    scope: Scope
    node: ast.AST
    around: tuple[Owner, ...]
    """What holds the node in its body, outermost first."""

    @property
    def in_class(self) -> bool:
        """Whether the node is directly in the body of a class."""
        return bool(self.around) and self.around[-1].is_class

    def full_name(self, node: ast.AST) -> str | None:
        """Full name of a dotted expression here whose first name is imported or built in."""
        text = dotted(node)
        if text is None:
            return None
        first, dot, rest = text.partition(".")
        for owner in self._visible():
            if first in owner.bound:
                imported = self.scope.document.bindings.imports(owner.node).get(first)
                return imported and imported + dot + rest
        return self.scope.full_name(node)

    def annotation(self, name: str) -> ast.expr | None:
        """How the parameter that a name used here stands for is annotated."""
        owner = next((owner for owner in self._visible() if name in owner.bound), None)
        if owner is None or not isinstance(owner.node, Function):
            return None
        arguments = all_arguments(owner.node.args)
        return next((a.annotation for a in arguments if a.arg == name), None)

    def module_value(self, name: str) -> ast.expr | None:
        """Value of the module's variable that a name used here stands for, if bound just once."""
        if name in self.scope.local or any(name in owner.bound for owner in self._visible()):
            return None
        document = self.scope.document
        values = document.bindings.module_values().get(name, [])
        is_only = len(document.bindings.of(document.syntax).get(name, [])) == 1
        return values[0] if is_only and values else None

    def is_captured(self, name: str) -> bool:
        """Whether a name used here is a local variable of a function further out."""
        visible = self._visible()
        inner = next(visible, None)
        if inner is None or inner.is_class or name in inner.bound | inner.declared_global:
            return False
        return any(name in owner.bound for owner in visible)

    def _visible(self) -> Iterator[Owner]:
        """Yield the scopes that a name is looked up in, innermost first."""
        for depth, owner in enumerate(reversed(self.around)):
            if depth == 0 or not owner.is_class:
                yield owner


def places(scope: Scope) -> Iterator[Place]:
    """Yield the symbol's nodes, those of nested definitions included, in no particular order.

    Decorators, defaults, annotations and bases stand outside of what they belong to.
    """
    bindings = scope.document.bindings
    outer: tuple[Owner, ...] = ()
    for definition in scope.outer:
        outer = (*outer, _owner(bindings, definition, outer))
    waiting: list[tuple[ast.AST, tuple[Owner, ...]]] = [(scope.symbol.node, outer)]
    while waiting:
        node, around = waiting.pop()
        yield Place(scope, node, around)
        if isinstance(node, Definition | ast.Lambda):
            inside = (*around, _owner(bindings, node, around))
            body = node.body if isinstance(node.body, list) else [node.body]
            held = {id(child) for child in body}
            waiting += [
                (child, inside if id(child) in held else around)
                for child in ast.iter_child_nodes(node)
            ]
        else:
            waiting += [(child, around) for child in ast.iter_child_nodes(node)]


def _owner(bindings: Bindings, node: Definition | ast.Lambda, around: tuple[Owner, ...]) -> Owner:
    if isinstance(node, ast.Lambda):
        bound = {name for inner in ast.walk(node.body) for name in binds(inner)}
        return Owner(node, bound | {argument.arg for argument in all_arguments(node.args)}, set())
    is_nested = any(not owner.is_class for owner in around)
    declared = _declared_global(node) if is_nested else set()
    return Owner(node, bindings.of(node).keys(), declared)


def _declared_global(node: Definition) -> set[str]:
    found = [inner.names for inner in own_nodes(node) if isinstance(inner, ast.Global)]
    return {name for names in found for name in names}
