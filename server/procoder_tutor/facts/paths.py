"""Which expressions surely are a `pathlib.Path`, or a collection of them."""

import ast

from procoder_tutor.facts.mutable import annotation_names
from procoder_tutor.facts.outside import PATH_PARTS
from procoder_tutor.facts.scope import Scope
from procoder_tutor.parsing import parse_fragment
from procoder_tutor.syntax import Function, dotted

_PATH = "pathlib.Path"
_GIVE_PATHS = frozenset({"glob", "iterdir", "rglob"})
_SAME_ITEMS = frozenset({
    "builtins.iter", "builtins.list", "builtins.reversed", "builtins.set", "builtins.sorted",
    "builtins.tuple",
})  # fmt: skip
_COLLECTIONS = frozenset({
    "AbstractSet", "Collection", "Generator", "Iterable", "Iterator", "List", "Sequence", "Set",
    "Tuple", "deque", "frozenset", "list", "set", "tuple",
})  # fmt: skip
"""Types whose first parameter is the type of what a loop over them gives."""
_MAX_CHAIN = 20


def is_path(scope: Scope, node: ast.expr, depth: int = _MAX_CHAIN) -> bool:
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
    """Whether a name is bound once: to a path, or to each of several paths."""
    bound = _only_binding(scope, name)
    if isinstance(bound, ast.arg):
        starred = _is_starred(scope, bound)
        return not starred and _says_path(scope, bound.annotation)
    for node in scope.nodes if bound is not None else ():
        match node:
            case ast.Assign(targets=targets, value=value) if bound in targets:
                return is_path(scope, value, depth)
            case ast.AnnAssign(target=target, annotation=annotation) if target is bound:
                return _says_path(scope, annotation)
            case (
                ast.For(target=target, iter=source) | ast.comprehension(target=target, iter=source)
            ) if target is bound:
                return _gives_paths(scope, source, depth)
    return False


def _gives_paths(scope: Scope, node: ast.expr, depth: int) -> bool:
    """Whether a loop over an expression surely goes through paths."""
    while depth > 0:
        depth -= 1
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name in _GIVE_PATHS:
                return is_path(scope, owner, depth)
            case ast.Call(func=called, args=[inner, *_]):
                if scope.full_name(called) not in _SAME_ITEMS:
                    return False
                node = inner
            case _:
                return isinstance(node, ast.Name) and _holds_paths(scope, node.id, depth)
    return False


def _holds_paths(scope: Scope, name: str, depth: int) -> bool:
    """Whether a name is bound once: to a collection of paths."""
    bound = _only_binding(scope, name)
    if isinstance(bound, ast.arg):
        item = bound.annotation if _is_starred(scope, bound) else _item_type(bound.annotation)
        return _says_path(scope, item)
    for node in scope.nodes if bound is not None else ():
        match node:
            case ast.Assign(targets=targets, value=value) if bound in targets:
                return _gives_paths(scope, value, depth)
            case ast.AnnAssign(target=target, annotation=annotation) if target is bound:
                return _says_path(scope, _item_type(annotation))
    return False


def _only_binding(scope: Scope, name: str) -> ast.AST | None:
    """The only node that binds a name of the function; None where there are several."""
    if not isinstance(scope.home, Function):
        return None
    bound = scope.document.bindings.of(scope.home).get(name, [])
    return bound[0] if len(bound) == 1 else None


def _is_starred(scope: Scope, argument: ast.arg) -> bool:
    """Whether a parameter is `*args`, whose annotation is that of its items."""
    return isinstance(scope.home, Function) and scope.home.args.vararg is argument


def _item_type(annotation: ast.expr | None) -> ast.expr | None:
    """`Path` of `list[Path]`, `tuple[Path, ...]` and their like."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        tree = parse_fragment(annotation.value.strip())
        first = tree.body[0] if tree is not None and len(tree.body) == 1 else None
        annotation = first.value if isinstance(first, ast.Expr) else None
    match annotation:
        case ast.Subscript(value=outer, slice=inner):
            if (dotted(outer) or "").rpartition(".")[2] not in _COLLECTIONS:
                return None
            if not isinstance(inner, ast.Tuple):
                return inner
            same = len(inner.elts) > 1 and isinstance(inner.elts[1], ast.Constant)
            return inner.elts[0] if same else None
    return None


def _says_path(scope: Scope, annotation: ast.expr | None) -> bool:
    """Whether an annotation means `Path`, or `Path | None`."""
    names = annotation_names(annotation) or set()
    known = scope.full_name(ast.Name("Path", ast.Load())) == _PATH
    dotted_path = scope.full_name(annotation) == _PATH if annotation is not None else False
    return names - {"None"} == {"Path"} and (known or dotted_path)
