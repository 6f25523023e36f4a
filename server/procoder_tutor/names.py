"""What a name in the code refers to, decided by Python's scoping rules alone.

Where a name could mean something else as well, because it is rebound, a parameter or defined by a
base class we cannot see, the answer is None.
"""

import ast
from typing import TYPE_CHECKING

from procoder_tutor.syntax import Definition, Function

if TYPE_CHECKING:
    from procoder_tutor.symbols import Document, Symbol


def symbol_under(document: "Document", line: int, column: int) -> "Symbol | None":
    """Return the symbol that the name at this place refers to; `column` is one of the source."""
    node = use_under(document, line, column)
    if node is None:
        return None
    known = {symbol.name.rpartition(".")[2] for symbol in document.symbols}
    if _identifier(node) not in known:
        return None
    return refers_to(document, node, _scopes_around(document, node))


def use_under(document: "Document", line: int, column: int) -> ast.Name | ast.Attribute | None:
    """Return the name or attribute that is used at this place; `column` is one of the source."""
    word = _word_at(document.source.lines, line, column)
    if word is None:
        return None
    start, end = word
    text = document.source.lines[line - 1][start:end]
    for node in document.bindings.uses(line):
        if _identifier(node) == text and _name_start(document, node) == start:
            return node
    return None


def refers_to(
    document: "Document", node: ast.Name | ast.Attribute, scopes: list[Definition]
) -> "Symbol | None":
    """Return the symbol of this document that a name or attribute stands for.

    `scopes` are the definitions around it, outermost first.
    """
    if isinstance(node, ast.Name):
        return _look_up(document, node.id, scopes)
    owner = node.value
    if isinstance(owner, ast.Name):
        if method := _receiver(document, scopes, owner.id):
            return member(document, method, node.attr)
        found = _look_up(document, owner.id, scopes)
        if found is not None and isinstance(found.node, ast.ClassDef):
            return member(document, found.node, node.attr)
    if isinstance(owner, ast.Call) and _is_super(document, owner, scopes):
        return _inherited(document, scopes, node.attr)
    return None


def member(document: "Document", class_node: ast.ClassDef, name: str) -> "Symbol | None":
    """Return the method or class that `name` is in a class, or in its bases of this document."""
    seen: set[int] = set()
    waiting = [class_node]
    while waiting and id(waiting[0]) not in seen:
        current = waiting.pop(0)
        seen.add(id(current))
        if bound := document.bindings.of(current).get(name):
            return _last_definition(document, bound)
        for base in current.bases:
            found = _look_up(document, base.id, []) if isinstance(base, ast.Name) else None
            if found is None or not isinstance(found.node, ast.ClassDef):
                return None
            waiting.append(found.node)
    return None


def _is_super(document: "Document", call: ast.Call, scopes: list[Definition]) -> bool:
    """Whether a call is a plain `super()` of the builtin."""
    plain = isinstance(call.func, ast.Name) and call.func.id == "super"
    around: list[ast.AST] = [document.syntax, *scopes]
    rebound = any("super" in document.bindings.of(scope) for scope in around)
    return plain and not call.args and not rebound


def _inherited(document: "Document", scopes: list[Definition], name: str) -> "Symbol | None":
    """Return what `super().name` is in a method: the nearest one of its class's bases."""
    owners = [node for node in scopes if isinstance(node, ast.ClassDef)]
    bases = owners[-1].bases if owners else []
    found = (
        _look_up(document, bases[0].id, []) if bases and isinstance(bases[0], ast.Name) else None
    )
    if found is None or not isinstance(found.node, ast.ClassDef):
        return None
    return member(document, found.node, name)


def receiver_name(function: Function) -> str | None:
    """Return the name of `self` or `cls` in a method; None for a static method."""
    if any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in function.decorator_list):
        return None
    positional = [*function.args.posonlyargs, *function.args.args]
    return positional[0].arg if positional else None


def _receiver(document: "Document", scopes: list[Definition], name: str) -> ast.ClassDef | None:
    """Return the class whose method has `name` as its unchanged first parameter."""
    for index in range(len(scopes) - 1, 0, -1):
        function, owner = scopes[index], scopes[index - 1]
        if not isinstance(function, Function):
            return None
        bound = document.bindings.of(function).get(name)
        if not bound:
            continue
        unchanged = len(bound) == 1
        is_receiver = isinstance(owner, ast.ClassDef) and receiver_name(function) == name
        return owner if unchanged and is_receiver and isinstance(owner, ast.ClassDef) else None
    return None


def _look_up(document: "Document", name: str, scopes: list[Definition]) -> "Symbol | None":
    innermost = len(scopes) - 1
    for index in range(innermost, -1, -1):
        scope = scopes[index]
        if isinstance(scope, ast.ClassDef) and index != innermost:
            continue
        if bound := document.bindings.of(scope).get(name):
            return _only_definition(document, bound)
    return _last_definition(document, document.bindings.of(document.syntax).get(name, []))


def _only_definition(document: "Document", bound: list[ast.AST]) -> "Symbol | None":
    if all(isinstance(binding, Definition) for binding in bound):
        return document.of_node(bound[-1])
    return None


def _last_definition(document: "Document", bound: list[ast.AST]) -> "Symbol | None":
    found = [symbol for node in bound if (symbol := document.of_node(node)) is not None]
    return document.by_name(found[-1].name) if found else None


def _scopes_around(document: "Document", node: ast.Name | ast.Attribute) -> list[Definition]:
    """Definitions whose body holds the node, outermost first.

    Decorators, defaults, annotations and bases belong to the scope around the definition.
    """
    place = (node.lineno, node.col_offset)
    around: list[Definition] = []
    for symbol in document.symbols:
        definition = symbol.node
        if isinstance(definition, Definition) and _body_holds(definition, place):
            around.append(definition)
    return around


def _body_holds(definition: Definition, place: tuple[int, int]) -> bool:
    first, last = definition.body[0], definition.body[-1]
    start = (first.lineno, first.col_offset)
    if isinstance(first, Definition) and first.decorator_list:
        start = min(start, (first.decorator_list[0].lineno, 0))
    return start <= place < (last.end_lineno or 0, last.end_col_offset or 0)


def _identifier(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr


def _name_start(document: "Document", node: ast.Name | ast.Attribute) -> int:
    span = document.source.span(node)
    if isinstance(node, ast.Name):
        return document.source.column_in_text(*span.start)
    return document.source.column_in_text(*span.end) - len(node.attr)


def _word_at(lines: list[str], line: int, column: int) -> tuple[int, int] | None:
    if not 1 <= line <= len(lines):
        return None
    text = lines[line - 1]
    start = end = min(column, len(text))
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return (start, end) if end > start else None
