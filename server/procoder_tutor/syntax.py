"""Small questions about syntax trees, answered without recursion: trees may be very deep."""

import ast
from collections.abc import Iterator

from procoder_tutor.positions import SourceText

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Loop = ast.For | ast.AsyncFor | ast.While
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

_SCOPES = frozenset({
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.Module,
})  # fmt: skip
_MAX_TEXT = 120


def child_blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """Yield the lists of statements directly inside a compound statement, in source order."""
    for name in ("body", "handlers", "cases", "orelse", "finalbody"):
        block = getattr(node, name, None) or []
        if name in {"handlers", "cases"}:
            yield from (part.body for part in block)
        elif block:
            yield block


def without_docstring(node: ast.AST) -> list[ast.stmt]:
    """Return the statements of a definition or module after its docstring."""
    body: list[ast.stmt] = getattr(node, "body", [])
    first = body[0] if body else None
    value = first.value if isinstance(first, ast.Expr) else None
    documented = isinstance(value, ast.Constant) and isinstance(value.value, str)
    return body[1:] if documented else body


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a scope in source order, without those of nested definitions."""
    waiting = body[::-1]
    while waiting:
        statement = waiting.pop()
        yield statement
        if not isinstance(statement, Definition):
            inner = [child for block in child_blocks(statement) for child in block]
            waiting.extend(reversed(inner))


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes a scope runs itself, in source order.

    Of nested functions and classes only what runs when they are defined: decorators, defaults and
    base classes. The bodies of lambdas are left out like those of functions.
    """
    waiting = _own_children(node, root=True)[::-1]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(_own_children(current, root=False)))


def _own_children(node: ast.AST, *, root: bool) -> list[ast.AST]:
    if type(node) not in _SCOPES:
        return children(node)
    if root and isinstance(node, Definition | ast.Module):
        return list(node.body)
    if isinstance(node, ast.Lambda):
        return _defaults(node.args)
    if isinstance(node, Function):
        return [*node.decorator_list, *_defaults(node.args)]
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *node.keywords]
    return children(node)


def children(node: ast.AST) -> list[ast.AST]:
    """Return what `ast.iter_child_nodes` yields, faster: whole modules are walked with it."""
    found: list[ast.AST] = []
    for name in node._fields:
        part = getattr(node, name, None)
        if isinstance(part, ast.AST):
            found.append(part)
        elif isinstance(part, list):
            found += [item for item in part if isinstance(item, ast.AST)]
    return found


def _defaults(arguments: ast.arguments) -> list[ast.AST]:
    return [*arguments.defaults, *(d for d in arguments.kw_defaults if d is not None)]


def all_arguments(arguments: ast.arguments) -> list[ast.arg]:
    """Return every parameter, in the order of a signature."""
    listed = [*arguments.posonlyargs, *arguments.args]
    if arguments.vararg:
        listed.append(arguments.vararg)
    listed += arguments.kwonlyargs
    if arguments.kwarg:
        listed.append(arguments.kwarg)
    return listed


def dotted(node: ast.AST) -> str | None:
    """Return `a.b.c` for a name or a chain of attributes of a name, else None."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])


def one_line(source: SourceText, node: ast.AST, limit: int = _MAX_TEXT) -> str:
    """Source text of a node as one line, shortened where it is longer than `limit`."""
    text = source.slice(node).strip()
    if "\n" in text or not text:
        text = _unparsed(node) or " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _unparsed(node: ast.AST) -> str | None:
    try:
        text = ast.unparse(node)
    except (RecursionError, ValueError):
        return None
    return text if "\n" not in text else " ".join(text.split())


def header_end(node: Definition, source: SourceText) -> int:
    """Last line of a definition's header, the one with the colon."""
    parts: list[ast.AST] = list(getattr(node, "type_params", []))
    if isinstance(node, ast.ClassDef):
        parts += [*node.bases, *node.keywords]
    else:
        parts += [*all_arguments(node.args), *_defaults(node.args)]
        parts += [node.returns] if node.returns else []
    last = max([node.lineno, *(getattr(part, "end_lineno", 0) for part in parts)])
    before_body = min(node.body[0].lineno - 1, source.line_count)
    while last < before_body and source.lines[last].lstrip()[:1] in {")", "]"}:
        last += 1
    return last
