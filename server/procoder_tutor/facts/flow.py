"""How a function ends: what it returns, raises and yields, itself and not by what it calls."""

import ast
import builtins
from dataclasses import dataclass, replace

from procoder_tutor.facts.model import Raise, Return
from procoder_tutor.facts.scope import Scope
from procoder_tutor.syntax import Definition, Loop, dotted, one_line, own_nodes

RE_RAISE = "re-raise"
_MAX_CONDITION = 80


def returns(scope: Scope) -> tuple[Return, ...]:
    """Every `return` of the function itself."""
    source = scope.document.source
    return tuple(
        Return(node.lineno, one_line(source, node.value) if node.value else None)
        for node in own_nodes(scope.symbol.node)
        if isinstance(node, ast.Return)
    )


def yields(scope: Scope) -> tuple[int, ...]:
    """Lines with `yield` or `yield from`."""
    found = {
        node.lineno
        for node in own_nodes(scope.symbol.node)
        if isinstance(node, ast.Yield | ast.YieldFrom)
    }
    return tuple(sorted(found))


@dataclass(frozen=True)
class _Around:
    """What surrounds a statement."""

    condition: ast.expr | None = None
    negated: bool = False
    handled: tuple[str, ...] = ()
    """Exceptions that handlers around it catch, as written; `` catches everything."""
    caught_as: tuple[str, ...] = ()
    """Names that handlers around it give to what they caught."""


def raises(scope: Scope) -> tuple[Raise, ...]:
    """Every `raise` that can leave the function: not one that its own handlers catch."""
    found: list[Raise] = []
    body: list[ast.stmt] = scope.symbol.node.body  # type: ignore[attr-defined]  # function or module
    waiting = [(statement, _Around()) for statement in reversed(body)]
    while waiting:
        statement, around = waiting.pop()
        if isinstance(statement, Definition):
            continue
        if isinstance(statement, ast.Raise):
            listed = _raise(scope, statement, around)
            found += [listed] if listed else []
        for block, inner in reversed(_blocks(scope, statement, around)):
            waiting += [(child, inner) for child in reversed(block)]
    return tuple(found)


def _blocks(scope: Scope, node: ast.stmt, around: _Around) -> list[tuple[list[ast.stmt], _Around]]:
    if isinstance(node, ast.If):
        return [
            (node.body, replace(around, condition=node.test, negated=False)),
            (node.orelse, replace(around, condition=node.test, negated=True)),
        ]
    loose = replace(around, condition=None)
    if isinstance(node, Loop):
        return [(node.body, loose), (node.orelse, loose)]
    if isinstance(node, ast.Match):
        return [(case.body, loose) for case in node.cases]
    if isinstance(node, ast.With | ast.AsyncWith):
        return [(node.body, replace(around, handled=around.handled + _suppressed(scope, node)))]
    if isinstance(node, ast.Try | getattr(ast, "TryStar", ast.Try)):
        return _try_blocks(node, around)
    return []


def _try_blocks(node: ast.Try, around: _Around) -> list[tuple[list[ast.stmt], _Around]]:
    handled = tuple(name for handler in node.handlers for name in _handled(handler))
    blocks = [(node.body, replace(around, handled=around.handled + handled))]
    for handler in node.handlers:
        named = (handler.name,) if handler.name else ()
        inner = replace(around, condition=None, caught_as=around.caught_as + named)
        blocks.append((handler.body, inner))
    return [*blocks, (node.orelse, around), (node.finalbody, around)]


def _handled(handler: ast.ExceptHandler) -> list[str]:
    if handler.type is None:
        return [""]
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return [name for node in caught if (name := dotted(node))]


def _suppressed(scope: Scope, node: ast.With | ast.AsyncWith) -> tuple[str, ...]:
    calls = [item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call)]
    return tuple(
        name
        for call in calls
        if scope.full_name(call.func) == "contextlib.suppress"
        for argument in call.args
        if (name := dotted(argument))
    )


def _raise(scope: Scope, node: ast.Raise, around: _Around) -> Raise | None:
    source = scope.document.source
    name = RE_RAISE
    if node.exc is not None:
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        if not (isinstance(raised, ast.Name) and raised.id in around.caught_as):
            name = one_line(source, raised, 60)
    if name != RE_RAISE and any(_catches(scope, handled, name) for handled in around.handled):
        return None
    if name == RE_RAISE and "" in around.handled:
        return None
    condition = None
    if around.condition is not None:
        condition = one_line(source, around.condition, _MAX_CONDITION)
        condition = f"not ({condition})" if around.negated else condition
    return Raise(name, node.lineno, condition)


def _catches(scope: Scope, handled: str, raised: str) -> bool:
    """Whether a handler surely, or for want of knowledge presumably, catches an exception."""
    if handled in {"", "BaseException"} or handled == raised:
        return True
    ancestors = _ancestors(scope, raised)
    if handled in ancestors:
        return True
    leaves_exception = {"BaseException", "SystemExit", "KeyboardInterrupt", "GeneratorExit"}
    return handled == "Exception" and raised not in leaves_exception


def _ancestors(scope: Scope, name: str) -> set[str]:
    """Names of the base classes of an exception, in this document and among the builtins."""
    found: set[str] = set()
    waiting = [name]
    classes = {s.name: s.node for s in scope.document.symbols if isinstance(s.node, ast.ClassDef)}
    while waiting:
        current = waiting.pop()
        if current in found:
            continue
        found.add(current)
        if current in classes:
            waiting += [base for node in classes[current].bases if (base := dotted(node))]
        elif isinstance(known := getattr(builtins, current, None), type):
            found.update(base.__name__ for base in known.__mro__)
    return found
