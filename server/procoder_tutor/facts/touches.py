"""What the code touches outside the program's memory, where imports and annotations prove it."""

import ast
from collections.abc import Iterator

from procoder_tutor.facts.calls import written
from procoder_tutor.facts.model import Touch, TouchKind
from procoder_tutor.facts.outside import OBJECTS, PATH_METHODS, touched_by_call
from procoder_tutor.facts.paths import is_path
from procoder_tutor.facts.scope import Scope

_OBJECT_NAMES = frozenset(name.rpartition(".")[2] for name in OBJECTS)


def touches(scope: Scope) -> tuple[Touch, ...]:
    """List what is touched, each name once, at its first line."""
    found: dict[tuple[str, str], Touch] = {}
    for touch in _all(scope):
        found.setdefault((touch.kind, touch.name), touch)
    return tuple(found.values())


def _all(scope: Scope) -> Iterator[Touch]:
    imported = _imported_objects(scope)
    for node in scope.reached:
        if isinstance(node, ast.Call):
            kind = _call(scope, node)
            name = written(scope, node.func) if kind else None
            if kind and name:
                yield Touch(kind, name, getattr(node.func, "end_lineno", None) or node.lineno)
        elif isinstance(node, ast.Attribute) and node.attr in _OBJECT_NAMES:
            kind = OBJECTS.get(scope.full_name(node) or "")
            if kind:
                yield Touch(kind, written(scope, node) or node.attr, node.lineno)
        elif isinstance(node, ast.Name) and node.id in imported:
            kind = OBJECTS.get(scope.full_name(node) or "")
            if kind:
                yield Touch(kind, node.id, node.lineno)


def _imported_objects(scope: Scope) -> set[str]:
    """Names by which the document imports one of `OBJECTS` from its module."""
    bindings, document = scope.document.bindings, scope.document
    scopes = [document.syntax] if scope.home is document.syntax else [document.syntax, scope.home]
    return {
        name
        for around in scopes
        for name, full in bindings.imports(around).items()
        if full in OBJECTS
    }


def _call(scope: Scope, node: ast.Call) -> TouchKind | None:
    full = scope.full_name(node.func)
    kind = touched_by_call(full) if full is not None else None
    if full == "builtins.print" and not _prints_to_console(scope, node):
        return None
    method = node.func
    if kind is None and isinstance(method, ast.Attribute) and method.attr in PATH_METHODS:
        return "file" if is_path(scope, method.value) else None
    return kind


def _prints_to_console(scope: Scope, node: ast.Call) -> bool:
    files = [keyword.value for keyword in node.keywords if keyword.arg in {"file", None}]
    return all(OBJECTS.get(scope.full_name(value) or "") == "console" for value in files)
