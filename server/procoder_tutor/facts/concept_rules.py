"""Which concepts a single node shows: true where they are given, absent where it is not sure."""

import ast
import builtins
from collections.abc import Callable, Iterator
from typing import Any

from procoder_tutor.facts.concept_evidence import is_compiled_pattern, is_decorator, is_text
from procoder_tutor.facts.places import Place
from procoder_tutor.syntax import Function, Loop, all_arguments

_ARITHMETIC = (
    "add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow", "lshift",
    "rshift", "and", "xor", "or",
)  # fmt: skip
_OTHER_OPERATORS = (
    "lt", "le", "eq", "ne", "gt", "ge", "neg", "pos", "invert", "contains", "getitem", "setitem",
    "delitem",
)  # fmt: skip
_OPERATORS = frozenset(
    [f"__{prefix}{name}__" for prefix in ("", "r", "i") for name in _ARITHMETIC]
    + [f"__{name}__" for name in _OTHER_OPERATORS]
)
_METHODS = {
    "__iter__": "iterator",
    "__next__": "iterator",
    "__enter__": "own-context-manager",
    "__exit__": "own-context-manager",
    "__aenter__": "own-context-manager",
    "__aexit__": "own-context-manager",
}
_DECORATORS = {
    "abc.abstractmethod": "abstract-base-class",
    "builtins.classmethod": "class-method",
    "builtins.property": "property",
    "builtins.staticmethod": "static-method",
    "contextlib.asynccontextmanager": "own-context-manager",
    "contextlib.contextmanager": "own-context-manager",
    "dataclasses.dataclass": "dataclass",
    "functools.cache": "caching",
    "functools.cached_property": "property",
    "functools.lru_cache": "caching",
}
_PROPERTY_PARTS = frozenset({"setter", "deleter", "getter"})
_BASES = {
    "abc.ABC": "abstract-base-class",
    "enum.Enum": "enum",
    "enum.Flag": "enum",
    "enum.IntEnum": "enum",
    "enum.IntFlag": "enum",
    "enum.StrEnum": "enum",
    "typing.Generic": "generics",
    "typing.NamedTuple": "named-tuple",
    "typing.Protocol": "protocol",
    "typing_extensions.Protocol": "protocol",
}
_PATTERN_METHODS = frozenset({
    "findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn",
})  # fmt: skip
_CALLS = {
    "asyncio.TaskGroup": "concurrent-tasks",
    "asyncio.create_task": "concurrent-tasks",
    "asyncio.gather": "concurrent-tasks",
    "builtins.all": "any-all",
    "builtins.any": "any-all",
    "builtins.enumerate": "enumerate",
    "builtins.filter": "map-filter",
    "builtins.map": "map-filter",
    "builtins.super": "super",
    "builtins.zip": "zip",
    "collections.Counter": "counter",
    "collections.defaultdict": "default-dict",
    "collections.namedtuple": "named-tuple",
    "functools.partial": "partial-application",
    "typing.TypeVar": "generics",
    "re.compile": "regular-expression",
    **{f"re.{name}": "regular-expression" for name in _PATTERN_METHODS},
}
_SORTS = frozenset({"builtins.sorted", "builtins.min", "builtins.max"})
_SETS = frozenset({"builtins.set", "builtins.frozenset"})
_SET_OPERATORS = ast.BitOr | ast.BitAnd | ast.BitXor | ast.Sub

_SIMPLE: dict[type[ast.AST], str] = {
    ast.AnnAssign: "type-hint",
    ast.Assert: "assertion",
    ast.AsyncFunctionDef: "async",
    ast.AsyncWith: "context-manager",
    ast.DictComp: "dict-comprehension",
    ast.GeneratorExp: "generator-expression",
    ast.Global: "global",
    ast.IfExp: "conditional-expression",
    ast.JoinedStr: "f-string",
    ast.ListComp: "list-comprehension",
    ast.Match: "pattern-matching",
    ast.NamedExpr: "assignment-expression",
    ast.Nonlocal: "nonlocal",
    ast.SetComp: "set-comprehension",
    ast.Slice: "slicing",
    ast.With: "context-manager",
    ast.Yield: "generator",
    ast.YieldFrom: "generator",
}


def found_at(place: Place) -> Iterator[str]:
    """Yield the ids of the concepts that the node itself shows."""
    kind = type(place.node)
    if kind in _SIMPLE:
        yield _SIMPLE[kind]
    if kind in _RULES:
        yield from _RULES[kind](place, place.node)
    if getattr(place.node, "type_params", None):
        yield "generics"


def _function(place: Place, node: Function) -> Iterator[str]:
    yield from _parameters(node.args)
    if node.returns or any(argument.annotation for argument in all_arguments(node.args)):
        yield "type-hint"
    if place.in_class and node.name in _METHODS:
        yield _METHODS[node.name]
    if place.in_class and node.name in _OPERATORS:
        yield "operator-overloading"
    if place.around and not place.in_class and node is not place.scope.symbol.node:
        yield "nested-function"
    if is_decorator(node):
        yield "decorator"
    yield from _definition(place, node)


def _lambda(_place: Place, node: ast.Lambda) -> Iterator[str]:
    yield "lambda"
    yield from _parameters(node.args)


def _parameters(arguments: ast.arguments) -> Iterator[str]:
    if arguments.defaults or any(arguments.kw_defaults):
        yield "default-argument"
    if arguments.posonlyargs or arguments.kwonlyargs:
        yield "special-parameters"
    if arguments.vararg or arguments.kwarg:
        yield "variadic-parameters"


