"""What a piece of code does, as a set of plain labels read off its syntax tree.

A label such as `loop`, `call:sorted` or `op:Add` licenses words about the code; see licences.py.
"""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TypeGuard

from procoder_tutor.checking.reading.flaws import flaws_of
from procoder_tutor.syntax import Comprehension, Function, dotted

_KINDS: Mapping[type[ast.AST], tuple[str, ...]] = MappingProxyType(
    {
        ast.For: ("loop", "for"),
        ast.AsyncFor: ("loop", "for", "async"),
        ast.While: ("loop", "while"),
        ast.If: ("if", "condition"),
        ast.IfExp: ("condition", "ternary"),
        ast.Match: ("condition", "match"),
        ast.Assert: ("condition", "assert"),
        ast.BoolOp: ("condition",),
        ast.Compare: ("condition", "compare"),
        ast.Try: ("try",),
        ast.With: ("with",),
        ast.AsyncWith: ("with", "async"),
        ast.Raise: ("raise",),
        ast.Return: ("return",),
        ast.Yield: ("yield",),
        ast.YieldFrom: ("yield",),
        ast.Await: ("async",),
        ast.AsyncFunctionDef: ("async",),
        ast.Lambda: ("lambda",),
        ast.ListComp: ("listcomp", "list", "loop", "comprehension"),
        ast.DictComp: ("dictcomp", "dict", "loop", "comprehension"),
        ast.SetComp: ("setcomp", "set", "loop", "comprehension"),
        ast.GeneratorExp: ("genexp", "loop", "comprehension"),
        ast.List: ("list",),
        ast.Dict: ("dict",),
        ast.Set: ("set",),
        ast.Tuple: ("tuple",),
        ast.JoinedStr: ("str", "format", "fstring"),
        ast.Slice: ("slice",),
        ast.Subscript: ("index",),
        ast.Break: ("break",),
        ast.Continue: ("continue",),
        ast.Global: ("global",),
        ast.Nonlocal: ("nonlocal",),
        ast.Delete: ("delete",),
        ast.Starred: ("star",),
        ast.Import: ("import",),
        ast.ImportFrom: ("import",),
        ast.AugAssign: ("augmented",),
        ast.Assign: ("assign",),
        ast.AnnAssign: ("assign",),
        ast.ClassDef: ("class",),
        ast.ExceptHandler: ("except",),
    }
)
_RANGE_WITH_STEP = 3
_CHARACTERS = {"\n": "n", "\t": "t", " ": "space"}
_CLASSES = frozenset({"cls", "type", "super", "date", "datetime", "timedelta", "time", "deque",
                      "defaultdict", "object", "dict", "list", "set", "namedtuple"})  # fmt: skip
_LONGEST_LABEL = 40


def traits_of(node: ast.AST) -> frozenset[str]:
    """Collect the labels of a definition or module, nested code included."""
    return frozenset(_labels(node))


def _labels(root: ast.AST) -> Iterator[str]:
    for node in ast.walk(root):
        yield from _KINDS.get(type(node), ())
        detail = _DETAILS.get(type(node))
        if detail is not None:
            yield from detail(node)
        if isinstance(node, Function) and node is not root:
            yield "inner-function"
            yield from ("decorated" for _ in node.decorator_list)
    yield from _loop_labels(root)
    yield from flaws_of(root)
    if isinstance(root, Function):
        yield from ("decorated" for _ in root.decorator_list)
        if root.args.defaults or any(root.args.kw_defaults):
            yield "default"


def _loop_labels(root: ast.AST) -> Iterator[str]:
    """Tell of loops inside loops."""
    loops = (ast.For, ast.AsyncFor, ast.While, *Comprehension.__args__)
    waiting: list[tuple[ast.AST, int]] = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        depth += isinstance(node, loops)
        if depth and isinstance(node, ast.Return):
            yield "return-in-loop"
        if depth > 1 or (isinstance(node, Comprehension) and len(node.generators) > 1):
            yield "nested-loop"
        waiting += [(child, depth) for child in ast.iter_child_nodes(node)]


_HELD: Mapping[type[ast.AST], str] = MappingProxyType(
    {ast.Tuple: "tuple", ast.Dict: "dict", ast.DictComp: "dict", ast.List: "list",
     ast.ListComp: "list", ast.Set: "set", ast.SetComp: "set"}
)  # fmt: skip


def _of_collection(node: ast.AST) -> Iterator[str]:
    """Tell what a display, a comprehension or a generator is filled with."""
    if isinstance(node, ast.List | ast.Dict) and not getattr(
        node, "elts", getattr(node, "keys", [])
    ):
        yield "empty-display"
    if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        yield from _held([node.elt])
    elif isinstance(node, ast.Yield):
        yield from _held([node.value] if node.value else [])
    else:
        yield from _held(getattr(node, "elts", []))


