"""How many items things hold, measured in one parameter of the function."""

import ast
from collections.abc import Iterable

from procoder_tutor.facts.costs import CONSTANT, Cost, Sized, Untold, total
from procoder_tutor.facts.mutable import annotation_names, builtin_type
from procoder_tutor.facts.scope import Scope
from procoder_tutor.syntax import Function, Loop, all_arguments, child_blocks

_SAME_SIZE_CALLS = frozenset({
    "builtins.enumerate", "builtins.reversed", "builtins.list", "builtins.tuple", "builtins.set",
    "builtins.frozenset", "builtins.sorted", "builtins.iter", "collections.Counter",
    "collections.deque",
})  # fmt: skip
_SAME_SIZE_METHODS = frozenset({"copy", "items", "keys", "values"})
TEXT_METHODS = frozenset({
    "capitalize", "casefold", "isalnum", "isalpha", "isdigit", "islower", "isnumeric", "isspace",
    "isupper", "lower", "lstrip", "replace", "rstrip", "split", "splitlines", "strip", "swapcase",
    "title", "upper",
})  # fmt: skip
"""Methods of `str` whose work grows with the text."""
_HASHED = frozenset({
    "Counter", "DefaultDict", "Dict", "FrozenSet", "Mapping", "MutableMapping", "MutableSet",
    "OrderedDict", "Set", "defaultdict", "dict", "frozenset", "range", "set",
})  # fmt: skip
_SEARCHED = frozenset({"List", "Sequence", "Tuple", "deque", "list", "tuple"})
_GROWING = frozenset({
    "add", "append", "appendleft", "extend", "extendleft", "insert", "setdefault", "update",
})  # fmt: skip
_MAX_DEPTH = 20


