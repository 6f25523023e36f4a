"""Return types that the syntax tree proves; anything less than certain has no answer.

`x + 1` is not an int, `a == b` not a bool and `sum(xs)` not a float unless one knows the operands,
so the list of what counts is short: literals, displays, `in`, `is`, `not`, builtins with one return
type, classes and annotated functions of the document, and locals assigned once from those.
"""

import ast

from procoder_tutor.facts.endings import completes
from procoder_tutor.facts.scope import Scope
from procoder_tutor.names import refers_to
from procoder_tutor.syntax import Definition, Function, one_line

Known = str | ast.Call
"""A type, or a call of the standard library whose annotation jedi can look up."""

_MAX_DEPTH = 4
_MAX_TYPES = 4
_BUILTIN_RESULTS = {
    "all": "bool", "any": "bool", "ascii": "str", "bin": "str", "bool": "bool",
    "bytearray": "bytearray", "bytes": "bytes", "callable": "bool", "chr": "str", "dict": "dict",
    "dir": "list", "enumerate": "enumerate", "filter": "filter", "float": "float",
    "format": "str", "frozenset": "frozenset", "hasattr": "bool", "hash": "int", "hex": "str",
    "id": "int", "input": "str", "int": "int", "isinstance": "bool", "issubclass": "bool",
    "len": "int", "list": "list", "map": "map", "oct": "str", "ord": "int", "print": "None",
    "range": "range", "repr": "str", "set": "set", "sorted": "list", "str": "str",
    "tuple": "tuple", "zip": "zip",
}  # fmt: skip
_DISPLAYS: dict[type[ast.AST], str] = {
    ast.JoinedStr: "str", ast.List: "list", ast.ListComp: "list", ast.Dict: "dict",
    ast.DictComp: "dict", ast.Set: "set", ast.SetComp: "set", ast.Tuple: "tuple",
}  # fmt: skip
_TRANSPARENT = frozenset({
    "builtins.staticmethod", "builtins.classmethod", "builtins.property",
    "functools.cached_property", "functools.lru_cache", "functools.cache", "typing.override",
})  # fmt: skip
"""Decorators after which a function still returns what its body returns."""


def return_types(scope: Scope) -> list[Known] | None:
    """Type of every way out of a function that has no return annotation; None if one is unknown."""
    node = scope.symbol.node
    if not isinstance(node, Function) or node.returns or not _is_plain(scope, node):
        return None
    found: list[Known] = []
    for inner in scope.nodes:
        if isinstance(inner, ast.Yield | ast.YieldFrom):
            return None
        if isinstance(inner, ast.Return):
            types = _types(scope, inner.value, _MAX_DEPTH) if inner.value else ["None"]
            if types is None:
                return None
            found += types
    ends = completes(node.body)
    if ends is None:
        return None
    return [*found, "None"] if ends else found or None


def union(types: list[str]) -> str | None:
    """Join types as `int | str | None`; None where there are none or too many to be of use."""
    unique = list(dict.fromkeys(types))
    if "None" in unique:
        unique = [*(name for name in unique if name != "None"), "None"]
    return " | ".join(unique) if 0 < len(unique) <= _MAX_TYPES else None


def proved_return_type(scope: Scope) -> str | None:
    """Return type that needs no look-up; None where the tree does not prove one."""
    types = return_types(scope)
    if types is None or any(not isinstance(known, str) for known in types):
        return None
    return union([known for known in types if isinstance(known, str)])


def _is_plain(scope: Scope, node: Function) -> bool:
    """Whether the body is what runs: no unknown decorator, no stub, no line that is lost."""
    if scope.damaged:
        return False
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if scope.full_name(called) not in _TRANSPARENT:
            return False
    return not all(_is_empty(statement) for statement in node.body)


def _is_empty(node: ast.stmt) -> bool:
    constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return constant or isinstance(node, ast.Pass)


def _types(scope: Scope, node: ast.expr, depth: int) -> list[Known] | None:
    if depth == 0:
        return None
    found: list[Known] | None = None
    match node:
        case ast.Constant(value=constant):
            found = ["None" if constant is None else type(constant).__name__]
        case ast.UnaryOp(op=ast.Not()):
            found = ["bool"]
        case ast.Compare(ops=ops):
            certain = ast.In | ast.NotIn | ast.Is | ast.IsNot
            found = ["bool"] if all(isinstance(op, certain) for op in ops) else None
        case ast.IfExp(body=first, orelse=second):
            found = _both(_types(scope, first, depth - 1), _types(scope, second, depth - 1))
        case ast.Call():
            found = _called(scope, node)
        case ast.Name(id=name):
            value = _assigned_once(scope, name)
            found = _types(scope, value, depth - 1) if value is not None else None
        case _ if type(node) in _DISPLAYS:
            found = [_DISPLAYS[type(node)]]
    return found


def _both(first: list[Known] | None, second: list[Known] | None) -> list[Known] | None:
    return None if first is None or second is None else first + second


def _called(scope: Scope, node: ast.Call) -> list[Known] | None:
    full = scope.full_name(node.func)
    if full is not None:
        module, _, name = full.partition(".")
        if module == "builtins":
            return [_BUILTIN_RESULTS[name]] if name in _BUILTIN_RESULTS else None
        return [node]
    return _own_result(scope, node.func)


def _own_result(scope: Scope, callee: ast.expr) -> list[Known] | None:
    """Type that a class or an annotated function of this document gives when called."""
    own = scope.symbol.node
    if not isinstance(callee, ast.Name | ast.Attribute) or not isinstance(own, Definition):
        return None
    symbol = refers_to(scope.document, callee, [*scope.outer, own])
    target = symbol.node if symbol is not None else None
    if symbol is not None and isinstance(target, ast.ClassDef):
        return [symbol.name] if _makes_itself(scope, target) else None
    if isinstance(target, ast.FunctionDef) and target.returns and not target.decorator_list:
        return [one_line(scope.document.source, target.returns)]
    return None


def _makes_itself(scope: Scope, node: ast.ClassDef) -> bool:
    """Whether calling the class surely makes an instance of it."""
    dataclass = all(
        scope.full_name(d.func if isinstance(d, ast.Call) else d) == "dataclasses.dataclass"
        for d in node.decorator_list
    )
    makes = any(isinstance(s, Function) and s.name == "__new__" for s in node.body)
    return dataclass and not makes and not node.keywords and not node.bases


def _assigned_once(scope: Scope, name: str) -> ast.expr | None:
    """Value of a local that is bound once, by a plain assignment."""
    node = scope.symbol.node
    if not isinstance(node, Function) or len(scope.document.bindings.of(node).get(name, [])) != 1:
        return None
    stores = [
        n
        for n in ast.walk(node)
        if isinstance(n, ast.Name) and n.id == name and not isinstance(n.ctx, ast.Load)
    ]
    if len(stores) != 1:
        return None
    values = [n.value for n in scope.nodes if isinstance(n, ast.Assign) and stores[0] in n.targets]
    return values[0] if values else None
