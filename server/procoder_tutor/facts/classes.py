"""What builds a class: its `__init__`, or the fields of a dataclass or a named tuple."""

import ast
from collections.abc import Iterator
from dataclasses import replace

from procoder_tutor.facts.model import Parameter
from procoder_tutor.facts.scope import Scope
from procoder_tutor.facts.signature import function_parameters, parameter_list, type_parameters
from procoder_tutor.syntax import Function, dotted, one_line, statements

_HARMLESS_BASES = frozenset({
    "builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol",
})  # fmt: skip
_HARMLESS_DECORATORS = frozenset({
    "dataclasses.dataclass", "functools.total_ordering", "typing.final",
    "typing.runtime_checkable", "enum.unique",
})  # fmt: skip
_DATACLASS = "dataclasses.dataclass"
_MAX_BASES = 20


def class_parameters(scope: Scope) -> tuple[Parameter, ...] | None:
    """Return what the class is called with; None where the text does not prove it."""
    node = scope.symbol.node
    if not isinstance(node, ast.ClassDef):
        return None
    return _constructor(scope, node, _MAX_BASES)


def class_signature(scope: Scope, parameters: tuple[Parameter, ...] | None) -> str:
    """Render `Account(owner: str)`, or `class Account(Base)` where its making is not known."""
    node = scope.symbol.node
    if not isinstance(node, ast.ClassDef):
        return scope.symbol.name
    source = scope.document.source
    name = node.name + type_parameters(source, node)
    if parameters is not None:
        return f"{name}({', '.join(parameter_list(parameters))})"
    bases = [one_line(source, base) for base in node.bases]
    bases += [f"{k.arg}={one_line(source, k.value)}" for k in node.keywords if k.arg]
    return f"class {name}({', '.join(bases)})" if bases else f"class {name}"


def members(scope: Scope) -> tuple[str, ...]:
    """Methods and classes of a class, functions and classes of a module; each name once."""
    body: list[ast.stmt] = getattr(scope.symbol.node, "body", [])
    names = [s.name for s in statements(body) if isinstance(s, Function | ast.ClassDef)]
    return tuple(dict.fromkeys(names))


def _constructor(scope: Scope, node: ast.ClassDef, depth: int) -> tuple[Parameter, ...] | None:
    own = {s.name: s for s in statements(node.body) if isinstance(s, Function)}
    unknown = depth == 0 or node.keywords or "__new__" in own or not _decorators_known(scope, node)
    if unknown:
        return None
    if "__init__" in own:
        return function_parameters(scope.document.source, own["__init__"].args)[1:]
    if _is_named_tuple(scope, node):
        return tuple(_fields(scope, node))
    return _inherited(scope, node, depth)


def _inherited(scope: Scope, node: ast.ClassDef, depth: int) -> tuple[Parameter, ...] | None:
    bases = _bases(scope, node)
    if bases is None:
        return None
    if _dataclass_call(scope, node) is not None:
        return _dataclass_parameters(scope, node, bases, depth)
    return _constructor(scope, bases[0], depth - 1) if bases else ()


def _bases(scope: Scope, node: ast.ClassDef) -> list[ast.ClassDef] | None:
    """Base classes of this document; None when there is one we cannot see into."""
    known = {s.name: s.node for s in scope.document.symbols if isinstance(s.node, ast.ClassDef)}
    found: list[ast.ClassDef] = []
    for base in node.bases:
        plain = base.value if isinstance(base, ast.Subscript) else base
        if scope.full_name(plain) in _HARMLESS_BASES:
            continue
        other = known.get(dotted(plain) or "")
        if other is None or other is node:
            return None
        found.append(other)
    return found if len(found) <= 1 else None


def _decorators_known(scope: Scope, node: ast.ClassDef) -> bool:
    return all(
        scope.full_name(d.func if isinstance(d, ast.Call) else d) in _HARMLESS_DECORATORS
        for d in node.decorator_list
    )


def _dataclass_call(scope: Scope, node: ast.ClassDef) -> dict[str, object] | None:
    """Return the keywords of the `@dataclass` decorator; None without one, or with `init=False`."""
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if scope.full_name(called) == _DATACLASS:
            keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
            options = {k.arg or "": getattr(k.value, "value", None) for k in keywords}
            return None if options.get("init") is False else options
    return None


def _dataclass_parameters(
    scope: Scope, node: ast.ClassDef, bases: list[ast.ClassDef], depth: int
) -> tuple[Parameter, ...] | None:
    inherited: tuple[Parameter, ...] = ()
    for base in bases:
        if _dataclass_call(scope, base) is not None:
            found = _constructor(scope, base, depth - 1)
            if found is None:
                return None
            inherited = found
    merged = {parameter.name: parameter for parameter in inherited}
    keyword_only = bool((_dataclass_call(scope, node) or {}).get("kw_only"))
    for field in _fields(scope, node, keyword_only=keyword_only):
        merged[field.name] = field
    ordered = sorted(merged.values(), key=lambda field: field.kind == "keyword-only")
    return tuple(ordered)


def _fields(scope: Scope, node: ast.ClassDef, *, keyword_only: bool = False) -> Iterator[Parameter]:
    source = scope.document.source
    for statement in node.body:
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        annotation = one_line(source, statement.annotation)
        kind = annotation.rpartition(".")[2]
        if kind == "KW_ONLY":
            keyword_only = True
        elif not kind.startswith("ClassVar") and "ClassVar[" not in annotation:
            field = _field(scope, statement, annotation, keyword_only=keyword_only)
            if field is not None:
                yield field


def _field(
    scope: Scope, node: ast.AnnAssign, annotation: str, *, keyword_only: bool
) -> Parameter | None:
    name = node.target.id if isinstance(node.target, ast.Name) else ""
    plain = Parameter(name, "keyword-only" if keyword_only else "positional", annotation, None)
    source = scope.document.source
    if node.value is None:
        return plain
    call = node.value
    if not isinstance(call, ast.Call) or scope.full_name(call.func) != "dataclasses.field":
        return replace(plain, default=one_line(source, node.value))
    options = {keyword.arg: keyword.value for keyword in call.keywords}
    if isinstance(init := options.get("init"), ast.Constant) and init.value is False:
        return None
    if isinstance(only := options.get("kw_only"), ast.Constant):
        plain = replace(plain, kind="keyword-only" if only.value else "positional")
    if "default" in options:
        return replace(plain, default=one_line(source, options["default"]))
    factory = options.get("default_factory")
    if factory is None:
        return plain
    return replace(plain, default=f"{dotted(factory)}()" if dotted(factory) else "…")


def _is_named_tuple(scope: Scope, node: ast.ClassDef) -> bool:
    return len(node.bases) == 1 and scope.full_name(node.bases[0]) == "typing.NamedTuple"
