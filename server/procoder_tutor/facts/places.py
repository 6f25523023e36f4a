"""Every node of a symbol with the definitions around it, so that names can be told apart."""

import ast
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import cached_property

from procoder_tutor.bindings import Bindings, binds
from procoder_tutor.facts.scope import Scope
from procoder_tutor.syntax import Definition, Function, all_arguments, children, dotted


@dataclass(frozen=True)
class Owner:
    """A function, lambda or class, and the names that are its own, found when first asked for."""

    node: Definition | ast.Lambda
    bindings: Bindings

    @cached_property
    def bound(self) -> Set[str]:
        """Names that are local to it."""
        node = self.node
        if isinstance(node, Definition):
            return self.bindings.of(node).keys()
        assigned = {name for inner in ast.walk(node.body) for name in binds(inner)}
        return assigned | {argument.arg for argument in all_arguments(node.args)}

    @cached_property
    def declared_global(self) -> Set[str]:
        """Names that it declares global."""
        if isinstance(self.node, ast.Lambda):
            return frozenset()
        nodes = self.bindings.nodes(self.node)
        found = [inner.names for inner in nodes if isinstance(inner, ast.Global)]
        return {name for names in found for name in names}

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
        if len(visible) <= 1 or visible[0].is_class:
            return False
        inner, *further = visible
        own = name in inner.bound or name in inner.declared_global
        return not own and any(name in owner.bound for owner in further)

    def _visible(self) -> list[Owner]:
        """The scopes that a name is looked up in, innermost first."""
        return [
            owner
            for depth, owner in enumerate(reversed(self.around))
            if depth == 0 or not owner.is_class
        ]


def places(scope: Scope, kinds: Set[type[ast.AST]]) -> Iterator[Place]:
    """Yield the symbol's nodes of some types, those of nested definitions included, in any order.

    Decorators, defaults, annotations and bases stand outside of what they belong to.
    """
    bindings = scope.document.bindings
    outer = tuple(Owner(definition, bindings) for definition in scope.outer)
    waiting: list[tuple[ast.AST, tuple[Owner, ...]]] = [(scope.symbol.node, outer)]
    while waiting:
        node, around = waiting.pop()
        if type(node) in kinds:
            yield Place(scope, node, around)
        if isinstance(node, Definition | ast.Lambda):
            inside = (*around, Owner(node, bindings))
            body = node.body if isinstance(node.body, list) else [node.body]
            held = {id(child) for child in body}
            waiting += [
                (child, inside if id(child) in held else around) for child in children(node)
            ]
        else:
            waiting += [(child, around) for child in children(node)]
