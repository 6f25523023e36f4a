"""Code in a form that is equal however it is written: layout, names and some spellings aside."""

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass

from procoder_tutor.edits.trees import docstring_node, shape
from procoder_tutor.syntax import Definition

_BUILTINS = frozenset(dir(builtins))
_TRIVIAL = (None, True, False, 0, 1, "")
_BLOCKS = (ast.stmt, ast.ExceptHandler, ast.match_case)
_BODIES = frozenset({"body", "orelse", "finalbody", "handlers", "cases"})
_IGNORED = frozenset({
    "annotation", "ctx", "kind", "lineno", "returns", "simple", "type_comment", "type_ignores",
    "type_params",
})  # fmt: skip
_MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Gt: ast.Lt, ast.GtE: ast.LtE}
_NEGATED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.In: ast.NotIn,
    ast.Is: ast.IsNot,
}
_WEIGHTLESS = (ast.operator, ast.cmpop, ast.unaryop, ast.boolop, ast.expr_context)
_SPECIFIC = 2
"""Weight of what tells one code from another: a called or built-in name, a text or a number."""
_MAX_TOKENS = 1_000
"""Larger pieces are left out: nobody hints with them, and their parts are there."""


@dataclass(frozen=True, slots=True)
class Form:
    """A piece of code: equal forms mean the same code."""

    tokens: tuple[object, ...]
    weight: int
    """How much the piece says; a name alone has 1."""


def forms(tree: ast.AST, *, renamed: bool) -> Iterator[Form]:
    """Yield the forms of all statements, headers of blocks, parameter lists and expressions.

    With `renamed`, variables are numbered in the order of each piece, so that names do not count.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Constant):
            continue
        pieces: list[ast.AST] = []
        if isinstance(node, ast.stmt | ast.expr | ast.arguments):
            pieces.append(node)
        if isinstance(node, _BLOCKS) and hasattr(node, "body") and not isinstance(node, ast.Try):
            pieces.append(_without_bodies(node))
        for piece in pieces:
            form = _form(piece, renamed=renamed)
            if len(form.tokens) < _MAX_TOKENS:
                yield form


def _form(root: ast.AST, *, renamed: bool) -> Form:
    """The form of a piece; of a large one the beginning."""
    numbers: dict[str, int] = {}
    tokens: list[object] = []
    weight = 0

    def name(text: str) -> int | str:
        return numbers.setdefault(text, len(numbers)) if renamed else text

    waiting: list[object] = [root]
    while waiting and len(tokens) < _MAX_TOKENS:
        current = waiting.pop()
        if isinstance(current, _Variable):
            tokens.append(name(current.name))
        elif isinstance(current, _Called):
            tokens.append(current.name)
            weight += _SPECIFIC
        elif isinstance(current, ast.Name):
            known = current.id in _BUILTINS
            tokens += ["name", current.id if known else name(current.id)]
            weight += _SPECIFIC if known else 1
        elif isinstance(current, ast.Constant):
            tokens += [type(current.value), current.value]
            weight += 1 if current.value in _TRIVIAL else _SPECIFIC
        elif isinstance(current, ast.AST):
            tokens.append(type(current))
            weight += 0 if isinstance(current, _WEIGHTLESS) else 1
            waiting.extend(reversed(_parts(current)))
        elif isinstance(current, list):
            tokens.append(len(current))
            waiting.extend(reversed(current))
        else:
            tokens.append(current)
            weight += isinstance(current, str)
    return Form(tuple(tokens), weight)


@dataclass(frozen=True, slots=True)
class _Variable:
    """A name that is bound here and may be renamed."""

    name: str


@dataclass(frozen=True, slots=True)
class _Called:
    """The name of a function that is called: it stays, since it says what is done."""

    name: str


def _parts(node: ast.AST) -> list[object]:
    """What a node consists of, with different spellings of the same made one."""
    if isinstance(node, ast.Call):
        called = _Called(node.func.id) if isinstance(node.func, ast.Name) else node.func
        return [called, node.args, sorted(node.keywords, key=lambda k: k.arg or "")]
    if isinstance(node, ast.Compare):
        return _comparison(node)
    if isinstance(node, ast.arg):
        return [_Variable(node.arg)]
    if isinstance(node, ast.Set):
        return [sorted(node.elts, key=lambda element: hash(shape(element)))]
    parts: list[object] = []
    for field in node._fields:
        value = getattr(node, field, None)
        if field in _IGNORED:
            continue
        if isinstance(node, Definition) and field == "body" and docstring_node(node):
            value = node.body[1:]
        if field == "name" and isinstance(value, str) and not isinstance(node, ast.alias):
            value = _Variable(value)
        parts.append(value)
    return parts


def _comparison(node: ast.Compare) -> list[object]:
    if len(node.ops) == 1 and type(node.ops[0]) in _MIRRORED:
        return [node.comparators[0], _MIRRORED[type(node.ops[0])], node.left]
    return [node.left, *(part for p in zip(node.ops, node.comparators, strict=True) for part in p)]


def _without_bodies(node: ast.AST) -> ast.AST:
    fields = {name: getattr(node, name, None) for name in node._fields if name not in _BODIES}
    return type(node)(**fields, **{name: [] for name in _BODIES if name in node._fields})


def simplified(tree: ast.AST) -> ast.AST:
    """Rewrite `x += 1`, `x: int = 1` and `not x in y` as `x = x + 1`, `x = 1` and `x not in y`."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, list):
                value[:] = [_plain(item) for item in value]
            elif isinstance(value, ast.AST):
                setattr(node, field, _plain(value))
        waiting += ast.iter_child_nodes(node)
    return tree


def mirrored(tree: ast.AST) -> ast.AST:
    """Swap the sides of every sum, product and test for equality: `b + a` for `a + b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mult):
            node.left, node.right = node.right, node.left
        elif isinstance(node, ast.Compare) and _asks_equality(node):
            node.left, node.comparators = node.comparators[0], [node.left]
    return tree


def _asks_equality(node: ast.Compare) -> bool:
    return len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq | ast.NotEq)


def _plain(node: object) -> object:
    if isinstance(node, ast.AugAssign):
        return ast.Assign([node.target], ast.BinOp(node.target, node.op, node.value))
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        return ast.Assign([node.target], node.value)
    if not isinstance(node, ast.UnaryOp) or not isinstance(node.op, ast.Not):
        return node
    inner = node.operand
    if isinstance(inner, ast.Compare) and len(inner.ops) == 1 and type(inner.ops[0]) in _NEGATED:
        return ast.Compare(inner.left, [_NEGATED[type(inner.ops[0])]()], inner.comparators)
    return node
