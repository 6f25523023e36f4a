"""Which builtin types the attributes of `self` hold, as the class alone shows."""

import ast

from procoder_tutor.facts.mutable import annotation_names, builtin_type
from procoder_tutor.facts.scope import Scope
from procoder_tutor.names import receiver_name
from procoder_tutor.syntax import Function


def attribute_kind(scope: Scope, name: str) -> str:
    """Name of the builtin type that an attribute of a method's `self` holds; empty if not sure.

    An annotation in the class says so, or everything that its methods give to the attribute.
    """
    if scope.owner is None:
        return ""
    for statement in scope.owner.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=declared), annotation=said) if declared == name:
                return _only(annotation_names(said) or set())
    methods = [method for method in scope.owner.body if isinstance(method, Function)]
    return _only({kind for method in methods for kind in _given(scope, method, name)})


def _given(scope: Scope, method: Function, name: str) -> set[str]:
    """Kinds of what a method assigns to an attribute; an empty text for what is not known."""
    nodes = scope.document.bindings.nodes(method)
    receiver = receiver_name(method)
    known: dict[int, str] = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            known |= {id(target): builtin_type(node.value) for target in node.targets}
        elif isinstance(node, ast.AnnAssign):
            known[id(node.target)] = _only(annotation_names(node.annotation) or set())
    return {
        known.get(id(node), "")
        for node in nodes
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and node.attr == name
        and isinstance(node.value, ast.Name)
        and node.value.id == receiver
    }


def _only(kinds: set[str]) -> str:
    """The one kind of several that agree."""
    return next(iter(kinds)) if len(kinds) == 1 else ""
