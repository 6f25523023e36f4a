"""Signatures and parameters of functions, as written."""

import ast
from collections.abc import Iterable, Iterator

from procoder_tutor.facts.model import Parameter
from procoder_tutor.positions import SourceText
from procoder_tutor.syntax import Function, one_line


def function_parameters(source: SourceText, arguments: ast.arguments) -> tuple[Parameter, ...]:
    """List the parameters in the order of the signature."""
    return tuple(_parameters(source, arguments))


def function_signature(source: SourceText, node: Function) -> str:
    """Render `async name[T](a, /, b: int = 1, *, c) -> T` on one line."""
    prefix = "async " if isinstance(node, ast.AsyncFunctionDef) else ""
    listed = ", ".join(parameter_list(function_parameters(source, node.args)))
    returns = f" -> {one_line(source, node.returns)}" if node.returns else ""
    return f"{prefix}{node.name}{type_parameters(source, node)}({listed}){returns}"


def type_parameters(source: SourceText, node: ast.AST) -> str:
    """Render the type parameters of PEP 695, e.g. `[T]`; empty when there are none."""
    listed = [one_line(source, part) for part in getattr(node, "type_params", [])]
    return f"[{', '.join(listed)}]" if listed else ""


def parameter_list(parameters: Iterable[Parameter]) -> list[str]:
    """Render parameters with the `/` and `*` that mark their kinds."""
    parts: list[str] = []
    previous, starred = "", False
    for parameter in parameters:
        if previous == "positional-only" and parameter.kind != "positional-only":
            parts.append("/")
        if parameter.kind == "keyword-only" and not starred:
            parts.append("*")
        starred = starred or parameter.kind in {"variadic", "keyword-only"}
        parts.append(_rendered(parameter))
        previous = parameter.kind
    if previous == "positional-only":
        parts.append("/")
    return parts


def _rendered(parameter: Parameter) -> str:
    stars = {"variadic": "*", "keywords": "**"}.get(parameter.kind, "")
    text = stars + parameter.name
    if parameter.annotation is not None:
        text += f": {parameter.annotation}"
    if parameter.default is None:
        return text
    return text + (" = " if parameter.annotation is not None else "=") + parameter.default


def _parameters(source: SourceText, arguments: ast.arguments) -> Iterator[Parameter]:
    positional = [*arguments.posonlyargs, *arguments.args]
    missing = len(positional) - len(arguments.defaults)
    defaults: list[ast.expr | None] = [*([None] * missing), *arguments.defaults]
    for index, (argument, default) in enumerate(zip(positional, defaults, strict=True)):
        only = index < len(arguments.posonlyargs)
        kind = "positional-only" if only else "positional"
        yield _parameter(source, argument, kind, default)
    if arguments.vararg:
        yield _parameter(source, arguments.vararg, "variadic", None)
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield _parameter(source, argument, "keyword-only", default)
    if arguments.kwarg:
        yield _parameter(source, arguments.kwarg, "keywords", None)


def _parameter(
    source: SourceText, argument: ast.arg, kind: str, default: ast.expr | None
) -> Parameter:
    annotation = one_line(source, argument.annotation) if argument.annotation else None
    text = one_line(source, default) if default else None
    return Parameter(argument.arg, kind, annotation, text)  # type: ignore[arg-type]  # a Literal
