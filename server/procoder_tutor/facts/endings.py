"""Whether a block of statements can run off its end, as far as the text alone proves it."""

import ast
from collections.abc import Callable, Iterable

from procoder_tutor.syntax import Definition, Loop, child_blocks, dotted

Answer = bool | None
"""True: it can surely be reached. False: it surely cannot. None: the text does not say."""

_MAY_EXIT = ("exit", "abort", "fail", "quit", "die", "usage", "skip", "error")
_LOGGERS = ("log", "logger", "logging", "_log", "_logger")
_MAX_DEPTH = 60
"""Deeper nesting is not followed: the answer is None."""


def completes(body: list[ast.stmt], depth: int = _MAX_DEPTH) -> Answer:
    """Tell whether the end of a block can be reached."""
    for statement in body:
        answer = _statement(statement, depth)
        if answer is not True:
            return answer
    return True


def leaves(loop: ast.AST) -> bool:
    """Whether a loop has a `break` of its own."""
    return _has(loop, ast.Break)


def runs_once(loop: ast.For | ast.While) -> bool:
    """Whether a loop is surely left in its first turn."""
    return completes(loop.body) is False and not _has(loop, ast.Continue)


def _has(loop: ast.AST, kind: type[ast.stmt]) -> bool:
    """Whether a loop has a `break` or `continue` of its own."""
    waiting = list(getattr(loop, "body", []))
    while waiting:
        statement = waiting.pop()
        if isinstance(statement, kind):
            return True
        if isinstance(statement, Loop):
            waiting += statement.orelse
        elif not isinstance(statement, Definition):
            waiting += [child for block in child_blocks(statement) for child in block]
    return False


def always(test: ast.expr) -> Answer:
    """Truth of a test that is a literal; None for any other."""
    return bool(test.value) if isinstance(test, ast.Constant) else None


def _statement(node: ast.stmt, depth: int) -> Answer:
    if depth == 0:
        return None
    if isinstance(node, ast.Return | ast.Raise | ast.Break | ast.Continue):
        return False
    if isinstance(node, ast.Assert):
        return always(node.test) is not False
    if isinstance(node, ast.Expr):
        return _expression(node.value)
    for kind, answer in _COMPOUND:
        if isinstance(node, kind):
            return answer(node, depth - 1)
    return True


def _expression(node: ast.expr) -> Answer:
    """A call may end the program; only its name tells."""
    called = node.func if isinstance(node, ast.Call) else None
    name = (dotted(called) or "") if called is not None else ""
    owner, _, last = name.rpartition(".")
    is_log = owner.rpartition(".")[2] in _LOGGERS
    return None if not is_log and any(word in last for word in _MAY_EXIT) else True


def _if(node: ast.If, depth: int) -> Answer:
    truth = always(node.test)
    if truth is not None:
        return completes(node.body if truth else node.orelse, depth)
    return _any([completes(node.body, depth), completes(node.orelse, depth)])


def _while(node: ast.While, depth: int) -> Answer:
    if leaves(node):
        return True
    return False if always(node.test) else completes(node.orelse, depth)


def _for(node: ast.For, depth: int) -> Answer:
    return True if leaves(node) else completes(node.orelse, depth)


def _with(node: ast.With, depth: int) -> Answer:
    """A context manager may swallow an exception, and so go on after a body that never ends."""
    return True if completes(node.body, depth) else None


def _try(node: ast.Try, depth: int) -> Answer:
    final = completes(node.finalbody, depth)
    if final is not True:
        return final
    plain = completes([*node.body, *node.orelse], depth)
    return _any([plain, *(completes(handler.body, depth) for handler in node.handlers)])


def _match(node: ast.Match, depth: int) -> Answer:
    exhaustive = any(is_catch_all(case) for case in node.cases)
    answers = [completes(case.body, depth) for case in node.cases]
    return _any(answers) if exhaustive else True


def is_catch_all(case: ast.match_case) -> bool:
    """Whether a case matches anything, like `case _:`."""
    pattern = case.pattern
    return case.guard is None and isinstance(pattern, ast.MatchAs) and pattern.pattern is None


def _any(answers: Iterable[Answer]) -> Answer:
    listed = list(answers)
    if True in listed:
        return True
    return None if None in listed else False


_COMPOUND: tuple[tuple[type[ast.stmt], Callable[..., Answer]], ...] = (
    (ast.If, _if),
    (ast.While, _while),
    (ast.For, _for),
    (ast.AsyncFor, _for),
    (ast.With, _with),
    (ast.AsyncWith, _with),
    (ast.Try, _try),
    (ast.TryStar, _try),
    (ast.Match, _match),
)
