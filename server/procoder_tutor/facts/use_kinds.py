"""What one occurrence of a parameter is: told by the nodes around it."""

import ast
from collections.abc import Iterator

from procoder_tutor.facts.calls import written
from procoder_tutor.facts.model import Use, UseKind
from procoder_tutor.facts.mutable import annotation_names
from procoder_tutor.facts.scope import Scope
from procoder_tutor.syntax import Function, all_arguments, one_line

_MAX_DETAIL = 60
_BY_PARENT: tuple[tuple[type[ast.AST], UseKind], ...] = (
    (ast.Compare, "compared"),
    (ast.BoolOp, "tested"),
    (ast.BinOp, "computed"),
    (ast.AugAssign, "computed"),
    (ast.FormattedValue, "formatted"),
    (ast.Return, "returned"),
    (ast.Yield, "yielded"),
    (ast.YieldFrom, "yielded"),
    (ast.AnnAssign, "stored"),
    (ast.NamedExpr, "stored"),
    (ast.List, "stored"),
    (ast.Set, "stored"),
    (ast.Dict, "stored"),
)
"""Kinds that need no more than the type of the node above."""
_TESTS = ast.If | ast.While | ast.IfExp | ast.Assert


def use_of(scope: Scope, name: ast.Name, parents: Iterator[ast.AST]) -> Use:
    """Tell how a name that is read is used; `parents` are the nodes around it, innermost first."""
    node: ast.AST = name
    parent = next(parents, None)
    while isinstance(parent, ast.IfExp) and node is not parent.test:
        node, parent = parent, next(parents, None)
    above = next(parents, None)
    if isinstance(parent, ast.Attribute):
        return _attribute(scope, name, parent, above)
    call = above if isinstance(parent, ast.Starred | ast.keyword) else parent
    if isinstance(call, ast.Call):
        if call.func is node:
            return Use("called", name.lineno)
        detail = written(scope, call.func) or one_line(
            scope.document.source, call.func, _MAX_DETAIL
        )
        return Use("passed", name.lineno, detail)
    return Use(_kind(scope, node, parent, above), name.lineno)


def _attribute(scope: Scope, name: ast.Name, parent: ast.Attribute, above: ast.AST | None) -> Use:
    """An attribute that is assigned or deleted counts as a change, which is proved elsewhere."""
    if not isinstance(parent.ctx, ast.Load):
        return Use("changed", name.lineno)
    is_template = isinstance(above, ast.Call) and above.func is parent and parent.attr == "format"
    if is_template and _may_be_text(scope, name):
        return Use("formatted", name.lineno)
    return Use("attribute", name.lineno, parent.attr)


def _kind(scope: Scope, node: ast.AST, parent: ast.AST | None, above: ast.AST | None) -> UseKind:
    if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mod):
        return "formatted" if _formats(scope, node, parent) else "computed"
    if isinstance(parent, ast.Tuple) and isinstance(above, ast.BinOp):
        return "formatted" if _is_text(above.left) else "stored"
    for kind, use in _BY_PARENT:
        if isinstance(parent, kind):
            return use
    if _is_iterated(node, parent):
        return "iterated"
    if _is_tested(node, parent):
        return "tested"
    return _remaining(parent, node, above)


def _remaining(parent: ast.AST | None, node: ast.AST, above: ast.AST | None) -> UseKind:
    match parent:
        case ast.UnaryOp():
            return "computed"
        case ast.Subscript(value=value, ctx=ctx) if value is node:
            return "indexed" if isinstance(ctx, ast.Load) else "changed"
        case ast.Assign():
            return "stored"
        case ast.Tuple() if not isinstance(above, ast.Subscript):
            return "stored"
    return "read"


def _is_iterated(node: ast.AST, parent: ast.AST | None) -> bool:
    match parent:
        case ast.For(iter=source) | ast.AsyncFor(iter=source) | ast.comprehension(iter=source):
            return source is node
        case ast.Assign(targets=targets):
            return any(isinstance(target, ast.Tuple | ast.List) for target in targets)
        case ast.Starred():
            return True
    return False


def _is_tested(node: ast.AST, parent: ast.AST | None) -> bool:
    match parent:
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.comprehension(ifs=tests):
            return node in tests
        case ast.match_case(guard=guard):
            return guard is node
    return isinstance(parent, _TESTS) and parent.test is node


def _formats(scope: Scope, node: ast.AST, parent: ast.BinOp) -> bool:
    """Whether `%` fills a template: one that is a text, or that gets a tuple or a dict."""
    if parent.left is not node:
        return _is_text(parent.left)
    fills = isinstance(parent.right, ast.Tuple | ast.Dict) or _is_text(parent.right)
    return fills or (isinstance(node, ast.Name) and _annotated_text(scope, node))


def _is_text(node: ast.AST) -> bool:
    is_constant = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_constant or isinstance(node, ast.JoinedStr)


def _may_be_text(scope: Scope, name: ast.Name) -> bool:
    return _annotated_text(scope, name) or _annotation(scope, name) is None


def _annotated_text(scope: Scope, name: ast.Name) -> bool:
    return annotation_names(_annotation(scope, name)) == {"str"}


def _annotation(scope: Scope, name: ast.Name) -> ast.expr | None:
    node = scope.symbol.node
    arguments = all_arguments(node.args) if isinstance(node, Function) else []
    return next((a.annotation for a in arguments if a.arg == name.id), None)
