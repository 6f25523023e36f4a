"""How deeply the code of a symbol is nested: all blocks, and loops alone."""

import ast
from collections.abc import Iterator

from procoder_tutor.facts.scope import Scope
from procoder_tutor.syntax import Comprehension, Definition, Loop, child_blocks

_TRY = ast.Try | ast.TryStar
_BLOCK = ast.If | Loop | ast.With | ast.AsyncWith | _TRY | ast.Match


def nesting(scope: Scope) -> int:
    """Deepest nesting of blocks; an `elif` is as deep as its `if`."""
    deepest = 0
    waiting = [(statement, 0) for statement in _body(scope)]
    while waiting:
        statement, depth = waiting.pop()
        if isinstance(statement, _BLOCK):
            deepest = max(deepest, depth + 1)
            waiting += [
                (child, depth if is_elif(statement, block) else depth + 1)
                for block in child_blocks(statement)
                for child in block
            ]
    return deepest


def is_elif(statement: ast.stmt, block: list[ast.stmt]) -> bool:
    """Whether a block is the `elif` of an `if`, which stands where the `if` does."""
    is_else = isinstance(statement, ast.If) and block is statement.orelse
    only_if = is_else and len(block) == 1 and isinstance(block[0], ast.If)
    return only_if and block[0].col_offset == statement.col_offset


def loop_nesting(scope: Scope) -> int:
    """Deepest nesting of loops, each `for` of a comprehension counted as one."""
    deepest = 0
    waiting: list[tuple[ast.AST, int]] = [(statement, 0) for statement in _body(scope)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting += _inside(node, depth)
    return deepest


def _inside(node: ast.AST, depth: int) -> Iterator[tuple[ast.AST, int]]:
    """Yield the parts of a node with the number of loops around them."""
    if isinstance(node, Definition | ast.Lambda):
        return
    if isinstance(node, ast.For | ast.AsyncFor):
        yield node.iter, depth
        yield from ((part, depth + 1) for part in node.body)
        yield from ((part, depth) for part in node.orelse)
    elif isinstance(node, ast.While):
        yield from ((part, depth + 1) for part in [node.test, *node.body])
        yield from ((part, depth) for part in node.orelse)
    elif isinstance(node, Comprehension):
        yield from _comprehension(node, depth)
    else:
        yield from ((part, depth) for part in ast.iter_child_nodes(node))


def _comprehension(node: Comprehension, depth: int) -> Iterator[tuple[ast.AST, int]]:
    for number, generator in enumerate(node.generators):
        yield generator.iter, depth + number
        yield from ((test, depth + number + 1) for test in generator.ifs)
    results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    yield from ((part, depth + len(node.generators)) for part in results)


def _body(scope: Scope) -> list[ast.stmt]:
    body: list[ast.stmt] = getattr(scope.symbol.node, "body", [])
    return body
