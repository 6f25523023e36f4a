"""What a symbol calls itself: names as written, and full names where imports prove them."""

import ast

from procoder_tutor.facts.docs import documentation_url
from procoder_tutor.facts.model import Call, Link
from procoder_tutor.facts.scope import Scope
from procoder_tutor.names import refers_to
from procoder_tutor.syntax import Definition, Function, dotted, one_line

_MAX_NAME = 60


def call_nodes(scope: Scope) -> dict[str, ast.Call]:
    """First call of every name in the symbol itself, by the name as written.

    The bodies of nested functions and lambdas are left out: they may never run. So are the
    symbol's own decorators and defaults: they run before it is called. Decorators belong to what
    they decorate. An exception made where it is raised is a fact of its own, not a call.
    """
    found: dict[str, ast.Call] = {}
    other: set[int] = set()
    for node in scope.reached:
        if isinstance(node, ast.Raise):
            other |= {id(node.exc), id(node.cause)}
        elif isinstance(node, Definition):
            other |= {id(part) for decorator in node.decorator_list for part in ast.walk(decorator)}
        elif (
            isinstance(node, ast.Call)
            and id(node) not in other
            and (name := written(scope, node.func))
        ):
            found.setdefault(name, node)
    return found


def calls(scope: Scope) -> tuple[Call, ...]:
    """List the calls, each name once."""
    listed: list[Call] = []
    for name, node in call_nodes(scope).items():
        full = scope.full_name(node.func)
        line = getattr(node.func, "end_lineno", None) or node.lineno
        url = documentation_url(full) if full else None
        listed.append(Call(name, line, full_name=full, url=url))
    return tuple(listed)


def links(listed: tuple[Call, ...]) -> tuple[Link, ...]:
    """Documentation of the callees, each page once."""
    found: dict[str, Link] = {}
    for call in listed:
        if call.url and call.full_name:
            title = call.full_name.removeprefix("builtins.")
            found.setdefault(call.url, Link(title, call.url))
    return tuple(found.values())


def recursion(scope: Scope) -> bool:
    """Whether the function's own body surely calls the function itself.

    `self.name()` counts, though a subclass may override it; `super().name()` does not, nor does a
    call of another object's method of that name.
    """
    node, document = scope.symbol.node, scope.document
    if not isinstance(node, Function):
        return False
    for inner in scope.reached:
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name | ast.Attribute):
            called = inner.func
            name = called.id if isinstance(called, ast.Name) else called.attr
            if name == node.name and refers_to(document, called, scope.path) == scope.symbol:
                return True
    return False


def written(scope: Scope, callee: ast.expr) -> str | None:
    """Return the name of a callee as the code writes it; None where it has none."""
    if text := dotted(callee):
        return text
    if isinstance(callee, ast.Attribute):
        text = one_line(scope.document.source, callee, 10_000)
        return text if len(text) <= _MAX_NAME else f"….{callee.attr}"
    return None
