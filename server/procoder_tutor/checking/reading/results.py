"""Whether a function gives back a collection that it made itself."""

import ast

from procoder_tutor.checking.reading.assignments import assigned_values
from procoder_tutor.syntax import Function, own_nodes

_DISPLAYS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
_MAKERS = frozenset({"list", "dict", "set", "sorted"})


def makes_its_result(node: ast.AST) -> bool:
    """Tell whether every return gives back a new collection, directly or by a local name."""
    if not isinstance(node, Function):
        return False
    returns = [inner.value for inner in own_nodes(node) if isinstance(inner, ast.Return)]
    assigned = assigned_values(node)
    return bool(returns) and all(
        value is not None and _is_new(value, node, assigned) for value in returns
    )


def _is_new(value: ast.expr, node: Function, assigned: dict[str, list[ast.expr]]) -> bool:
    if not isinstance(value, ast.Name):
        return _is_made(value)
    sources = [] if value.id in _parameters(node) else assigned.get(value.id, [])
    return bool(sources) and all(map(_is_made, sources))


def _is_made(value: ast.expr) -> bool:
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id in _MAKERS
    return isinstance(value, _DISPLAYS)


def _parameters(node: Function) -> set[str]:
    return {inner.arg for inner in ast.walk(node.args) if isinstance(inner, ast.arg)}
