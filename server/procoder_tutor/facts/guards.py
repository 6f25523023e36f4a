"""The statements of a symbol, each with what surrounds it: its condition and the handlers."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from procoder_tutor.facts.scope import Scope
from procoder_tutor.syntax import Definition, Loop, dotted, one_line

_MAX_CONDITION = 80


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a statement. A loop or a handler in between hides the condition."""

    condition: ast.expr | None = None
    """Test of the innermost `if`."""
    negated: bool = False
    case: tuple[ast.expr, ast.match_case] | None = None
    """Subject and case, where a `case` is innermost; then there is no `condition`."""
    handled: tuple[str, ...] = ()
    """Exceptions that handlers around it catch, as written; `` catches everything."""
    caught_as: tuple[str, ...] = ()
    """Names that handlers around it give to what they caught."""


def guarded_statements(scope: Scope) -> Iterator[tuple[ast.stmt, Around]]:
    """Yield the symbol's own statements in source order, not those of nested definitions.

    What no run can reach is left out.
    """
    body: list[ast.stmt] = getattr(scope.symbol.node, "body", [])
    waiting = [(statement, Around()) for statement in reversed(body)]
    while waiting:
        statement, around = waiting.pop()
        if id(statement) in scope.dead_nodes:
            continue
        yield statement, around
        if not isinstance(statement, Definition):
            for block, inner in reversed(_blocks(scope, statement, around)):
                waiting += [(child, inner) for child in reversed(block)]


def condition_text(scope: Scope, around: Around) -> str | None:
    """Source text of the innermost `if`, as `not (…)` in its else branch."""
    if around.condition is None:
        return None
    text = one_line(scope.document.source, around.condition, _MAX_CONDITION)
    return f"not ({text})" if around.negated else text


def guard_text(scope: Scope, around: Around) -> str | None:
    """Source text of the innermost `if` or `case`; the latter as `subject matches pattern`."""
    if around.case is None:
        return condition_text(scope, around)
    source = scope.document.source
    subject, case = around.case
    text = f"{one_line(source, subject, 40)} matches {one_line(source, case.pattern, 40)}"
    return f"{text} if {one_line(source, case.guard, 40)}" if case.guard else text


def caught_types(handler: ast.ExceptHandler) -> list[ast.expr]:
    """Return the expressions of the types that a handler names; empty for a bare `except:`."""
    if handler.type is None:
        return []
    return handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]


def _blocks(scope: Scope, node: ast.stmt, around: Around) -> list[tuple[list[ast.stmt], Around]]:
    if isinstance(node, ast.If):
        tested = replace(around, condition=node.test, negated=False, case=None)
        return [(node.body, tested), (node.orelse, replace(tested, negated=True))]
    loose = replace(around, condition=None, case=None)
    if isinstance(node, Loop):
        return [(node.body, loose), (node.orelse, loose)]
    if isinstance(node, ast.Match):
        return [(case.body, replace(loose, case=(node.subject, case))) for case in node.cases]
    if isinstance(node, ast.With | ast.AsyncWith):
        return [(node.body, replace(around, handled=around.handled + _suppressed(scope, node)))]
    if isinstance(node, ast.Try | ast.TryStar):
        return _try_blocks(node, around)
    return []


def _try_blocks(node: ast.Try | ast.TryStar, around: Around) -> list[tuple[list[ast.stmt], Around]]:
    handled = tuple(name for handler in node.handlers for name in _handled(handler))
    blocks = [(node.body, replace(around, handled=around.handled + handled))]
    for handler in node.handlers:
        named = (handler.name,) if handler.name else ()
        inner = replace(around, condition=None, case=None, caught_as=around.caught_as + named)
        blocks.append((handler.body, inner))
    return [*blocks, (node.orelse, around), (node.finalbody, around)]


def _handled(handler: ast.ExceptHandler) -> list[str]:
    if handler.type is None:
        return [""]
    return [name for node in caught_types(handler) if (name := dotted(node))]


def _suppressed(scope: Scope, node: ast.With | ast.AsyncWith) -> tuple[str, ...]:
    calls = [item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call)]
    return tuple(
        name
        for call in calls
        if scope.full_name(call.func) == "contextlib.suppress"
        for argument in call.args
        if (name := dotted(argument))
    )
