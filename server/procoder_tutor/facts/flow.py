"""How a function ends and waits: what it returns, yields, awaits and enters by `with`."""

import ast

from procoder_tutor.facts.endings import completes
from procoder_tutor.facts.guards import guard_text, guarded_statements
from procoder_tutor.facts.model import Return
from procoder_tutor.facts.scope import Scope
from procoder_tutor.syntax import Function, one_line


def returns(scope: Scope) -> tuple[Return, ...]:
    """Every `return` of the symbol itself, and its running off the end where that is sure."""
    source = scope.document.source
    found = [
        Return(
            statement.lineno,
            one_line(source, statement.value) if statement.value else None,
            guard_text(scope, around),
        )
        for statement, around in guarded_statements(scope)
        if isinstance(statement, ast.Return)
    ]
    if _runs_off(scope, found):
        found.append(Return(scope.symbol.end_line, None, implicit=True))
    return tuple(found)


def yields(scope: Scope) -> tuple[int, ...]:
    """Lines with `yield` or `yield from`."""
    found = {node.lineno for node in scope.nodes if isinstance(node, ast.Yield | ast.YieldFrom)}
    return tuple(sorted(found))


def awaits(scope: Scope) -> tuple[int, ...]:
    """Lines with `await`, `async for` or `async with`; those of comprehensions included."""
    found: set[int] = set()
    for node in scope.reached:
        if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith):
            found.add(node.lineno)
        elif isinstance(node, ast.comprehension) and node.is_async:
            found.add(node.target.lineno)
    return tuple(sorted(found))


def manages(scope: Scope) -> tuple[str, ...]:
    """Context managers that the symbol enters, as written."""
    source = scope.document.source
    entered = [
        one_line(source, item.context_expr)
        for node in scope.reached
        if isinstance(node, ast.With | ast.AsyncWith)
        for item in node.items
    ]
    return tuple(dict.fromkeys(entered))


def _runs_off(scope: Scope, found: list[Return]) -> bool:
    """Whether the function surely can reach its end, and that says something about it."""
    node = scope.symbol.node
    telling = not found or any(item.expression is not None for item in found)
    if not isinstance(node, Function) or not telling or scope.damaged or yields(scope):
        return False
    return completes(node.body) is True
