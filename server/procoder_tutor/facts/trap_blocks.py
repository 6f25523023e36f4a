"""Traps that lie in the order of statements: code that never runs, loops that lose their place."""

import ast
from collections.abc import Iterator

from procoder_tutor.facts.model import Trap
from procoder_tutor.facts.scope import Scope
from procoder_tutor.ranges import first_line
from procoder_tutor.syntax import Definition, child_blocks, dotted

_SIZE_CHANGING_LIST = frozenset({"append", "extend", "insert", "remove", "pop", "clear"})
_SIZE_CHANGING_OTHER = frozenset({
    "add", "discard", "popitem", "update", "setdefault", "appendleft", "popleft", "extendleft",
    "difference_update", "intersection_update", "symmetric_difference_update",
})  # fmt: skip
_VIEWS = frozenset({"items", "keys", "values"})
_GROWING = frozenset({"append", "extend", "insert"})


def unreachable(scope: Scope) -> Iterator[Trap]:
    """Statements that no run can reach: the first one of each stretch."""
    for dead in scope.dead:
        first = dead.statements[0]
        if not _makes_generator(first):
            yield Trap("unreachable", first_line(first), f"This never runs: {dead.reason}.")


def _makes_generator(node: ast.stmt) -> bool:
    """A `yield` that never runs is how a function is made an empty generator."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Yield | ast.YieldFrom)


def changed_loops(scope: Scope) -> Iterator[Trap]:
    """Loops whose body adds to or removes from the very collection that they go through."""
    for block in _blocks(scope):
        for loop in block:
            name = _looped(loop.iter) if isinstance(loop, ast.For) else None
            if isinstance(loop, ast.For) and name is not None and name != scope.receiver:
                change = min(_changes(loop, name), default=None)
                if change is not None:
                    yield _changed(name, loop, *change)


def _changed(name: str, loop: ast.For, line: int, how: str) -> Trap:
    grows = any(f".{method}(" in how for method in _GROWING)
    effect = "so items are skipped or an error is raised"
    if grows:
        effect = "so it also visits what is added and may never end"
    return Trap(
        "changed-while-iterating",
        line,
        f"{how} changes `{name}` while the loop on line {loop.lineno} goes through it,"
        f" {effect}; a copy is safe: `list({name})`.",
    )


def _looped(source: ast.expr) -> str | None:
    """Name of the collection that a loop goes through itself, or by a view or `enumerate`."""
    if isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute):
        owner = source.func.value
        is_view = isinstance(owner, ast.Name) and source.func.attr in _VIEWS and not source.args
        return dotted(owner) if is_view else None
    if isinstance(source, ast.Call) and isinstance(source.func, ast.Name):
        first = source.args[0] if len(source.args) == 1 else None
        return dotted(first) if first is not None and source.func.id == "enumerate" else None
    return dotted(source)


def _changes(loop: ast.For, name: str) -> Iterator[tuple[int, str]]:
    """Yield line and wording of changes after which the loop goes on."""
    waiting = [(loop.body, False)]
    while waiting:
        block, leaving = waiting.pop()
        leaving = leaving or _leaves_loop(block)
        for statement in block:
            if _rebinds(statement, name):
                return
            how = _change(statement, name)
            if how and not leaving:
                yield statement.lineno, how
            if not isinstance(statement, Definition):
                waiting += [(inner, False) for inner in child_blocks(statement)]


def _leaves_loop(block: list[ast.stmt]) -> bool:
    return any(isinstance(statement, ast.Return | ast.Break | ast.Raise) for statement in block)


def _rebinds(statement: ast.stmt, name: str) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(dotted(target) == name for target in targets)


def _change(node: ast.stmt, name: str) -> str:
    """How a statement changes the size of a collection; empty where it does not."""
    match node:
        case ast.Delete(targets=targets):
            hit = any(isinstance(t, ast.Subscript) and dotted(t.value) == name for t in targets)
            return f"`del {name}[…]`" if hit else ""
        case ast.Expr(value=ast.Call() as call) | ast.Assign(value=ast.Call() as call):
            called = call.func
            if isinstance(called, ast.Attribute) and dotted(called.value) == name:
                changes = called.attr in _SIZE_CHANGING_LIST | _SIZE_CHANGING_OTHER
                return f"`{name}.{called.attr}(…)`" if changes else ""
    return ""


def _blocks(scope: Scope) -> Iterator[list[ast.stmt]]:
    """Yield every list of statements of the symbol itself, not those of nested definitions."""
    body: list[ast.stmt] = getattr(scope.symbol.node, "body", [])
    waiting = [body]
    while waiting:
        block = waiting.pop()
        yield block
        for statement in block:
            if not isinstance(statement, Definition):
                waiting += child_blocks(statement)
