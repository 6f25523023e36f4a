"""How many items things hold, measured in one input of the function."""

import ast

from procoder_tutor.facts.costs import CONSTANT, Cost, Sized, Untold, total
from procoder_tutor.facts.elements import TEXT_METHODS, Elements
from procoder_tutor.facts.growing import ADD_ONE, Growing, Loops, is_grown
from procoder_tutor.facts.kinds import SEARCHED, Kinds
from procoder_tutor.facts.mutable import annotation_names
from procoder_tutor.facts.paths import is_path
from procoder_tutor.facts.scope import Scope
from procoder_tutor.syntax import Comprehension, Function, all_arguments, dotted

_SAME_SIZE_CALLS = frozenset({
    "builtins.enumerate", "builtins.reversed", "builtins.list", "builtins.tuple", "builtins.set",
    "builtins.frozenset", "builtins.sorted", "builtins.iter", "collections.Counter",
    "collections.deque",
})  # fmt: skip
_SAME_SIZE_METHODS = frozenset({"copy", "items", "keys", "values"})
_THREE_PARTS = frozenset({"partition", "rpartition"})
_MAX_DEPTH = 20
_WITH_STEP = 3


class Sizes:
    """Answers about the names of one function, and keeps what the loops around say of them."""

    def __init__(self, scope: Scope, node: Function) -> None:
        self._scope = scope
        self.kinds = Kinds(scope, node)
        self.loops = Loops()
        self.elements = Elements(scope, node)
        self._arguments = {argument.arg for argument in all_arguments(node.args)}
        stored = [
            n
            for n in scope.reached
            if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store)
        ]
        # An item stored in a parameter that is looped over replaces one: a dict would not allow it.
        own = [n for n in stored if dotted(n.value) in self.kinds.values]
        self._growing = Growing(scope.reached, own)
        self._set_attributes = {
            dotted(n)
            for n in scope.reached
            if isinstance(n, ast.Attribute) and not isinstance(n.ctx, ast.Load)
        }
        self._opened = {
            id(item.optional_vars)
            for n in scope.reached
            if isinstance(n, ast.With)
            for item in n.items
            if self.is_opening(item.context_expr)
        }
        self._numbers: dict[str, Cost] = {}
        """Loop variables that count up to a size."""
        self._strides: dict[str, str] = {}
        """Loop variables that advance by the number in a parameter, with its name."""

    def is_argument(self, name: str) -> bool:
        """Whether a name is a parameter, bound again or not."""
        return name in self._arguments

    def is_number(self, node: ast.expr) -> bool:
        """Whether an expression surely is a number."""
        counts = isinstance(node, ast.Name) and node.id in self._numbers
        return counts or self.kinds.is_number(node)

    def enter(self, target: ast.expr, source: ast.expr, size: Cost) -> None:
        """Remember what a loop's variables count or hold."""
        called = self._scope.full_name(source.func) if isinstance(source, ast.Call) else None
        first = target
        if called == "builtins.enumerate" and isinstance(target, ast.Tuple) and target.elts:
            first = target.elts[0]
        if called in {"builtins.range", "builtins.enumerate"} and isinstance(first, ast.Name):
            self._numbers[first.id] = size
            match source:
                case ast.Call(args=[_, _, ast.Name(id=step)]):
                    self._strides[first.id] = step
        if size.about and called != "builtins.range":
            self.elements.enter(target)

    def is_fixed(self, part: ast.Slice) -> bool:
        """Whether a slice is short, or one of those that a loop cuts its input into."""
        match part:
            case ast.Slice(
                lower=ast.Name(id=start),
                upper=ast.BinOp(left=ast.Name(id=left), op=ast.Add(), right=ast.Name(id=step)),
            ):
                return start == left and self._strides.get(start) == step
        return _is_short(part)

    def fill(self, node: ast.AST, owner: ast.expr) -> None:
        """Count what a method call or an assignment adds to a collection. Raises Untold."""
        adds = not isinstance(node, ast.Call) or getattr(node.func, "attr", "") in ADD_ONE
        if adds:
            self._growing.fill(node, dotted(owner) or "", self.loops.repetitions)

    def items(self, node: ast.expr, depth: int = _MAX_DEPTH) -> Cost:
        """How often a loop over this repeats. Raises Untold."""
        if depth == 0:
            raise Untold
        parts = _parts(node)
        if parts is not None:
            return total(self.items(part, depth - 1) for part in parts)
        match node:
            case ast.Name():
                return self._named(node, depth - 1)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Subscript(value=value, slice=ast.Slice() as part):
                return CONSTANT if self.is_fixed(part) else self.items(value, depth - 1)
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

    def search(self, node: ast.expr) -> Cost:
        """Cost of `in` on this. Raises Untold."""
        if isinstance(node, ast.Constant | ast.Tuple | ast.List | ast.Set | ast.Dict):
            return CONSTANT
        is_constant = isinstance(node, ast.Name) and self.kinds.module_constant(node.id)
        if self.kinds.is_hashed(node) or is_constant:
            return CONSTANT
        if self.kinds.of(node) in SEARCHED:
            body, around = self.loops.innermost
            grows = isinstance(node, ast.Name) and is_grown(node.id, body)
            return _at(around, node) if grows else _at(self.items(node), node)
        match node:
            case ast.Call(func=ast.Attribute(attr="keys"), args=[]):
                return CONSTANT
            case ast.Call(func=ast.Attribute(attr="values" | "items"), args=[]):
                return _at(self.items(node), node)
        raise Untold

    def _counted(self, node: ast.Name, depth: int) -> Cost:
        if node.id in self._numbers:
            return self._numbers[node.id]
        if node.id in self.kinds.parameters:
            return Cost(1, 0, node.id, (node.lineno,), "numbers")
        if node.id in self.kinds.values:
            return _at(self.number(self.kinds.values[node.id], depth), node)
        raise Untold

    def _named(self, node: ast.Name, depth: int) -> Cost:
        added = self._added(node.id)
        if node.id in self.kinds.parameters:
            return total([Cost(1, 0, node.id, (node.lineno,), self._unit(node.id)), added])
        value = self.kinds.values.get(node.id)
        if self._is_file(node.id) or (value is not None and self.is_opening(value)):
            return Cost(1, 0, node.id, (node.lineno,), "lines")
        value = value or self.kinds.module_constant(node.id)
        if value is None:
            raise Untold
        return _at(total([self.items(value, depth), added]), node)

    def _unit(self, name: str) -> Sized:
        annotation = getattr(self.kinds.parameters[name], "annotation", None)
        return "characters" if annotation_names(annotation) == {"str"} else "items"

    def _attribute(self, node: ast.Attribute) -> Cost:
        """Items of `self.items`, which the function itself does not set."""
        name = dotted(node) or ""
        own = isinstance(node.value, ast.Name) and node.value.id == self.kinds.receiver
        if not own or name in self._set_attributes:
            raise Untold
        return total([Cost(1, 0, name, (node.lineno,)), self._added(name)])

    def _added(self, name: str) -> Cost:
        """How many items the function has put into a collection so far. Raises Untold."""
        repeated = bool(self.loops.repetitions.about)
        return self._growing.size(name, repeated=repeated)

    def _is_file(self, name: str) -> bool:
        """Whether a name is bound only by `with open(…) as name`."""
        bound = self._scope.document.bindings.of(self._scope.symbol.node).get(name, [])
        return len(bound) == 1 and id(bound[0]) in self._opened

    def is_opening(self, node: ast.expr) -> bool:
        """Whether an expression opens a file."""
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr="open")):
                return is_path(self._scope, owner)
            case ast.Call(func=called):
                return self._scope.full_name(called) in {"builtins.open", "io.open"}
        return False

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
            if name in _THREE_PARTS:
                return CONSTANT
            if name in _SAME_SIZE_METHODS or name in TEXT_METHODS:
                return self.items(owner, depth)
        raise Untold

    def _range(self, node: ast.Call) -> Cost:
        """Repetitions of `range(stop)`, `range(start, stop)` or one with a step.

        A step that is a parameter makes them fewer, but does not depend on the size.
        """
        steps = node.args[2:]
        known = all(_is_literal(s) or dotted(s) in self.kinds.parameters for s in steps)
        if node.keywords or len(node.args) > _WITH_STEP or not known:
            raise Untold
        return _at(total(self.number(bound) for bound in node.args[:2]), node)


