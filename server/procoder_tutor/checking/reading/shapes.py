"""What kind of value an expression has, as far as the code of one function tells.

A shape is a plain word such as `list` or `str`. An empty set means that nothing is known; several
shapes mean that any of them may occur.
"""

import ast
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from procoder_tutor.syntax import Function

Shapes = frozenset[str]
UNKNOWN: Shapes = frozenset()
_MOST_STEPS = 40
"""Names are followed through assignments so often; more only happens in generated code."""


def table(rows: Mapping[str, str]) -> Mapping[str, str]:
    """Turn rows of shape and names into a table from name to shape."""
    return MappingProxyType(
        {name: shape for shape, names in rows.items() for name in names.split()}
    )


_CALLS = table(
    {
        "int": "len int ord hash id",
        "number": "abs round pow sum",
        "float": "float time.time time.monotonic time.perf_counter math.sqrt",
        "str": "str repr chr hex bin oct format input ascii json.dumps re.sub re.escape",
        "bool": "bool isinstance issubclass any all callable hasattr",
        "list": "list sorted dir re.findall re.split glob.glob os.listdir",
        "dict": "dict vars globals locals Counter defaultdict OrderedDict collections.Counter"
        " collections.defaultdict collections.OrderedDict",
        "set": "set frozenset",
        "tuple": "tuple divmod",
        "iterator": "iter enumerate zip map filter reversed range",
        "bytes": "bytes bytearray",
        "file": "open",
        "path": "Path pathlib.Path",
        "deque": "deque collections.deque",
    }
)
_METHODS = table(
    {
        "str": "join lower upper strip lstrip rstrip replace format title capitalize casefold"
        " removeprefix removesuffix center ljust rjust zfill decode read_text strftime isoformat"
        " swapcase translate expandtabs hexdigest",
        "bool": "startswith endswith isdigit isalpha isalnum isupper islower isspace isidentifier"
        " is_file is_dir exists issubset issuperset isdisjoint",
        "list": "split splitlines rsplit readlines most_common",
        "tuple": "partition rpartition groups",
        "int": "count index find rfind bit_length",
        "bytes": "encode read_bytes digest",
        "iterator": "items keys values finditer rglob iterdir elements",
        "set": "union intersection difference symmetric_difference",
    }
)
_SAME_SHAPE_METHODS = frozenset({"copy", "resolve", "absolute", "with_suffix", "with_name"})
_DISPLAYS: Mapping[type[ast.AST], str] = MappingProxyType(
    {
        ast.JoinedStr: "str",
        ast.List: "list",
        ast.ListComp: "list",
        ast.Dict: "dict",
        ast.DictComp: "dict",
        ast.Set: "set",
        ast.SetComp: "set",
        ast.Tuple: "tuple",
        ast.GeneratorExp: "iterator",
        ast.Compare: "bool",
        ast.Lambda: "function",
    }
)
_VAGUE = frozenset({"iterable", "sized", "indexable", "container"})
NUMERIC: Shapes = frozenset({"int", "float", "number"})


class ShapeFinder:
    """Finds the shapes of expressions inside one function, by its assignments."""

    def __init__(self, node: ast.AST, parameters: Mapping[str, Shapes]) -> None:
        self._parameters = parameters
        self._assigned: dict[str, list[ast.expr | None]] = {}
        self._functions = {
            inner.name for inner in ast.walk(node) if isinstance(inner, Function) and inner != node
        }
        for inner in ast.walk(node):
            for target, value in _bindings(inner):
                self._assigned.setdefault(target, []).append(value)
        self._steps = 0

    def of(self, node: ast.expr | None) -> Shapes:
        """Return the shapes an expression can have."""
        self._steps = 0
        return self._shapes(node)

    def _shapes(self, node: ast.expr | None) -> Shapes:
        self._steps += 1
        if node is None or self._steps > _MOST_STEPS:
            return UNKNOWN
        if type(node) in _DISPLAYS:
            return frozenset({_DISPLAYS[type(node)]})
        if isinstance(node, ast.Constant):
            return frozenset({"none" if node.value is None else type(node.value).__name__})
        if isinstance(node, ast.Name):
            return self._of_name(node.id)
        if isinstance(node, ast.Call):
            return self._of_call(node)
        return self._of_operation(node)

    def _of_operation(self, node: ast.expr) -> Shapes:
        if isinstance(node, ast.UnaryOp):
            return frozenset({"bool"}) if isinstance(node.op, ast.Not) else frozenset({"number"})
        if isinstance(node, ast.IfExp):
            return self._union([node.body, node.orelse])
        if isinstance(node, ast.BoolOp):
            return self._union(node.values)
        if isinstance(node, ast.BinOp):
            return self._of_arithmetic(node)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
            return self._shapes(node.value) - _VAGUE or frozenset({"sequence"})
        return UNKNOWN

    def _of_arithmetic(self, node: ast.BinOp) -> Shapes:
        if isinstance(node.op, ast.Div):
            left = self._shapes(node.left)
            return UNKNOWN if left & {"path"} else frozenset({"float"})
        both = self._shapes(node.left) | self._shapes(node.right)
        if both <= NUMERIC and both:
            return frozenset({"number"})
        if isinstance(node.op, ast.Sub | ast.Pow | ast.FloorDiv) and not both - NUMERIC:
            return frozenset({"number"})
        known = both & {"list", "str", "bytes", "tuple"}
        return known or UNKNOWN

    def _of_name(self, name: str) -> Shapes:
        if name in self._functions:
            return frozenset({"function"})
        values = self._assigned.get(name)
        if values is None:
            return self._parameters.get(name, UNKNOWN)
        if name in self._parameters:
            return UNKNOWN
        return self._union(values)

    def _of_call(self, node: ast.Call) -> Shapes:
        name = ast.unparse(node.func) if is_plain(node.func) else ""
        if name in _CALLS:
            return frozenset({_CALLS[name]})
        if isinstance(node.func, ast.Attribute):
            if node.func.attr in _SAME_SHAPE_METHODS:
                return self._shapes(node.func.value)
            if node.func.attr in _METHODS:
                return frozenset({_METHODS[node.func.attr]})
        return UNKNOWN

    def _union(self, nodes: Iterable[ast.expr | None]) -> Shapes:
        return union(self._shapes(node) for node in nodes)


def union(found: Iterable[Shapes]) -> Shapes:
    """Return all shapes together; unknown when one is unknown."""
    known = list(found)
    return frozenset().union(*known) if all(known) else UNKNOWN


def is_plain(node: ast.expr) -> bool:
    """Tell whether it is a name or an attribute of a name, which is cheap to write out."""
    return isinstance(node, ast.Name) or (
        isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    )


def _bindings(node: ast.AST) -> Iterable[tuple[str, ast.expr | None]]:
    """Yield names that a node binds, each with its value where that is an expression."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target.id, node.value
            else:
                yield from ((name, None) for name in _names(target))
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and isinstance(node.target, ast.Name):
        if node.value is not None:
            yield node.target.id, node.value
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        yield from ((name, None) for name in _names(node.target))
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield from ((name, None) for name in _names(node.optional_vars))


def _names(target: ast.expr) -> Iterable[str]:
    return (inner.id for inner in ast.walk(target) if isinstance(inner, ast.Name))
