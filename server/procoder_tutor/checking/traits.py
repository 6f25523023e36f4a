"""What a piece of code does, as a set of plain labels read off its syntax tree.

A label such as `loop`, `call:sorted` or `op:Add` licenses words about the code; see licences.py.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

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
_CLASSES = frozenset(
    [
        "cls",
        "type",
        "super",
        "date",
        "datetime",
        "timedelta",
        "time",
        "deque",
        "defaultdict",
        "object",
        "dict",
        "list",
        "set",
        "namedtuple",
    ]
)


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
    yield from _flaw_labels(root)
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
        if depth > 1 or (isinstance(node, Comprehension) and len(node.generators) > 1):
            yield "nested-loop"
            return
        waiting += [(child, depth) for child in ast.iter_child_nodes(node)]


def _flaw_labels(root: ast.AST) -> Iterator[str]:
    """Tell of loops that end in their first round, and of lists changed while they are read."""
    for node in ast.walk(root):
        if not isinstance(node, ast.For | ast.AsyncFor):
            continue
        if _always_leaves(node.body):
            yield "first-round-only"
        if isinstance(node.iter, ast.Name):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
                    owner = inner.func.value
                    if isinstance(owner, ast.Name) and owner.id == node.iter.id:
                        if inner.func.attr in {"remove", "pop", "insert"}:
                            yield "changed-while-iterating"


def _always_leaves(block: list[ast.stmt]) -> bool:
    last = block[-1]
    if isinstance(last, ast.Return | ast.Raise | ast.Break):
        return True
    if isinstance(last, ast.If) and last.orelse:
        return _always_leaves(last.body) and _always_leaves(last.orelse)
    return False


_HELD: Mapping[type[ast.AST], str] = MappingProxyType(
    {ast.Tuple: "tuple", ast.Dict: "dict", ast.DictComp: "dict", ast.List: "list",
     ast.ListComp: "list", ast.Set: "set", ast.SetComp: "set"}
)  # fmt: skip


def _of_holder(node: ast.AST) -> Iterator[str]:
    """Tell what a collection is filled with."""
    if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        held = [node.elt]
    elif isinstance(node, ast.Call):
        last = getattr(node.func, "attr", getattr(node.func, "id", ""))
        held = list(node.args) if last in {"append", "add", "appendleft", "put"} else []
        if last in {"items", "zip", "enumerate", "most_common"}:
            yield "holds:tuple"
        if last in {"split", "DictReader", "reader", "defaultdict", "list"}:
            yield "holds:dict" if last == "DictReader" else "holds:list"
    elif isinstance(node, ast.Yield):
        held = [node.value] if node.value else []
    else:
        held = list(getattr(node, "elts", []))
    for part in held:
        if type(part) in _HELD:
            yield f"holds:{_HELD[type(part)]}"
        elif isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Slice):
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
            yield f"against:{right.value!r}"[:40]


def _of_constant(node: ast.AST) -> Iterator[str]:
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    yield f"const:{value!r}"[:40]
    yield "none" if value is None else type(value).__name__
    if isinstance(value, str):
        yield from (f"char:{_CHARACTERS.get(one, one)}" for one in set(value) if not one.isalnum())


def _of_call(node: ast.AST) -> Iterator[str]:
    if not isinstance(node, ast.Call):
        return
    yield "call"
    func = node.func
    last = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
    if isinstance(func, ast.Attribute):
        yield f"method:{last}"
        if isinstance(func.value, ast.Constant):
            yield "str"
    yield f"call:{last}"
    if (last[:1].isupper() and not last.endswith(("Error", "Exception"))) or last in _CLASSES:
        yield "class-call"
    if full := dotted(func):
        yield f"module:{full.partition('.')[0]}"
    for word in node.keywords:
        yield f"keyword:{word.arg}"
        if word.arg == "reverse" and _is_true(word.value):
            yield "descending"
        if word.arg == "key" and any(isinstance(n, ast.USub) for n in ast.walk(word.value)):
            yield "descending"
    if last in {"sorted", "sort", "insort", "heappush"} and not any(
        word.arg == "reverse" and _is_true(word.value) for word in node.keywords
    ):
        yield "ascending"
    if last == "range" and len(node.args) == _RANGE_WITH_STEP and _is_negative(node.args[2]):
        yield "backwards"
    if last == "reversed" or (last == "reverse" and isinstance(func, ast.Attribute)):
        yield "backwards"
    yield from _of_holder(node)
    for argument in node.args:
        if isinstance(argument, ast.Constant):
            yield "constant-argument"


def _of_subscript(node: ast.AST) -> Iterator[str]:
    if not isinstance(node, ast.Subscript):
        return
    if isinstance(node.ctx, ast.Store):
        yield "item-set"
    text = ast.unparse(node.slice) if isinstance(node.slice, ast.Slice | ast.UnaryOp) else ""
    if isinstance(node.slice, ast.Constant):
        yield f"item:{node.slice.value!r}"[:40]
    elif text:
        yield f"item:{text}"[:40]
        if text.endswith(":-1") and text.count(":") > 1:
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


def _of_list(node: ast.AST) -> Iterator[str]:
    if not getattr(node, "elts", getattr(node, "keys", None)):
        yield "empty-display"
    yield from _of_holder(node)


def _is_negative(node: ast.expr) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)


def _is_true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


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
        ast.List: _of_list,
        ast.Dict: _of_list,
        ast.Tuple: _of_list,
        ast.ListComp: _of_holder,
        ast.SetComp: _of_holder,
        ast.GeneratorExp: _of_holder,
        ast.Yield: _of_holder,
    }
)
