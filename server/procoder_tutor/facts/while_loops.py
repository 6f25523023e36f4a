"""`while` loops whose number of repetitions is plain to see: counting up or down, and halving."""

import ast
from collections.abc import Iterator
from dataclasses import replace

from procoder_tutor.facts.costs import Cost, Untold
from procoder_tutor.facts.sizes import Sizes
from procoder_tutor.syntax import statements

_TWO = 2


def repetitions(loop: ast.While, before: list[ast.stmt], sizes: Sizes) -> Cost:
    """How often a loop repeats. Raises Untold for any but the plainest.

    `before` are the statements of the function, where the ends of a search are first set.
    """
    cost = _shrinks(loop, before, sizes) or _searches(loop, before, sizes) or _counts(loop, sizes)
    if cost is None:
        raise Untold
    return cost


def _counts(loop: ast.While, sizes: Sizes) -> Cost | None:
    """`while i < len(items):` with `i += 1` once each time."""
    match loop.test:
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Lt() | ast.LtE()], comparators=[end]):
            steps = [node for node in statements(loop.body) if name in _assigned(node)]
            if len(steps) == 1 and _counts_by(steps[0], ast.Add) and steps[0] in loop.body:
                return replace(sizes.number(end), lines=(loop.lineno,))
    return None


def _shrinks(loop: ast.While, before: list[ast.stmt], sizes: Sizes) -> Cost | None:
    """`while n:` or `while n > 0:` with `n //= 2` or `n -= 1` once each time."""
    name = _positive(loop.test) or ""
    steps = [node for node in statements(loop.body) if name in _assigned(node)]
    everywhere = [node for node in statements(before) if name in _assigned(node)]
    once = len(steps) == 1 and len(everywhere) == 1 and steps[0] in loop.body
    if not once or not sizes.is_argument(name):
        return None
    if _divides(steps[0], name):
        return Cost(0, 1, name, (loop.lineno,), "halves")
    down = _counts_by(steps[0], ast.Sub)
    return Cost(1, 0, name, (loop.lineno,), "numbers") if down else None


def _searches(loop: ast.While, before: list[ast.stmt], sizes: Sizes) -> Cost | None:
    """`while low < high:` that looks at the middle and moves one end there."""
    match loop.test:
        case ast.Compare(
            left=ast.Name(id=low), ops=[ast.Lt() | ast.LtE()], comparators=[ast.Name(id=high)]
        ):
            middle = next((m for node in loop.body if (m := _middle(node, low, high))), None)
        case _:
            return None
    moves = [node for node in statements(loop.body) if {low, high} & set(_assigned(node))]
    moved = {name for node in moves for name in _assigned(node)}
    if middle is None or moved != {low, high} or not all(_moves_to(m, middle) for m in moves):
        return None
    size = _first_size(before, loop, high, sizes)
    return Cost(0, 1, size.about, (loop.lineno,), "halves") if size.about else None


def _first_size(before: list[ast.stmt], loop: ast.While, name: str, sizes: Sizes) -> Cost:
    """Size that the upper end of a search starts with."""
    for node in statements(before):
        if node.lineno >= loop.lineno:
            break
        value = _value_of(node, name)
        if value is not None:
            return sizes.number(value)
    raise Untold


def _value_of(node: ast.stmt, name: str) -> ast.expr | None:
    """Value that an assignment gives to a name, also as one of a tuple."""
    if not isinstance(node, ast.Assign):
        return None
    for target in node.targets:
        if isinstance(target, ast.Name) and target.id == name:
            return node.value
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            for part, value in zip(target.elts, node.value.elts, strict=False):
                if isinstance(part, ast.Name) and part.id == name:
                    return value
    return None


def _positive(test: ast.expr) -> str | None:
    """Name of which a test says that it is not yet zero."""
    match test:
        case ast.Name(id=name):
            return name
        case ast.Compare(left=ast.Name(id=name), ops=[op], comparators=[ast.Constant(value=end)]):
            above = isinstance(op, ast.Gt | ast.NotEq) and end == 0
            return name if above or (isinstance(op, ast.Gt | ast.GtE) and end == 1) else None
    return None


def _divides(node: ast.stmt, name: str) -> bool:
    """`name //= 2`, `name = name // 10` or `name >>= 1`."""
    match node:
        case ast.AugAssign(op=op, value=ast.Constant(value=int(by))):
            pass
        case ast.Assign(
            value=ast.BinOp(left=ast.Name(id=left), op=op, right=ast.Constant(value=int(by)))
        ) if left == name:
            pass
        case _:
            return False
    floor = isinstance(op, ast.FloorDiv) and by >= _TWO
    return floor or (isinstance(op, ast.RShift) and by >= 1)


def _middle(node: ast.stmt, low: str, high: str) -> str | None:
    """Name that gets the middle of two others."""
    match node:
        case ast.Assign(targets=[ast.Name(id=middle)], value=value):
            names = {n.id for n in ast.walk(value) if isinstance(n, ast.Name)}
            halves = any(
                isinstance(n, ast.BinOp)
                and isinstance(n.op, ast.FloorDiv | ast.RShift | ast.Div)
                and isinstance(n.right, ast.Constant)
                for n in ast.walk(value)
            )
            return middle if names == {low, high} and halves else None
    return None


def _moves_to(node: ast.stmt, middle: str) -> bool:
    """`low = middle + 1` and its like."""
    match node:
        case ast.Assign(value=ast.Name(id=name)):
            return name == middle
        case ast.Assign(
            value=ast.BinOp(
                left=ast.Name(id=name), op=ast.Add() | ast.Sub(), right=ast.Constant(value=1)
            )
        ):
            return name == middle
    return False


def _counts_by(node: ast.stmt, operator: type[ast.operator]) -> bool:
    """`name += 1` or `name -= 2`, as the operator says."""
    match node:
        case ast.AugAssign(op=op, value=ast.Constant(value=int(by))):
            return isinstance(op, operator) and by > 0
    return False


def _assigned(node: ast.stmt) -> Iterator[str]:
    """Yield the names that an assignment binds."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.For | ast.AsyncFor):
        targets = [node.target]
    for target in targets:
        yield from (n.id for n in ast.walk(target) if isinstance(n, ast.Name))
