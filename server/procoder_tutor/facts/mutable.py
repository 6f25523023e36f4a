"""Which builtin types can be changed, by which methods, and what an annotation says about them."""

import ast

from procoder_tutor.parsing import parse_fragment
from procoder_tutor.syntax import dotted

_LIST = {"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse"}
_DICT = {"clear", "pop", "popitem", "setdefault", "update"}
_SET = {
    "add", "remove", "discard", "pop", "clear", "update",
    "intersection_update", "difference_update", "symmetric_difference_update",
}  # fmt: skip
_DEQUE = {"appendleft", "extendleft", "popleft", "rotate"} | _LIST - {"sort"}
METHODS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("list", "List", "MutableSequence"), frozenset(_LIST)),
    **dict.fromkeys(("dict", "Dict", "MutableMapping"), frozenset(_DICT)),
    **dict.fromkeys(("defaultdict", "DefaultDict", "OrderedDict"), frozenset(_DICT)),
    "Counter": frozenset(_DICT | {"subtract"}),
    **dict.fromkeys(("set", "Set", "MutableSet"), frozenset(_SET)),
    "bytearray": frozenset(_LIST - {"sort"}),
    **dict.fromkeys(("deque", "Deque"), frozenset(_DEQUE)),
}
"""Methods that change the object, by the name of its type."""
ALL_METHODS = frozenset().union(*METHODS.values())
GIVE_A_VALUE = frozenset({"pop", "popitem", "popleft", "setdefault"})
"""All the others return None on builtins: where their result is used, it is some other type."""
CHANGING_FUNCTIONS = frozenset({
    "heapq.heappush", "heapq.heappop", "heapq.heapify", "heapq.heapreplace", "heapq.heappushpop",
    "random.shuffle", "bisect.insort", "bisect.insort_left", "bisect.insort_right",
    "builtins.setattr", "builtins.delattr",
})  # fmt: skip
"""Functions of the standard library that change their first argument."""
IN_PLACE: dict[type[ast.operator], frozenset[str]] = {
    ast.Add: frozenset({"list", "List", "bytearray", "deque", "Deque"}),
    ast.Mult: frozenset({"list", "List", "bytearray", "deque"}),
    ast.BitOr: frozenset({"set", "dict", "Dict", "defaultdict", "OrderedDict", "Counter"}),
    ast.BitAnd: frozenset({"set"}),
    ast.Sub: frozenset({"set"}),
    ast.BitXor: frozenset({"set"}),
}
"""Types that an augmented assignment changes in place, by operator."""


def builtin_type(node: ast.expr) -> str:
    """Return the mutable builtin that a display or a call makes; empty for anything else."""
    displays = {
        ast.List: "list", ast.ListComp: "list", ast.Dict: "dict", ast.DictComp: "dict",
        ast.Set: "set", ast.SetComp: "set",
    }  # fmt: skip
    if isinstance(node, ast.Call):
        name = (dotted(node.func) or "").rpartition(".")[2]
        return name if name in METHODS else ""
    return displays.get(type(node), "")


def annotation_names(annotation: ast.expr | None) -> set[str] | None:
    """Return the names of the types in an annotation, without their parameters; None if none."""
    if annotation is None:
        return None
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        tree = parse_fragment(annotation.value.strip())
        if tree is None or len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
            return {"?"}
        annotation = tree.body[0].value
    names: set[str] = set()
    waiting: list[ast.AST] = [annotation]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.BinOp):
            waiting += [node.left, node.right]
        elif isinstance(node, ast.Subscript):
            outer = (dotted(node.value) or "").rpartition(".")[2]
            inner = outer in {"Optional", "Union", "Annotated"}
            waiting.append(node.slice if inner else node.value)
        elif isinstance(node, ast.Tuple):
            waiting += node.elts
        elif isinstance(node, ast.Constant) and node.value is None:
            names.add("None")
        else:
            names.add((dotted(node) or "?").rpartition(".")[2])
    return names
