"""What the code touches outside the program's memory, where imports and annotations prove it."""

import ast
from collections.abc import Iterator

from procoder_tutor.facts.calls import written
from procoder_tutor.facts.model import Touch, TouchKind
from procoder_tutor.facts.mutable import annotation_names
from procoder_tutor.facts.outside import OBJECTS, PATH_METHODS, PATH_PARTS, touched_by_call
from procoder_tutor.facts.scope import Scope
from procoder_tutor.syntax import Function

_OBJECT_NAMES = frozenset(name.rpartition(".")[2] for name in OBJECTS)
_PATH = "pathlib.Path"
_MAX_CHAIN = 20


def touches(scope: Scope) -> tuple[Touch, ...]:
    """List what is touched, each name once, at its first line."""
    found: dict[tuple[str, str], Touch] = {}
    for touch in _all(scope):
        found.setdefault((touch.kind, touch.name), touch)
    return tuple(found.values())


def _all(scope: Scope) -> Iterator[Touch]:
    imported = _imported_objects(scope)
    for node in scope.nodes:
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
        return "file" if _is_path(scope, method.value, _MAX_CHAIN) else None
    return kind


def _prints_to_console(scope: Scope, node: ast.Call) -> bool:
    files = [keyword.value for keyword in node.keywords if keyword.arg in {"file", None}]
    return all(OBJECTS.get(scope.full_name(value) or "") == "console" for value in files)


def _is_path(scope: Scope, node: ast.expr, depth: int) -> bool:
    """Whether an expression surely is a `pathlib.Path`."""
    while depth > 0:
        depth -= 1
        match node:
            case ast.Call(func=ast.Attribute(value=inner, attr=name)) if name in PATH_PARTS:
                node = inner
            case ast.Attribute(value=inner, attr="parent"):
                node = inner
            case ast.BinOp(left=left, op=ast.Div()):
                node = left
            case ast.Call(func=called):
                return scope.full_name(called) in {_PATH, f"{_PATH}.cwd", f"{_PATH}.home"}
            case _:
                return isinstance(node, ast.Name) and _is_path_name(scope, node.id, depth)
    return False


def _is_path_name(scope: Scope, name: str, depth: int) -> bool:
    """Whether a name is bound once: as a parameter or variable that is a path."""
    if not isinstance(scope.home, Function):
        return False
    bound = scope.document.bindings.of(scope.home).get(name, [])
    if len(bound) != 1:
        return False
    if isinstance(bound[0], ast.arg):
        return _says_path(scope, bound[0].annotation)
    for node in scope.nodes:
        if isinstance(node, ast.Assign) and bound[0] in node.targets:
            return _is_path(scope, node.value, depth)
        if isinstance(node, ast.AnnAssign) and node.target is bound[0]:
            return _says_path(scope, node.annotation)
    return False


def _says_path(scope: Scope, annotation: ast.expr | None) -> bool:
    """Whether an annotation means `Path`, or `Path | None`."""
    names = annotation_names(annotation) or set()
    known = scope.full_name(ast.Name("Path", ast.Load())) == _PATH
    dotted_path = scope.full_name(annotation) == _PATH if annotation is not None else False
    return names - {"None"} == {"Path"} and (known or dotted_path)
