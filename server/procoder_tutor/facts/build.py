"""Facts from the syntax tree alone: true, and there in milliseconds."""

import ast
import inspect
from dataclasses import replace

from procoder_tutor.facts import calls as calling
from procoder_tutor.facts import classes, exceptions, flow
from procoder_tutor.facts.callers import callers
from procoder_tutor.facts.concepts import concepts
from procoder_tutor.facts.data_flow import data_flow
from procoder_tutor.facts.growth import growth
from procoder_tutor.facts.model import Facts
from procoder_tutor.facts.mutations import mutations
from procoder_tutor.facts.nesting import loop_nesting, nesting
from procoder_tutor.facts.scope import Scope
from procoder_tutor.facts.signature import function_parameters, function_signature
from procoder_tutor.facts.steps import steps
from procoder_tutor.facts.touches import touches
from procoder_tutor.facts.traps import traps
from procoder_tutor.facts.types import proved_return_type
from procoder_tutor.facts.uses import with_uses
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
    if symbol.kind == "range":
        return _range(scope)
    return replace(
        _common(scope, symbol.name),
        members=classes.members(scope),
        docstring=_first_paragraph(symbol.node),
    )


def _common(scope: Scope, signature: str, *, recursive: bool = False) -> Facts:
    """What is asked of every kind of symbol."""
    symbol = scope.symbol
    called = calling.calls(scope)
    escaping, handled = exceptions.raises(scope)
    return Facts(
        name=symbol.name,
        kind=symbol.kind,
        line=symbol.line,
        end_line=symbol.end_line,
        signature=signature,
        raises=escaping,
        handled_raises=handled,
        catches=exceptions.catches(scope),
        awaits=flow.awaits(scope),
        manages=flow.manages(scope),
        touches=touches(scope),
        calls=called,
        callers=callers(scope.document, symbol),
        recursion=recursive,
        nesting=nesting(scope),
        loop_nesting=loop_nesting(scope),
        traps=traps(scope),
        steps=steps(scope),
        concepts=concepts(scope, recursive=recursive),
        links=calling.links(called),
    )


def _function(scope: Scope, node: Function) -> Facts:
    source = scope.document.source
    changes = mutations(scope)
    return replace(
        _common(scope, function_signature(source, node), recursive=calling.recursion(scope)),
        parameters=with_uses(scope, function_parameters(source, node.args), changes),
        return_type=one_line(source, node.returns) if node.returns else proved_return_type(scope),
        returns=flow.returns(scope),
        yields=flow.yields(scope),
        mutates=changes,
        growth=growth(scope),
        docstring=_first_paragraph(node),
        is_async=isinstance(node, ast.AsyncFunctionDef),
        decorators=_decorators(scope, node),
    )


def _class(scope: Scope, node: ast.ClassDef) -> Facts:
    parameters = classes.class_parameters(scope)
    return replace(
        _common(scope, classes.class_signature(scope, parameters)),
        parameters=parameters or (),
        members=classes.members(scope),
        docstring=_first_paragraph(node),
        decorators=_decorators(scope, node),
    )


def _range(scope: Scope) -> Facts:
    return replace(
        _common(scope, scope.symbol.name),
        returns=flow.returns(scope),
        yields=flow.yields(scope),
        mutates=mutations(scope),
        members=classes.members(scope),
        data_flow=data_flow(scope),
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
