"""What names are set to in a piece of code, and what their values are made from."""

import ast
from collections.abc import Iterable, Iterator

from procoder_tutor.checking.reading.actions import words_in
from procoder_tutor.syntax import dotted, statements

_LONGEST = 200


def assigned_values(node: ast.AST, *, shallow: bool = False) -> dict[str, list[ast.expr]]:
    """Collect what names and attributes are set to, in source order.

    `shallow` leaves out what functions and classes inside set.
    """
    found: dict[str, list[ast.expr]] = {}
    for inner in _own_statements(node) if shallow else ast.walk(node):
        if isinstance(inner, ast.Assign):
            pairs = [pair for target in inner.targets for pair in _pairs(target, inner.value)]
        elif isinstance(inner, ast.AnnAssign | ast.NamedExpr) and inner.value is not None:
            pairs = [(inner.target, inner.value)]
        else:
            continue
        for target, value in pairs:
            if name := dotted(target):
                found.setdefault(name, []).append(value)
    return found


def declared_fields(owner: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Yield `self.name` and the annotation of what the body of a class declares."""
    for statement in owner.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield f"self.{statement.target.id}", short(statement.annotation)


def operands_of(node: ast.AST) -> dict[str, tuple[str, ...]]:
    """Return the source text of the operations by the name of their operator."""
    found: dict[str, list[str]] = {}
    for inner in ast.walk(node):
        if isinstance(inner, ast.BinOp | ast.AugAssign):
            found.setdefault(type(inner.op).__name__, []).append(short(inner))
    return {name: tuple(texts) for name, texts in found.items()}


def origins_of(node: ast.AST) -> dict[str, frozenset[str]]:
    """Return for each word of a variable the words its values are made from.

    Assignments, loops and `with` are followed twice, which reaches nearly everything.
    """
    found: dict[str, set[str]] = {}
    for target, value in _sources(node):
        made_from = words_in(value)
        for name in words_in(target):
            found.setdefault(name, set()).update(made_from)
    twice = {
        name: sources.union(*(found.get(source, ()) for source in sources))
        for name, sources in found.items()
    }
    return {name: frozenset(sources) for name, sources in twice.items()}


def short(node: ast.AST) -> str:
    """Return the code of a node, cut where it is long; empty where it is too deep to write."""
    try:
        return ast.unparse(node)[:_LONGEST]
    except (RecursionError, ValueError):
        return ""


def _own_statements(node: ast.AST) -> Iterable[ast.stmt]:
    """The statements of a module, or those of a class and its methods."""
    if isinstance(node, ast.ClassDef):
        for statement in node.body:
            yield from (inner for inner in ast.walk(statement) if isinstance(inner, ast.stmt))
    elif isinstance(node, ast.Module):
        yield from statements(node.body)


def _pairs(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """Match the parts of `a, b = x, y`."""
    if not isinstance(target, ast.Tuple) or not isinstance(value, ast.Tuple):
        return [(target, value)]
    if len(target.elts) != len(value.elts):
        return [(target, value)]
    return list(zip(target.elts, value.elts, strict=True))


def _sources(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Assign):
            yield from ((target, inner.value) for target in inner.targets)
        elif isinstance(inner, ast.AnnAssign | ast.NamedExpr | ast.AugAssign):
            if inner.value is not None:
                yield inner.target, inner.value
        elif isinstance(inner, ast.For | ast.AsyncFor | ast.comprehension):
            yield inner.target, inner.iter
        elif isinstance(inner, ast.withitem) and inner.optional_vars is not None:
            yield inner.optional_vars, inner.context_expr
