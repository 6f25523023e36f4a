"""What a concept rests on beyond one node: who is text, a compiled pattern, or a decorator."""

import ast

from procoder_tutor.facts.places import Place
from procoder_tutor.syntax import Function, all_arguments, own_nodes, statements


def is_text(place: Place, node: ast.expr) -> bool:
    """Whether an expression is surely a `str`: a literal, or a parameter annotated so."""
    if isinstance(node, ast.Name):
        hint = place.annotation(node.id)
        return hint is not None and place.full_name(hint) == "builtins.str"
    is_literal = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_literal or isinstance(node, ast.JoinedStr)


def is_compiled_pattern(place: Place, node: ast.expr) -> bool:
    """Whether a name is a variable of the module that holds what `re.compile` made."""
    value = place.module_value(node.id) if isinstance(node, ast.Name) else None
    return isinstance(value, ast.Call) and place.scope.full_name(value.func) == "re.compile"


def is_decorator(node: Function) -> bool:
    """Whether a function takes one function, and returns a nested one that calls it."""
    parameters = all_arguments(node.args)
    if len(parameters) != 1:
        return False
    inside = list(statements(node.body))
    returned = {
        statement.value.id
        for statement in inside
        if isinstance(statement, ast.Return) and isinstance(statement.value, ast.Name)
    }
    return any(
        isinstance(inner, Function) and inner.name in returned and _calls(inner, parameters[0].arg)
        for inner in inside
    )


def _calls(node: Function, name: str) -> bool:
    if any(argument.arg == name for argument in all_arguments(node.args)):
        return False
    return any(
        isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == name
        for inner in own_nodes(node)
    )
