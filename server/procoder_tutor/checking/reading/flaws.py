"""Loops that cannot do what they seem to do, so that the obvious sentence about them is false."""

import ast
from collections.abc import Iterator

_CHANGING = frozenset({"remove", "pop", "insert"})


def flaws_of(root: ast.AST) -> Iterator[str]:
    """Yield labels of loops that end in their first round or change the list they read."""
    for node in ast.walk(root):
        if isinstance(node, ast.For | ast.AsyncFor):
            if _always_leaves(node.body):
                yield "first-round-only"
            if isinstance(node.iter, ast.Name) and _changes(node, node.iter.id):
                yield "changed-while-iterating"


def _always_leaves(block: list[ast.stmt]) -> bool:
    """Tell whether every way through a block ends the loop."""
    waiting = [block]
    while waiting:
        last = waiting.pop()[-1]
        if isinstance(last, ast.If) and last.orelse:
            waiting += [last.body, last.orelse]
        elif not isinstance(last, ast.Return | ast.Raise | ast.Break):
            return False
    return True


def _changes(loop: ast.AST, name: str) -> bool:
    """Tell whether a loop calls a method that moves the items of `name`."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _CHANGING
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == name
        for node in ast.walk(loop)
    )
