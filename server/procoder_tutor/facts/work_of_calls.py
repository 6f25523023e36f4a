"""How much work a call is: only builtins and methods of builtin types are known."""

import ast
from collections.abc import Callable
from dataclasses import replace

from procoder_tutor.facts.costs import CONSTANT, Cost, Untold, total
from procoder_tutor.facts.elements import TEXT_METHODS
from procoder_tutor.facts.fixed_costs import CONVERSIONS, FIXED_FUNCTIONS, FIXED_METHODS
from procoder_tutor.facts.scope import Scope
from procoder_tutor.facts.sizes import Sizes
from procoder_tutor.syntax import Comprehension

_LINEAR = frozenset({
    "builtins.all", "builtins.any", "builtins.dict", "builtins.frozenset", "builtins.list",
    "builtins.max", "builtins.min", "builtins.set", "builtins.sum", "builtins.tuple",
    "collections.Counter", "collections.deque", "heapq.heapify",
})  # fmt: skip
_LINEAR_METHODS = frozenset({"copy", "count", "index", "remove", "reverse"})
_TAKES_ITEMS = frozenset({"extend", "join", "update"})
_BISECT = frozenset({"bisect.bisect", "bisect.bisect_left", "bisect.bisect_right"})
_WITH_DEFAULT = 2
_KEYS = frozenset({"builtins.len", "builtins.abs", "builtins.int", "builtins.ord"})


class Calls:
    """Costs of calls; `of` gives the cost of any other expression."""

    def __init__(self, scope: Scope, sizes: Sizes, of: Callable[[ast.AST], Cost]) -> None:
        self._scope = scope
        self._sizes = sizes
        self._of = of

    def call(self, node: ast.Call) -> Cost:
        """Cost of a call with its arguments. Raises Untold."""
        full = self._scope.full_name(node.func)
        if full is not None:
            return total([self._function(node, full), self.arguments(node)])
        if isinstance(node.func, ast.Attribute):
            return total([self._method(node, node.func), self.arguments(node)])
        raise Untold

    def arguments(self, node: ast.Call) -> Cost:
        """Cost of the arguments; a generator expression is run by what it is given to."""
        parts = [*node.args, *(keyword.value for keyword in node.keywords)]
        return total(self._of(part) for part in parts if not isinstance(part, ast.GeneratorExp))

    def _function(self, node: ast.Call, full: str) -> Cost:
        if full in FIXED_FUNCTIONS:
            return CONSTANT
        if full in CONVERSIONS:
            return self._conversion(node)
        if full in _LINEAR:
            return self._linear(node, full)
        match node.args:
            case [first, *_] if full == "builtins.sorted":
                return self._sorted(node, first)
            case [first, *_] if full == "builtins.next":
                return self._next(first)
            case [first, *_] if full in _BISECT and not node.keywords:
                size = self._sizes.items(first)
                return Cost(0, 1, size.about, (node.lineno,), "halves") if size.about else size
        raise Untold

    def _conversion(self, node: ast.Call) -> Cost:
        """`int(x)` and its like."""
        match node.args:
            case []:
                return CONSTANT
            case [converted]:
                if self._sizes.is_number(converted) or self._sizes.elements.holds(converted):
                    return CONSTANT
        raise Untold

    def _next(self, node: ast.expr) -> Cost:
        """A generator expression may have to pass over all items; a plain iterator has none."""
        if isinstance(node, ast.GeneratorExp):
            return self._of(_as_list(node))
        self._sizes.items(node)
        return CONSTANT

    def _linear(self, node: ast.Call, full: str) -> Cost:
        self._check_key(node)
        match node.args:
            case [] | [ast.Starred()]:
                return CONSTANT  # what is starred is counted with the arguments
            case [taken]:
                return self._taken(taken, node.lineno)
        if full in {"builtins.max", "builtins.min"}:
            return CONSTANT
        raise Untold

    def _taken(self, node: ast.expr, line: int) -> Cost:
        """Cost of taking every item."""
        if isinstance(node, Comprehension):
            return self._of(_as_list(node))
        size = self._sizes.items(node)
        return replace(size, lines=(line,)) if size.about else size

    def _sorted(self, node: ast.Call, sorted_items: ast.expr) -> Cost:
        size = self._taken(sorted_items, node.lineno)
        self._check_key(node)
        if size.about and size.order != (1, 0):
            raise Untold
        return replace(size, logs=1, by="sort") if size.about else size

    def _check_key(self, node: ast.Call) -> None:
        """Raise Untold where a `key=` function may be more than a fixed amount of work."""
        for keyword in node.keywords:
            value = keyword.value
            is_known = self._scope.full_name(value) in _KEYS
            if keyword.arg == "key" and not is_known:
                fixed = isinstance(value, ast.Lambda) and self._of(value.body) == CONSTANT
                getter = isinstance(value, ast.Call) and self._is_getter(value)
                if not fixed and not getter:
                    raise Untold

    def _is_getter(self, node: ast.Call) -> bool:
        return self._scope.full_name(node.func) in {"operator.itemgetter", "operator.attrgetter"}

    def _is_hashed(self, node: ast.expr) -> bool:
        return self._sizes.kinds.is_hashed(node)

    def _is_cheap_pop(self, node: ast.Call, owner: ast.expr) -> bool:
        """Whether `pop` takes the last item, or one of a dictionary: lists take no default."""
        match node.args:
            case [] | [ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1))] | [_, _]:
                return True
        return self._is_hashed(owner)

    def _method(self, node: ast.Call, method: ast.Attribute) -> Cost:
        name, owner = method.attr, method.value
        if isinstance(owner, ast.Name) and owner.id == self._scope.receiver:
            raise Untold
        before = self._of(owner)
        if name == "get" and len(node.args) < _WITH_DEFAULT and not self._is_hashed(owner):
            raise Untold  # queues and network sessions have a `get` too
        if name in FIXED_METHODS or (name == "pop" and self._is_cheap_pop(node, owner)):
            self._sizes.fill(node, owner)
            return before
        if name in TEXT_METHODS and self._sizes.elements.holds(owner):
            return before
        if name == "sort":
            return total([before, self._sorted(node, owner)])
        if name in _TAKES_ITEMS and len(node.args) == 1:
            return total([before, self._taken(node.args[0], node.lineno)])
        if name in TEXT_METHODS or name in _LINEAR_METHODS:
            size = self._sizes.items(owner)
            return total([before, replace(size, lines=(node.lineno,)) if size.about else size])
        raise Untold


def _as_list(node: Comprehension) -> Comprehension:
    if isinstance(node, ast.GeneratorExp):
        listed = ast.ListComp(node.elt, node.generators)
        return ast.copy_location(listed, node)
    return node
