"""What annotations, defaults, uses and names say about the shapes of parameters."""

import ast
from collections.abc import Callable, Iterable, Iterator

from procoder_tutor.checking.reading.assignments import short
from procoder_tutor.checking.reading.shapes import UNKNOWN, Shapes, is_plain, table
from procoder_tutor.parsing import among_threads
from procoder_tutor.syntax import all_arguments

_Note = Callable[[ast.AST | None, str], None]
_Loop = ast.For | ast.AsyncFor | ast.comprehension

_LONGEST_ANNOTATION = 200
_ANNOTATIONS = table(
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
    if not annotation or len(annotation) > _LONGEST_ANNOTATION:
        return UNKNOWN
    try:
        waiting: list[ast.expr] = [among_threads(lambda: ast.parse(annotation, mode="eval")).body]
    except (SyntaxError, ValueError):
        return UNKNOWN
    found: set[str] = set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.BinOp) and isinstance(part.op, ast.BitOr):
            waiting += [part.left, part.right]
        elif alternatives := _alternatives(part):
            waiting += alternatives
        else:
            shape = _ANNOTATIONS.get(_last_name(part))
            if shape is None:
                return UNKNOWN
            found.add(shape)
    return frozenset(found)


def _alternatives(node: ast.expr) -> list[ast.expr]:
    """Return the parts of `Optional[…]` and `Union[…]`."""
    if not isinstance(node, ast.Subscript):
        return []
    name = _last_name(node)
    inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if name == "Optional":
        return [*inner, ast.Constant(None)]
    return list(inner) if name == "Union" else []


def _last_name(node: ast.expr) -> str:
    """Return `Mapping` of `typing.Mapping[str, int]`."""
    if isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Constant):
        return "None" if node.value is None else ""
    return getattr(node, "attr", getattr(node, "id", ""))


def parameter_shapes(node: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, Shapes]:
    """Return what annotations, defaults and uses say about each parameter."""
    arguments = node.args
    shapes = {
        argument.arg: shapes_of_annotation(short(argument.annotation))
        if argument.annotation
        else UNKNOWN
        for argument in all_arguments(arguments)
    }
    for argument, default in _with_defaults(arguments):
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


def _with_defaults(arguments: ast.arguments) -> Iterator[tuple[ast.arg, ast.expr]]:
    positional = [*arguments.posonlyargs, *arguments.args]
    yield from zip(reversed(positional), reversed(arguments.defaults), strict=False)
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default is not None:
            yield argument, default


_DUCK_METHODS = table(
    {
        "str": "lower upper strip lstrip rstrip split splitlines startswith endswith replace"
        " isdigit isalpha isalnum isupper title capitalize encode format",
        "dict": "items keys values setdefault get",
        "list": "append extend sort insert",
        "set": "add discard",
        "path": "open with_suffix read_text write_text exists is_file is_dir rglob glob iterdir",
        "file": "read readline readlines write close flush",
    }
)
_DUCK_CALLS = table(
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

    by_name = _indexed_by_name(node)
    for inner in ast.walk(node):
        if isinstance(inner, _Loop):
            # `for key in mapping: mapping[key]` is what one does with a dictionary.
            pair = (getattr(inner.iter, "id", ""), getattr(inner.target, "id", ""))
            note(inner.iter, "dict" if pair in by_name else "iterable")
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


def _indexed_by_name(node: ast.AST) -> set[tuple[str, str]]:
    """Collect the pairs of `mapping[key]` where both are plain names."""
    return {
        (inner.value.id, inner.slice.id)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Subscript)
        and isinstance(inner.value, ast.Name)
        and isinstance(inner.slice, ast.Name)
    }


def element_shapes(node: ast.AST, names: Iterable[str]) -> dict[str, Shapes]:
    """Return what loops over each name do with its items; `tuple` where they unpack them."""
    used = _used_shapes(node)
    found: dict[str, set[str]] = {name: set() for name in names}
    for loop in ast.walk(node):
        if not isinstance(loop, _Loop):
            continue
        target = loop.target
        shapes = used.get(target.id, set()) if isinstance(target, ast.Name) else {"tuple"}
        for part in ast.walk(loop.iter):
            if isinstance(part, ast.Name) and part.id in found:
                found[part.id] |= shapes
    return {name: frozenset(shapes) for name, shapes in found.items()}


def _note_call(call: ast.Call, note: _Note) -> None:
    note(call.func, "function")
    if isinstance(call.func, ast.Attribute) and call.func.attr in _DUCK_METHODS:
        note(call.func.value, _DUCK_METHODS[call.func.attr])
    name = ast.unparse(call.func) if is_plain(call.func) else ""
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


_TELLING_NAMES = table(
    {
        "str": "text string s name word phrase sentence message title line url filename prefix"
        " suffix password username email char letter char",
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
