"""What kind of value an expression has, as far as the code of one function tells.

A shape is a plain word such as `list` or `str`. An empty set means that nothing is known; several
shapes mean that any of them may occur.
"""

import ast
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from procoder_tutor.syntax import Function, all_arguments

Shapes = frozenset[str]
_Note = Callable[[ast.AST | None, str], None]
UNKNOWN: Shapes = frozenset()
_MOST_STEPS = 40
"""Names are followed through assignments so often; more only happens in generated code."""


def _table(rows: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(
        {name: shape for shape, names in rows.items() for name in names.split()}
    )


_CALLS = _table(
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
_METHODS = _table(
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
        name = ast.unparse(node.func) if _is_plain(node.func) else ""
        if name in _CALLS:
            return frozenset({_CALLS[name]})
        if isinstance(node.func, ast.Attribute):
            if node.func.attr in _SAME_SHAPE_METHODS:
                return self._shapes(node.func.value)
            if node.func.attr in _METHODS:
                return frozenset({_METHODS[node.func.attr]})
        return UNKNOWN

    def _union(self, nodes: Iterable[ast.expr | None]) -> Shapes:
        found = [self._shapes(node) for node in nodes]
        return frozenset().union(*found) if all(found) else UNKNOWN


def _is_plain(node: ast.expr) -> bool:
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


_ANNOTATIONS = _table(
    {
        "list": "list List",
        "sequence": "Sequence MutableSequence",
        "iterable": "Iterable Collection",
        "iterator": "Iterator Generator AsyncIterator AsyncGenerator",
        "dict": "dict Dict Mapping MutableMapping Counter defaultdict OrderedDict",
        "set": "set Set frozenset FrozenSet AbstractSet",
        "tuple": "tuple Tuple",
        "str": "str LiteralString",
        "int": "int",
        "float": "float",
        "bool": "bool",
        "bytes": "bytes bytearray",
        "path": "Path PurePath PathLike",
        "function": "Callable",
        "none": "None",
        "file": "TextIO BinaryIO IO",
    }
)


def shapes_of_annotation(annotation: str | None) -> Shapes:
    """Return the shapes an annotation names; unknown where it names anything else."""
    if not annotation:
        return UNKNOWN
    try:
        node = ast.parse(annotation, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return UNKNOWN
    found: set[str] = set()
    waiting: list[ast.expr] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.BinOp) and isinstance(part.op, ast.BitOr):
            waiting += [part.left, part.right]
            continue
        if isinstance(part, ast.Subscript):
            head = ast.unparse(part.value).rpartition(".")[2]
            if head in {"Optional", "Union"}:
                inner = part.slice
                waiting += inner.elts if isinstance(inner, ast.Tuple) else [inner]
                found |= {"none"} if head == "Optional" else set()
                continue
            part = part.value
        name = "None" if isinstance(part, ast.Constant) else ast.unparse(part).rpartition(".")[2]
        if name not in _ANNOTATIONS:
            return UNKNOWN
        found.add(_ANNOTATIONS[name])
    return frozenset(found)


def parameter_shapes(node: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, Shapes]:
    """Return what annotations, defaults and uses say about each parameter."""
    arguments = node.args
    shapes: dict[str, Shapes] = {}
    for argument in all_arguments(arguments):
        annotation = ast.unparse(argument.annotation) if argument.annotation else None
        shapes[argument.arg] = shapes_of_annotation(annotation)
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = list(zip(reversed(positional), reversed(arguments.defaults), strict=False))
    pairs += [(a, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults) if d is not None]
    for argument, default in pairs:
        if argument.annotation is None and isinstance(default, ast.Constant) and default.value:
            shapes[argument.arg] = frozenset({type(default.value).__name__})
    if arguments.vararg:
        shapes[arguments.vararg.arg] = frozenset({"tuple"})
    if arguments.kwarg:
        shapes[arguments.kwarg.arg] = frozenset({"dict"})
    for name, used in _used_shapes(node).items():
        if name in shapes and not shapes[name]:
            shapes[name] = frozenset(used)
    return shapes


_DUCK_METHODS = _table(
    {
        "str": "lower upper strip lstrip rstrip split splitlines startswith endswith replace"
        " isdigit isalpha isalnum isupper title capitalize encode format",
        "dict": "items keys values setdefault",
        "list": "append extend sort insert",
        "set": "add discard",
        "path": "open with_suffix read_text write_text exists is_file is_dir rglob glob iterdir",
        "file": "read readline readlines write close flush",
    }
)
_DUCK_CALLS = _table(
    {
        "sized": "len",
        "iterable": "list sorted set tuple sum max min zip enumerate any all reversed",
        "path": "open Path os.path.exists os.listdir",
        "number": "range round abs",
    }
)


def _used_shapes(node: ast.AST) -> dict[str, set[str]]:
    """Tell how names are used: as a number, called, iterated, indexed, by methods of a type."""
    found: dict[str, set[str]] = {}

    def note(part: ast.AST | None, shape: str) -> None:
        if isinstance(part, ast.Name):
            found.setdefault(part.id, set()).add(shape)

    for inner in ast.walk(node):
        if isinstance(inner, ast.For | ast.AsyncFor | ast.comprehension):
            note(inner.iter, "dict" if _indexes_by_its_items(node, inner) else "iterable")
        elif isinstance(inner, ast.Subscript):
            text_key = isinstance(inner.slice, ast.Constant) and isinstance(inner.slice.value, str)
            note(inner.value, "dict" if text_key else "indexable")
        elif isinstance(inner, ast.Call):
            _note_call(inner, note)
        elif isinstance(inner, ast.BinOp):
            _note_arithmetic(inner, note)
        elif isinstance(inner, ast.Compare):
            _note_compare(inner, note)
    return found


def _indexes_by_its_items(node: ast.AST, loop: ast.For | ast.AsyncFor | ast.comprehension) -> bool:
    """Tell of `for key in mapping: mapping[key]`."""
    if not isinstance(loop.iter, ast.Name) or not isinstance(loop.target, ast.Name):
        return False
    return any(
        isinstance(inner, ast.Subscript)
        and isinstance(inner.value, ast.Name)
        and inner.value.id == loop.iter.id
        and isinstance(inner.slice, ast.Name)
        and inner.slice.id == loop.target.id
        for inner in ast.walk(node)
    )


def element_shapes(node: ast.AST, name: str) -> Shapes:
    """Return what loops over `name` do with its items; `tuple` where they unpack them."""
    used = _used_shapes(node)
    found: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.For | ast.AsyncFor | ast.comprehension):
            if name in {part.id for part in ast.walk(inner.iter) if isinstance(part, ast.Name)}:
                if isinstance(inner.target, ast.Name):
                    found |= used.get(inner.target.id, set())
                else:
                    found.add("tuple")
    return frozenset(found)


def _note_call(call: ast.Call, note: _Note) -> None:
    note(call.func, "function")
    if isinstance(call.func, ast.Attribute) and call.func.attr in _DUCK_METHODS:
        note(call.func.value, _DUCK_METHODS[call.func.attr])
    name = ast.unparse(call.func) if _is_plain(call.func) else ""
    if name in _DUCK_CALLS:
        for argument in call.args[:1]:
            note(argument, _DUCK_CALLS[name])
    for word in call.keywords:
        if word.arg == "key":
            note(word.value, "function")


def _note_arithmetic(operation: ast.BinOp, note: _Note) -> None:
    pair = (operation.left, operation.right)
    for one, other in (pair, pair[::-1]):
        if isinstance(operation.op, ast.Div):
            note(one, "divided")
        elif not isinstance(operation.op, ast.Add | ast.Mod | ast.Mult):
            note(one, "number")
        elif isinstance(other, ast.Constant) and isinstance(operation.op, ast.Add):
            note(one, "number" if type(other.value) in {int, float} else type(other.value).__name__)


def _note_compare(compare: ast.Compare, note: _Note) -> None:
    sides = [compare.left, *compare.comparators]
    for left, operator, right in zip(sides, compare.ops, sides[1:], strict=False):
        if isinstance(operator, ast.In | ast.NotIn):
            note(right, "container")
        for one, other in ((left, right), (right, left)):
            if isinstance(other, ast.Constant) and type(other.value) in {int, float}:
                note(one, "number")
            elif isinstance(other, ast.Constant) and type(other.value) is str:
                note(one, "str")


_TELLING_NAMES = _table(
    {
        "str": "text string s name word phrase sentence message title line url filename prefix suffix"
        " password username email char letter char",
        "number": "n count size length limit index width height amount number years days seconds"
        " times total rate percent year month day hour minute depth capacity x y",
        "path": "path folder directory filename",
        "iterable": "items values numbers words lines elements entries rows names intervals nums",
        "function": "function func callback predicate fn",
    }
)


def shapes_of_name(name: str) -> Shapes:
    """Return what a parameter's name alone suggests to everybody."""
    shape = _TELLING_NAMES.get(name)
    return frozenset({shape}) if shape else UNKNOWN