def _class(place: Place, node: ast.ClassDef) -> Iterator[str]:
    for base in node.bases:
        full = place.full_name(base.value if isinstance(base, ast.Subscript) else base)
        if full in _BASES:
            yield _BASES[full]
        elif _is_exception(full):
            yield "custom-exception"
        elif full != "builtins.object":
            yield "inheritance"
    for keyword in node.keywords:
        if keyword.arg == "metaclass" and place.full_name(keyword.value) == "abc.ABCMeta":
            yield "abstract-base-class"
    yield from _definition(place, node)


def _definition(place: Place, node: Function | ast.ClassDef) -> Iterator[str]:
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if _is_property_part(called, node.name):
            yield "property"
        else:
            yield _DECORATORS.get(place.full_name(called) or "", "decorator")


def _is_exception(full_name: str | None) -> bool:
    module, _, name = (full_name or "").partition(".")
    known = getattr(builtins, name, None) if module == "builtins" else None
    return isinstance(known, type) and issubclass(known, BaseException)


def _is_property_part(decorator: ast.expr, name: str) -> bool:
    return (
        isinstance(decorator, ast.Attribute)
        and decorator.attr in _PROPERTY_PARTS
        and isinstance(decorator.value, ast.Name)
        and decorator.value.id == name
    )


def _assignment(_place: Place, node: ast.Assign) -> Iterator[str]:
    yield from _unpacked(node.targets)


def _loop(_place: Place, node: Loop) -> Iterator[str]:
    if not isinstance(node, ast.While):
        yield from _unpacked([node.target])
    if node.orelse:
        yield "loop-else"


def _comprehension(_place: Place, node: ast.comprehension) -> Iterator[str]:
    yield from _unpacked([node.target])


def _unpacked(targets: list[ast.expr]) -> Iterator[str]:
    for target in targets:
        if isinstance(target, ast.Tuple | ast.List):
            starred = [isinstance(element, ast.Starred) for element in target.elts]
            if any(starred):
                yield "starred-assignment"
            if not all(starred):
                yield "unpacking"


def _call(place: Place, node: ast.Call) -> Iterator[str]:
    if any(isinstance(argument, ast.Starred) for argument in node.args) or any(
        keyword.arg is None for keyword in node.keywords
    ):
        yield "unpacking-arguments"
    full = place.full_name(node.func)
    if full in _CALLS:
        yield _CALLS[full]
    method = node.func.attr if isinstance(node.func, ast.Attribute) else None
    has_key = any(keyword.arg == "key" for keyword in node.keywords)
    if has_key and (full in _SORTS or method == "sort"):
        yield "sort-key"
    if isinstance(node.func, ast.Attribute):
        yield from _method_call(place, node.func)


def _method_call(place: Place, method: ast.Attribute) -> Iterator[str]:
    if method.attr == "join" and is_text(place, method.value):
        yield "string-join"
    if method.attr in _PATTERN_METHODS and is_compiled_pattern(place, method.value):
        yield "regular-expression"


def _set_operation(place: Place, node: ast.BinOp) -> Iterator[str]:
    if isinstance(node.op, _SET_OPERATORS) and any(
        isinstance(side, ast.Set | ast.SetComp)
        or (isinstance(side, ast.Call) and place.full_name(side.func) in _SETS)
        for side in (node.left, node.right)
    ):
        yield "set-operation"


def _compare(_place: Place, node: ast.Compare) -> Iterator[str]:
    if len(node.ops) > 1:
        yield "chained-comparison"
    if any(isinstance(operator, ast.Is | ast.IsNot) for operator in node.ops):
        yield "identity-test"


def _if(place: Place, node: ast.If) -> Iterator[str]:
    if not place.around and isinstance(node.test, ast.Compare):
        sides = [node.test.left, *node.test.comparators]
        names = {side.id for side in sides if isinstance(side, ast.Name)}
        values = {side.value for side in sides if isinstance(side, ast.Constant)}
        if names == {"__name__"} and values == {"__main__"}:
            yield "main-guard"


def _try(_place: Place, node: ast.Try | ast.TryStar) -> Iterator[str]:
    if node.handlers:
        yield "exception-handling"
    if node.finalbody:
        yield "cleanup"


def _raise(_place: Place, node: ast.Raise) -> Iterator[str]:
    yield "raising"
    if node.cause is not None:
        yield "exception-chaining"


def _return(_place: Place, node: ast.Return) -> Iterator[str]:
    if isinstance(node.value, ast.Tuple) and len(node.value.elts) > 1:
        yield "multiple-return-values"


def _name(place: Place, node: ast.Name) -> Iterator[str]:
    if isinstance(node.ctx, ast.Load) and place.is_captured(node.id):
        yield "closure"


_Rule = Callable[[Place, Any], Iterator[str]]
_RULES: dict[type[ast.AST], _Rule] = {
    ast.Assign: _assignment,
    ast.AsyncFor: _loop,
    ast.AsyncFunctionDef: _function,
    ast.BinOp: _set_operation,
    ast.Call: _call,
    ast.ClassDef: _class,
    ast.Compare: _compare,
    ast.For: _loop,
    ast.FunctionDef: _function,
    ast.If: _if,
    ast.Lambda: _lambda,
    ast.Name: _name,
    ast.Raise: _raise,
    ast.Return: _return,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.While: _loop,
    ast.comprehension: _comprehension,
}