class Sizes:
    """Answers about the names of one function; names bound more than once have no known size."""

    def __init__(self, scope: Scope, node: Function) -> None:
        self._scope = scope
        bound = scope.document.bindings.of(node)
        self._arguments = {argument.arg for argument in all_arguments(node.args)}
        once = {name: nodes[0] for name, nodes in bound.items() if len(nodes) == 1}
        self._parameters = {
            name: argument
            for name, argument in once.items()
            if isinstance(argument, ast.arg) and name != scope.receiver
        }
        self._values = _values(scope, once)
        stored = {
            n.value.id
            for n in scope.nodes
            if isinstance(n, ast.Subscript)
            and isinstance(n.ctx, ast.Store)
            and isinstance(n.value, ast.Name)
        }
        # An item stored in a parameter that is looped over replaces one: a dict would not allow it.
        self._grown = _grown_names(scope.nodes) | (stored & set(self._values))
        self._collections = _assigned_collections(scope)
        self._numbers: dict[str, Cost] = {}
        """Loop variables that count up to a size."""
        self._characters: set[str] = set()

    def is_argument(self, name: str) -> bool:
        """Whether a name is a parameter, bound again or not."""
        return name in self._arguments

    def is_hashed(self, node: ast.expr) -> bool:
        """Whether an expression surely is a dictionary or a set."""
        return self._kind(node) in _HASHED

    def is_character(self, node: ast.expr) -> bool:
        """Whether an expression is one character of a text that is looped over."""
        return isinstance(node, ast.Name) and node.id in self._characters

    def enter(self, target: ast.expr, source: ast.expr, size: Cost) -> None:
        """Remember what a loop's variables count or hold."""
        called = self._scope.full_name(source.func) if isinstance(source, ast.Call) else None
        first = target
        if called == "builtins.enumerate" and isinstance(target, ast.Tuple) and target.elts:
            first = target.elts[0]
        if called in {"builtins.range", "builtins.enumerate"} and isinstance(first, ast.Name):
            self._numbers[first.id] = size
        elif size.by == "characters" and isinstance(target, ast.Name):
            self._characters.add(target.id)

    def items(self, node: ast.expr, depth: int = _MAX_DEPTH) -> Cost:
        """How often a loop over this repeats. Raises Untold."""
        if depth == 0:
            raise Untold
        match node:
            case ast.Name():
                return self._named(node, depth - 1)
            case ast.Constant() | ast.Dict():
                return CONSTANT
            case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
                parts = [e.value for e in elements if isinstance(e, ast.Starred)]
                return total(self.items(part, depth - 1) for part in parts)
            case ast.Subscript(value=value, slice=ast.Slice() as part):
                return CONSTANT if is_short(part) else self.items(value, depth - 1)
            case ast.Call():
                return self._called(node, depth - 1)
        raise Untold

    def number(self, node: ast.expr, depth: int = _MAX_DEPTH) -> Cost:
        """How large a number can be: constant, or in proportion to a size. Raises Untold."""
        if depth == 0:
            raise Untold
        match node:
            case ast.Constant(value=int()):
                return CONSTANT
            case ast.Name():
                return self._counted(node, depth - 1)
            case ast.Call(func=called, args=[counted]):
                if self._scope.full_name(called) == "builtins.len":
                    return _at(self.items(counted, depth - 1), node)
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.FloorDiv(), right=right):
                return total([self.number(left, depth - 1), self.number(right, depth - 1)])
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self.number(operand, depth - 1)
        raise Untold

    def _counted(self, node: ast.Name, depth: int) -> Cost:
        if node.id in self._numbers:
            return self._numbers[node.id]
        if node.id in self._parameters:
            return Cost(1, 0, node.id, (node.lineno,), "numbers")
        if node.id in self._values:
            return _at(self.number(self._values[node.id], depth), node)
        raise Untold

    def is_collection(self, node: ast.expr) -> bool:
        """Whether an expression surely is a text, a list or another collection."""
        if isinstance(node, ast.Constant):
            return isinstance(node.value, str | bytes)
        text = isinstance(node, ast.JoinedStr)
        if isinstance(node, ast.Name) and node.id in self._collections:
            return True
        return text or self._kind(node) in _SEARCHED | _HASHED | {"str", "bytes"}

    def search(self, node: ast.expr, loop: list[ast.stmt], around: Cost) -> Cost:
        """Cost of `in` on this, inside a loop's body that repeats as often as `around` says."""
        if isinstance(node, ast.Constant | ast.Tuple | ast.List | ast.Set | ast.Dict):
            return CONSTANT
        kind = self._kind(node)
        is_constant = isinstance(node, ast.Name) and _module_constant(self._scope, node.id)
        if kind in _HASHED or is_constant:
            return CONSTANT
        if kind in _SEARCHED:
            grows = isinstance(node, ast.Name) and _is_grown(node.id, loop)
            return _at(around, node) if grows else _at(self.items(node), node)
        raise Untold

    def _kind(self, node: ast.expr) -> str:
        """Name of the builtin type of an expression, where it is sure."""
        if isinstance(node, ast.Name) and node.id in self._parameters:
            names = annotation_names(getattr(self._parameters[node.id], "annotation", None))
            return names.pop() if names and len(names) == 1 else ""
        if isinstance(node, ast.Name):
            value = self._values.get(node.id) or _module_constant(self._scope, node.id)
            return self._kind(value) if value is not None and value is not node else ""
        if isinstance(node, ast.Constant):
            return type(node.value).__name__
        if isinstance(node, ast.Call):
            full = self._scope.full_name(node.func) or ""
            module, _, name = full.rpartition(".")
            name = "list" if full == "builtins.sorted" else name
            return name if module in {"builtins", "collections"} else ""
        return "tuple" if isinstance(node, ast.Tuple) else builtin_type(node)

    def _named(self, node: ast.Name, depth: int) -> Cost:
        if node.id in self._grown:
            raise Untold
        if node.id in self._parameters:
            return Cost(1, 0, node.id, (node.lineno,), self._unit(node.id))
        if node.id in self._values:
            return _at(self.items(self._values[node.id], depth), node)
        if (value := _module_constant(self._scope, node.id)) is not None:
            return self.items(value, depth)
        raise Untold

    def _unit(self, name: str) -> Sized:
        annotation = getattr(self._parameters[name], "annotation", None)
        return "characters" if annotation_names(annotation) == {"str"} else "items"

    def _called(self, node: ast.Call, depth: int) -> Cost:
        full = self._scope.full_name(node.func)
        if any(isinstance(argument, ast.Starred) for argument in node.args):
            raise Untold
        if full == "builtins.range" and node.args:
            return self._range(node)
        if full == "builtins.zip" and node.args:
            return total(self.items(argument, depth) for argument in node.args)
        if full in _SAME_SIZE_CALLS:
            return self.items(node.args[0], depth) if node.args else CONSTANT
        if isinstance(node.func, ast.Attribute) and full is None:
            name, owner = node.func.attr, node.func.value
            if name in _SAME_SIZE_METHODS or name in TEXT_METHODS:
                return self.items(owner, depth)
        raise Untold

    def _range(self, node: ast.Call) -> Cost:
        """Repetitions of `range(stop)`, `range(start, stop)` or one with a literal step."""
        if node.keywords or (len(node.args) > 2 and not _is_literal(node.args[2])):  # noqa: PLR2004
            raise Untold
        return _at(total(self.number(bound) for bound in node.args[:2]), node)


