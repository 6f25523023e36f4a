"""Syntax trees compared, without recursion: trees may be very deep."""

import ast

from procoder_tutor.symbols import Document, Symbol
from procoder_tutor.syntax import Definition, Function, all_arguments

_TEMPLATES = (ast.JoinedStr, getattr(ast, "TemplateStr", ast.JoinedStr))
"""f-strings, and the t-strings of Python 3.14."""
Shape = tuple[object, ...]
"""A tree written in a row: equal for equal code, wherever it stands and however it is laid out."""


def shape(node: ast.AST, *, without_docstring_of: ast.AST | None = None) -> Shape:
    """Flatten a tree, if asked without the docstring of one of its nodes."""
    tokens: list[object] = []
    waiting: list[object] = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, ast.AST):
            tokens.append(type(current))
            fields = [getattr(current, name, None) for name in current._fields]
            if current is without_docstring_of and docstring_node(current) is not None:
                body = getattr(current, "body", [])
                fields = [field[1:] if field is body else field for field in fields]
            waiting.extend(reversed(fields))
        elif isinstance(current, list):
            tokens.append(len(current))
            waiting.extend(reversed(current))
        else:
            tokens.append((type(current), current))
    return tuple(tokens)


def docstring_node(node: ast.AST) -> ast.Expr | None:
    """Return the statement that is a module's, class's or function's docstring."""
    body = getattr(node, "body", None)
    if not isinstance(body, list) or not body or not isinstance(body[0], ast.Expr):
        return None
    value = body[0].value
    is_string = isinstance(value, ast.Constant) and isinstance(value.value, str)
    return body[0] if is_string else None


def docstring_value(node: ast.AST) -> str | None:
    """Return the docstring as Python sees it, indentation included."""
    statement = docstring_node(node)
    if statement is None or not isinstance(statement.value, ast.Constant):
        return None
    value = statement.value.value
    return value if isinstance(value, str) else None


def signature(node: ast.AST) -> Shape:
    """What callers of a definition see: kind, name and parameters, without types and defaults."""
    if isinstance(node, Function):
        arguments = node.args
        kinds = (len(arguments.posonlyargs), len(arguments.args), len(arguments.kwonlyargs))
        stars = (arguments.vararg is not None, arguments.kwarg is not None)
        required = len(arguments.defaults), tuple(d is None for d in arguments.kw_defaults)
        names = tuple(argument.arg for argument in all_arguments(arguments))
        return (type(node), node.name, names, kinds, stars, required, _decorators(node))
    if isinstance(node, ast.ClassDef):
        bases = tuple(shape(part) for part in [*node.bases, *node.keywords])
        return (type(node), node.name, bases, _decorators(node))
    return (type(node),)


def _decorators(node: Definition) -> Shape:
    return tuple(shape(decorator) for decorator in node.decorator_list)


def same_symbol(symbol: Symbol, before: Document, after: Document) -> Symbol | None:
    """Find a symbol again in an edited document, in which no definition came or went."""
    if symbol.kind == "module":
        return after.module
    if len(before.symbols) != len(after.symbols):
        return None
    found = [new for old, new in zip(before.symbols, after.symbols, strict=True) if old == symbol]
    return found[0] if found and found[0].name == symbol.name else None


def string_lines(tree: ast.AST) -> frozenset[int]:
    """Lines that begin inside a string: the space before them is part of a value."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
        if is_text or isinstance(node, _TEMPLATES):
            first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", None) or 0
            lines.update(range(first + 1, last + 1))
    return frozenset(lines)