def _held(values: Sequence[ast.expr]) -> Iterator[str]:
    for value in values:
        # `[0] * width` is a list as much as `[0]` is.
        item = value.left if isinstance(value, ast.BinOp) else value
        if type(item) in _HELD:
            yield f"holds:{_HELD[type(item)]}"
        elif isinstance(item, ast.Subscript) and isinstance(item.slice, ast.Slice):
            yield "holds:list"


def _of_operator(node: ast.AST) -> Iterator[str]:
    operator = getattr(node, "op", None)
    yield f"op:{type(operator).__name__}"


def _of_compare(node: ast.AST) -> Iterator[str]:
    if not isinstance(node, ast.Compare):
        return
    for operator, right in zip(node.ops, node.comparators, strict=True):
        yield f"op:{type(operator).__name__}"
        if isinstance(right, ast.Constant):
            yield f"against:{right.value!r}"[:_LONGEST_LABEL]


def _of_constant(node: ast.AST) -> Iterator[str]:
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    yield f"const:{value!r}"[:_LONGEST_LABEL]
    yield "none" if value is None else type(value).__name__
    if isinstance(value, str):
        yield from (f"char:{_CHARACTERS.get(one, one)}" for one in set(value) if not one.isalnum())


def _of_call(node: ast.AST) -> Iterator[str]:
    if not isinstance(node, ast.Call):
        return
    func = node.func
    last = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
    yield from ("call", f"call:{last}")
    if isinstance(func, ast.Attribute):
        yield f"method:{last}"
        if isinstance(func.value, ast.Constant):
            yield "str"
    if (last[:1].isupper() and not last.endswith(("Error", "Exception"))) or last in _CLASSES:
        yield "class-call"
    if full := dotted(func):
        yield f"module:{full.partition('.')[0]}"
    yield from (f"keyword:{word.arg}" for word in node.keywords)
    if any(isinstance(argument, ast.Constant) for argument in node.args):
        yield "constant-argument"
    yield from _order_of(node, last)
    yield from _filling_of(node, last)


def _order_of(node: ast.Call, name: str) -> Iterator[str]:
    """Tell in which order a call sorts or goes."""
    keywords = {word.arg: word.value for word in node.keywords}
    flag = keywords.get("reverse")
    reverse = isinstance(flag, ast.Constant) and flag.value is True
    key = keywords.get("key")
    if name in {"sorted", "sort", "insort", "heappush"} and not reverse:
        yield "ascending"
    if reverse or (key and any(isinstance(part, ast.USub) for part in ast.walk(key))):
        yield "descending"
    steps_back = len(node.args) == _RANGE_WITH_STEP and _is_negative(node.args[-1])
    if name in {"reversed", "reverse"} or (name == "range" and steps_back):
        yield "backwards"


def _filling_of(node: ast.Call, name: str) -> Iterator[str]:
    """Tell what a call puts into a collection, or what the items of its result are."""
    if name in {"append", "add", "appendleft", "put"}:
        yield from _held(node.args)
    elif name in {"items", "zip", "enumerate", "most_common"}:
        yield "holds:tuple"
    elif name in {"split", "reader", "defaultdict", "list"}:
        yield "holds:list"
    elif name == "DictReader":
        yield "holds:dict"


def _of_subscript(node: ast.AST) -> Iterator[str]:
    if not isinstance(node, ast.Subscript):
        return
    if isinstance(node.ctx, ast.Store):
        yield "item-set"
    index = node.slice
    if isinstance(index, ast.Constant):
        yield f"item:{index.value!r}"[:_LONGEST_LABEL]
    elif _is_negative(index) and isinstance(index.operand, ast.Constant):
        yield f"item:-{index.operand.value!r}"[:_LONGEST_LABEL]
    elif isinstance(index, ast.Slice) and index.step and _is_negative(index.step):
        yield "backwards"


def _of_attribute(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute):
        if isinstance(node.ctx, ast.Store):
            yield "attribute-set"
        if full := dotted(node):
            yield f"module:{full.partition('.')[0]}"


def _of_assign(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Tuple):
                yield "unpack"


def _is_negative(node: ast.expr) -> TypeGuard[ast.UnaryOp]:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)


_DETAILS: Mapping[type[ast.AST], Callable[[ast.AST], Iterator[str]]] = MappingProxyType(
    {
        ast.BinOp: _of_operator,
        ast.UnaryOp: _of_operator,
        ast.AugAssign: _of_operator,
        ast.BoolOp: _of_operator,
        ast.Compare: _of_compare,
        ast.Constant: _of_constant,
        ast.Call: _of_call,
        ast.Subscript: _of_subscript,
        ast.Attribute: _of_attribute,
        ast.Assign: _of_assign,
        ast.List: _of_collection,
        ast.Dict: _of_collection,
        ast.Tuple: _of_collection,
        ast.ListComp: _of_collection,
        ast.SetComp: _of_collection,
        ast.GeneratorExp: _of_collection,
        ast.Yield: _of_collection,
    }
)