def _assigned_collections(scope: Scope) -> set[str]:
    """Names that are somewhere assigned a text or a list."""
    literal = ast.JoinedStr | ast.List | ast.ListComp | ast.Tuple
    return {
        target.id
        for node in scope.nodes
        if isinstance(node, ast.Assign)
        and (
            isinstance(node.value, literal)
            or (isinstance(node.value, ast.Constant) and isinstance(node.value.value, str | bytes))
        )
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def is_short(part: ast.Slice) -> bool:
    """Whether a slice holds a fixed number of items, like `[:3]` or `[-2:]`."""
    match part:
        case ast.Slice(upper=ast.Constant(value=int())):
            return True
        case ast.Slice(lower=ast.UnaryOp(op=ast.USub(), operand=ast.Constant()), upper=None):
            return True
    return False


def _values(scope: Scope, once: dict[str, ast.AST]) -> dict[str, ast.expr]:
    """Values of the locals that are bound once, by a plain assignment."""
    bound = {id(node): name for name, node in once.items()}
    found: dict[str, ast.expr] = {}
    for node in scope.nodes:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            targets = [node.target]
        for target in targets:
            if id(target) in bound:
                found[bound[id(target)]] = node.value  # type: ignore[attr-defined]  # an assignment
    return found


def _module_constant(scope: Scope, name: str) -> ast.expr | None:
    """Literal that a name stands for, which the module binds once and the function never."""
    bound = scope.document.bindings.of(scope.document.syntax).get(name, [])
    is_constant = name.isupper() and len(bound) == 1 and name not in scope.local
    if not is_constant or not isinstance(bound[0], ast.Name):
        return None
    for statement in scope.document.syntax.body:
        if isinstance(statement, ast.Assign) and bound[0] in statement.targets:
            literal = ast.Constant | ast.Tuple | ast.List | ast.Set | ast.Dict
            return statement.value if isinstance(statement.value, literal) else None
    return None


def _is_grown(name: str, loop: list[ast.stmt]) -> bool:
    """Whether a loop's body appends to a list at most once each time, not in a loop inside."""
    waiting = list(loop)
    grown = False
    while waiting:
        statement = waiting.pop()
        if isinstance(statement, Loop):
            if name in _grown_names(ast.walk(statement)):
                return False
        elif isinstance(statement, ast.Expr):
            grown = grown or name in _grown_names([statement.value])
        else:
            waiting += [child for block in child_blocks(statement) for child in block]
    return grown


def _grown_names(nodes: Iterable[ast.AST]) -> set[str]:
    """Names of collections that get more items by a method or an assignment."""
    found: set[str] = set()
    for node in nodes:
        owner: ast.AST | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value if node.func.attr in _GROWING else None
        if isinstance(owner, ast.Name):
            found.add(owner.id)
    return found


def _is_literal(node: ast.expr) -> bool:
    negative = isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant)
    return negative or isinstance(node, ast.Constant)


def _at(cost: Cost, node: ast.expr) -> Cost:
    """Let the cost stand where a name for it is used."""
    if not cost.about:
        return cost
    return Cost(cost.power, cost.logs, cost.about, (node.lineno,), cost.by)