def _parts(node: ast.expr) -> list[ast.expr] | None:
    """What the items of an expression are taken from; None where that is no list of parts."""
    match node:
        case ast.Constant() | ast.Dict():
            return []
        case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
            return [element.value for element in elements if isinstance(element, ast.Starred)]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [left, right]
    if isinstance(node, Comprehension) and len(node.generators) == 1:
        return [node.generators[0].iter]
    return None


def _is_short(part: ast.Slice) -> bool:
    """Whether a slice holds a fixed number of items, like `[:3]`, `[-2:]` or `[i : i + 2]`."""
    match part:
        case ast.Slice(upper=ast.Constant(value=int())):
            return True
        case ast.Slice(lower=ast.UnaryOp(op=ast.USub(), operand=ast.Constant()), upper=None):
            return True
        case ast.Slice(
            lower=ast.Name(id=start),
            upper=ast.BinOp(left=ast.Name(id=left), op=ast.Add(), right=ast.Constant(value=int())),
        ):
            return start == left
    return False


def _is_literal(node: ast.expr) -> bool:
    negative = isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant)
    return negative or isinstance(node, ast.Constant)


def _at(cost: Cost, node: ast.expr) -> Cost:
    """Let the cost stand where a name for it is used."""
    if not cost.about:
        return cost
    return Cost(cost.power, cost.logs, cost.about, (node.lineno,), cost.by)
