"""Functions made in a loop that look at the loop's variable later, when it has moved on."""

import ast
from collections.abc import Iterator

from procoder_tutor.facts.model import Trap
from procoder_tutor.facts.scope import Scope
from procoder_tutor.syntax import Comprehension, Function, all_arguments, statements

_KEEPING_METHODS = frozenset({
    "add", "add_done_callback", "append", "appendleft", "bind", "connect", "insert", "register",
    "setdefault", "subscribe",
})  # fmt: skip
"""Methods that keep what they are given, for later."""


def late_bindings(scope: Scope) -> Iterator[Trap]:
    """Lambdas and functions that use a loop variable and outlive the turn they were made in."""
    for node in scope.nodes:
        if isinstance(node, ast.For | ast.AsyncFor):
            yield from _in_loop(node)
        elif isinstance(node, Comprehension) and not isinstance(node, ast.GeneratorExp):
            yield from _in_comprehension(node)


def _in_loop(loop: ast.For | ast.AsyncFor) -> Iterator[Trap]:
    names = _target_names([loop.target])
    inside = list(statements(loop.body))
    defined = {s.name: s for s in inside if isinstance(s, Function)}
    for statement in inside:
        for kept in _kept(statement):
            made = defined.get(kept.id) if isinstance(kept, ast.Name) else kept
            if isinstance(made, Function | ast.Lambda):
                yield from _trap(made, names, loop.lineno)


def _in_comprehension(node: Comprehension) -> Iterator[Trap]:
    names = _target_names([generator.target for generator in node.generators])
    element = node.value if isinstance(node, ast.DictComp) else node.elt
    for kept in _parts(element):
        if isinstance(kept, ast.Lambda):
            yield from _trap(kept, names, node.lineno)


def _kept(statement: ast.stmt) -> Iterator[ast.expr]:
    """Yield the expressions that a statement stores where they outlive it."""
    match statement:
        case ast.Assign(targets=targets, value=value):
            if any(isinstance(target, ast.Subscript | ast.Attribute) for target in targets):
                yield from _parts(value)
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name), args=arguments)):
            if name in _KEEPING_METHODS:
                for argument in arguments:
                    yield from _parts(argument)


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    """Yield an expression and what it holds as a display."""
    yield node
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        yield from node.elts
    elif isinstance(node, ast.Dict):
        yield from node.values


def _trap(made: Function | ast.Lambda, names: set[str], line: int) -> Iterator[Trap]:
    used = sorted(names & _free_names(made))
    if used:
        what = f"`{made.name}`" if isinstance(made, Function) else "This lambda"
        name = used[0]
        yield Trap(
            "late-binding",
            made.lineno,
            f"{what} looks up `{name}` when it is called, and by then the loop on line {line} has"
            f" moved on: all of them see its last value. `{name}={name}` as a default keeps"
            " the current one.",
        )


def _free_names(made: Function | ast.Lambda) -> set[str]:
    """Names that a function reads from around it; its defaults are read at once and left out."""
    body: list[ast.AST] = list(made.body) if isinstance(made, Function) else [made.body]
    read: set[str] = set()
    bound = {argument.arg for argument in all_arguments(made.args)}
    for part in body:
        for node in ast.walk(part):
            if isinstance(node, ast.Name):
                (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
    return read - bound


def _target_names(targets: list[ast.expr]) -> set[str]:
    return {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}
