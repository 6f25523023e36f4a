"""Facts from the syntax tree alone: true, and there in milliseconds."""

import ast
import inspect

from procoder_tutor.facts import calls as calling
from procoder_tutor.facts import classes, flow
from procoder_tutor.facts.concepts import concepts
from procoder_tutor.facts.model import Facts
from procoder_tutor.facts.mutations import mutations
from procoder_tutor.facts.scope import Scope
from procoder_tutor.facts.signature import function_parameters, function_signature
from procoder_tutor.facts.types import proved_return_type
from procoder_tutor.symbols import Document, Symbol
from procoder_tutor.syntax import Definition, Function, one_line


def instant_facts(document: Document, symbol: Symbol) -> Facts:
    """Collect what the syntax tree proves about a symbol of the document.

    What cannot be proved is left out. `complete` is False: jedi may add types and full names.
    """
    scope = Scope(document, symbol)
    node = symbol.node
    if isinstance(node, Function):
        return _function(scope, node)
    if isinstance(node, ast.ClassDef):
        return _class(scope, node)
    return _module(scope)


def _function(scope: Scope, node: Function) -> Facts:
    source, symbol = scope.document.source, scope.symbol
    called = calling.calls(scope)
    recursive = calling.recursion(scope)
    return Facts(
        name=symbol.name,
        kind=symbol.kind,
        line=symbol.line,
        end_line=symbol.end_line,
        signature=function_signature(source, node),
        parameters=function_parameters(source, node.args),
        return_type=one_line(source, node.returns) if node.returns else proved_return_type(scope),
        returns=flow.returns(scope),
        raises=flow.raises(scope),
        yields=flow.yields(scope),
        mutates=mutations(scope),
        calls=called,
        recursion=recursive,
        concepts=concepts(scope, recursive=recursive),
        links=calling.links(called),
        docstring=_first_paragraph(node),
        is_async=isinstance(node, ast.AsyncFunctionDef),
        decorators=_decorators(scope, node),
    )


def _class(scope: Scope, node: ast.ClassDef) -> Facts:
    symbol = scope.symbol
    called = calling.calls(scope)
    parameters = classes.class_parameters(scope)
    return Facts(
        name=symbol.name,
        kind=symbol.kind,
        line=symbol.line,
        end_line=symbol.end_line,
        signature=classes.class_signature(scope, parameters),
        parameters=parameters or (),
        calls=called,
        concepts=concepts(scope, recursive=False),
        links=calling.links(called),
        members=classes.members(scope),
        docstring=_first_paragraph(node),
        decorators=_decorators(scope, node),
    )


def _module(scope: Scope) -> Facts:
    symbol = scope.symbol
    called = calling.calls(scope)
    return Facts(
        name=symbol.name,
        kind=symbol.kind,
        line=symbol.line,
        end_line=symbol.end_line,
        signature=symbol.name,
        raises=flow.raises(scope),
        calls=called,
        concepts=concepts(scope, recursive=False),
        links=calling.links(called),
        members=classes.members(scope),
        docstring=_first_paragraph(symbol.node),
    )


def _decorators(scope: Scope, node: Definition) -> tuple[str, ...]:
    return tuple(one_line(scope.document.source, d) for d in node.decorator_list)


def _first_paragraph(node: ast.AST) -> str | None:
    """First paragraph of the docstring, on one line."""
    body = getattr(node, "body", [])
    if not body or not isinstance(body[0], ast.Expr) or not isinstance(body[0].value, ast.Constant):
        return None
    text = body[0].value.value
    if not isinstance(text, str):
        return None
    paragraph = inspect.cleandoc(text).partition("\n\n")[0]
    return " ".join(paragraph.split()) or None
