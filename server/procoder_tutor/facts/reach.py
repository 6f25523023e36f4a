"""Statements that no run can reach, as far as the text alone proves it."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from procoder_tutor.facts.endings import always, leaves
from procoder_tutor.syntax import Definition, child_blocks

_LEAVING = ast.Return | ast.Raise | ast.Break | ast.Continue
_EXITS = frozenset({"sys.exit", "os._exit", "os.abort", "builtins.exit", "builtins.quit"})
"""Calls that never return: https://docs.python.org/3/library/sys.html#sys.exit and its like."""

FullName = Callable[[ast.AST], str | None]
"""Gives the full name of an expression that is imported or built in."""


@dataclass(frozen=True, slots=True)
class Dead:
    """Statements at the end of a block, none of which ever runs."""

    statements: list[ast.stmt]
    reason: str
    """Why, as a clause, e.g. ``the `return` on line 3 always leaves before it``."""


def dead_code(body: list[ast.stmt], full_name: FullName) -> Iterator[Dead]:
    """Yield what is dead in a scope; what is inside of dead code is not told again."""
    waiting = [body]
    while waiting:
        block = waiting.pop()
        living = block
        for index, (before, _) in enumerate(pairwise(block), start=1):
            if reason := _ends(before, full_name):
                living = block[:index]
                yield Dead(block[index:], reason)
                break
        for statement in living:
            dead = _dead_branch(statement)
            if dead is not None:
                yield dead
            if not isinstance(statement, Definition):
                first = dead.statements[0] if dead is not None else None
                waiting += [inner for inner in child_blocks(statement) if inner[0] is not first]


def _ends(node: ast.stmt, full_name: FullName) -> str:
    """Why nothing after a statement of the same block runs; empty where it may."""
    if isinstance(node, _LEAVING):
        word = type(node).__name__.lower()
        return f"the `{word}` on line {node.lineno} always leaves before it"
    if isinstance(node, ast.While) and always(node.test) and not leaves(node):
        return f"the loop on line {node.lineno} has no `break`"
    match node:
        case ast.Expr(value=ast.Call(func=called)) if (full := full_name(called)) in _EXITS:
            name = full.removeprefix("builtins.")
            return f"`{name}` on line {node.lineno} ends the program before it"
    return ""


def _dead_branch(node: ast.stmt) -> Dead | None:
    if not isinstance(node, ast.If | ast.While):
        return None
    truth = always(node.test)
    dead: list[ast.stmt] = []
    if truth is False:
        dead = node.body
    elif truth and isinstance(node, ast.If):
        dead = node.orelse
    if not dead:
        return None
    text = "false" if truth is False else "true"
    word = "if" if isinstance(node, ast.If) else "while"
    return Dead(dead, f"the test of the `{word}` on line {node.lineno} is always {text}")
