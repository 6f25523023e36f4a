"""Exceptions: which the code raises itself, which of them escape, and what its handlers do."""

import ast
import builtins
from collections.abc import Iterator

from procoder_tutor.facts.guards import Around, caught_types, condition_text, guarded_statements
from procoder_tutor.facts.model import Catch, CatchOutcome, Raise
from procoder_tutor.facts.scope import Scope
from procoder_tutor.syntax import Definition, child_blocks, dotted, one_line

RE_RAISE = "re-raise"
_MAX_NAME = 60


def raises(scope: Scope) -> tuple[tuple[Raise, ...], tuple[Raise, ...]]:
    """Return every `raise` that can leave the symbol, and those that its own handlers catch."""
    escaping: list[Raise] = []
    handled: list[Raise] = []
    for statement, around in guarded_statements(scope):
        if isinstance(statement, ast.Raise):
            name = _raised(scope, statement, around)
            found = Raise(name, statement.lineno, condition_text(scope, around))
            (handled if _is_handled(scope, name, around) else escaping).append(found)
    return tuple(escaping), tuple(handled)


def catches(scope: Scope) -> tuple[Catch, ...]:
    """Return what the handlers of the symbol catch, one entry a type."""
    source = scope.document.source
    return tuple(
        Catch(name, node.lineno, _outcome(node))
        for node in scope.reached
        if isinstance(node, ast.ExceptHandler)
        for name in [one_line(source, kind, _MAX_NAME) for kind in caught_types(node)] or [""]
    )


def is_idle(body: list[ast.stmt]) -> bool:
    """Whether a block only passes or continues."""
    return all(
        isinstance(statement, ast.Pass | ast.Continue)
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        for statement in body
    )


def _outcome(handler: ast.ExceptHandler) -> CatchOutcome:
    if is_idle(handler.body):
        return "ignored"
    raised = list(_own_raises(handler.body))
    if any(_raises_again(node, handler.name) for node in raised):
        return "re-raised"
    return "replaced" if raised else "handled"


def _raises_again(node: ast.Raise, name: str | None) -> bool:
    caught = isinstance(node.exc, ast.Name) and node.exc.id == name
    return node.exc is None or caught


def _own_raises(body: list[ast.stmt]) -> Iterator[ast.Raise]:
    """Yield the `raise` statements of a handler, not those of handlers and functions inside."""
    waiting = body[::-1]
    while waiting:
        statement = waiting.pop()
        if isinstance(statement, ast.Raise):
            yield statement
        elif isinstance(statement, ast.Try | ast.TryStar):
            waiting += [*statement.finalbody, *statement.orelse]
            waiting += [] if statement.handlers else statement.body
        elif not isinstance(statement, Definition):
            waiting += [child for block in child_blocks(statement) for child in block][::-1]


def _raised(scope: Scope, node: ast.Raise, around: Around) -> str:
    if node.exc is None:
        return RE_RAISE
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    if isinstance(raised, ast.Name) and raised.id in around.caught_as:
        return RE_RAISE
    return one_line(scope.document.source, raised, _MAX_NAME)


def _is_handled(scope: Scope, name: str, around: Around) -> bool:
    if name == RE_RAISE:
        return "" in around.handled
    return any(_catches(scope, handled, name) for handled in around.handled)


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
