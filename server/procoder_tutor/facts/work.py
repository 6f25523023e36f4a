"""How much work the statements and expressions of a function are, added up from the inside.

Only what is certain counts: loops over an input, builtins whose cost is known, arithmetic on
numbers of a fixed size. Everything else raises Untold. The work of a generator is that of going
through it to its end.
"""

import ast
from collections.abc import Callable, Sequence

from procoder_tutor.facts.costs import CONSTANT, Cost, Untold, times, total
from procoder_tutor.facts.endings import runs_once
from procoder_tutor.facts.growing import check_unfilled
from procoder_tutor.facts.scope import Scope
from procoder_tutor.facts.sizes import Sizes
from procoder_tutor.facts.while_loops import repetitions
from procoder_tutor.facts.work_of_calls import Calls
from procoder_tutor.syntax import Comprehension, Function

_Fixed = (
    ast.Name | ast.Constant | ast.Lambda | ast.Pass | ast.Break | ast.Continue | ast.Global
    | ast.Nonlocal | ast.operator | ast.unaryop | ast.boolop | ast.cmpop | ast.expr_context
    | ast.FunctionDef | ast.AsyncFunctionDef
)  # fmt: skip
_Sum = (
    ast.Expr | ast.Return | ast.Assign | ast.AnnAssign | ast.Assert | ast.If | ast.Try
    | ast.ExceptHandler | ast.Attribute | ast.UnaryOp | ast.BoolOp | ast.IfExp | ast.Tuple
    | ast.List | ast.Set | ast.Dict | ast.JoinedStr | ast.FormattedValue | ast.NamedExpr
    | ast.keyword | ast.Delete | ast.Yield
)  # fmt: skip
"""What costs as much as its parts together."""


class Work:
    """Adds up the work of one function whose tree is not too deep to be walked recursively."""

    def __init__(self, scope: Scope, sizes: Sizes, node: Function) -> None:
        self._scope = scope
        self._sizes = sizes
        self._function = node
        self._loops = sizes.loops
        self._calls = Calls(scope, sizes, self.of)
        self._special: dict[type[ast.AST], Callable[..., Cost]] = {
            ast.For: self._for,
            ast.While: self._while,
            ast.With: self._with,
            ast.YieldFrom: self._yield_from,
            ast.Raise: self._raise,
            ast.AugAssign: self._augmented,
            ast.BinOp: self._operation,
            ast.Compare: self._comparison,
            ast.Subscript: self._subscript,
            ast.Starred: self._starred,
            ast.Call: self._calls.call,
            ast.ListComp: self._comprehension,
            ast.SetComp: self._comprehension,
            ast.DictComp: self._comprehension,
        }

    def block(self, body: list[ast.stmt]) -> Cost:
        """Cost of a block of statements. Raises Untold."""
        living = [statement for statement in body if id(statement) not in self._scope.dead_nodes]
        return total(map(self.of, living))

    def of(self, node: ast.AST) -> Cost:
        """Cost of a statement or an expression. Raises Untold."""
        if isinstance(node, _Fixed):
            return CONSTANT
        if isinstance(node, _Sum):
            annotation = getattr(node, "annotation", None)
            parts = (part for part in ast.iter_child_nodes(node) if part is not annotation)
            return total(self.of(part) for part in parts)
        special = self._special.get(type(node))
        if special is None:
            raise Untold
        return special(node)

    def _for(self, node: ast.For) -> Cost:
        size = CONSTANT if runs_once(node) else self._turns(node.iter, node.body)
        self._sizes.enter(node.target, node.iter, size)
        inside = self._repeated(node, size)
        once = total([self.of(node.iter), self.block(node.orelse)])
        return total([once, times(_at(size, node.lineno), inside)])

    def _turns(self, source: ast.expr, body: Sequence[ast.AST]) -> Cost:
        """How often a loop over something repeats."""
        check_unfilled(source, body)
        return self._sizes.items(source)

    def _while(self, node: ast.While) -> Cost:
        size = CONSTANT
        if not runs_once(node):
            check_unfilled(node.test, node.body)
            size = repetitions(node, self._function.body, self._sizes)
        inside = total([self.of(node.test), self._repeated(node, size)])
        return total([times(size, inside), self.block(node.orelse)])

    def _repeated(self, node: ast.For | ast.While, size: Cost) -> Cost:
        """Cost of one turn of a loop."""
        self._loops.push(node.body, size)
        inside = self.block(node.body)
        self._loops.pop()
        return inside

    def _with(self, node: ast.With) -> Cost:
        entered = [item.context_expr for item in node.items]
        for context in entered:
            called = context.func if isinstance(context, ast.Call) else context
            ignores = self._scope.full_name(called) == "contextlib.suppress"
            if not ignores and not self._sizes.is_opening(context):
                raise Untold
        opened = [self._calls.arguments(c) for c in entered if isinstance(c, ast.Call)]
        return total([*opened, self.block(node.body)])

    def _yield_from(self, node: ast.YieldFrom) -> Cost:
        return total([self.of(node.value), self._sizes.items(node.value)])

    def _raise(self, node: ast.Raise) -> Cost:
        """Making an exception is taken to cost no more than its arguments."""
        raised = node.exc
        parts = [*raised.args, *raised.keywords] if isinstance(raised, ast.Call) else []
        return total(self.of(part) for part in parts)

    def _augmented(self, node: ast.AugAssign) -> Cost:
        both = [node.target, node.value]
        parts = total(map(self.of, both))
        if not isinstance(node.op, ast.Add) or not any(map(self._sizes.kinds.is_collection, both)):
            return total([parts, self._operands(node.op, both)])
        if not isinstance(node.target, ast.Name) or self._sizes.is_argument(node.target.id):
            raise Untold
        return total([parts, self._added(node.value)])

    def _added(self, node: ast.expr) -> Cost:
        """Cost of what `+=` adds to a local list or text.

        CPython makes a text longer in place where nothing else holds it, like a list:
        `unicode_concatenate` in its interpreter's loop.
        """
        is_long = isinstance(node, ast.Name) or self._sizes.kinds.is_collection(node)
        return self._length(node) if is_long else CONSTANT

    def _length(self, node: ast.expr) -> Cost:
        """Cost of copying a text or a list; what is bounded by an item costs nothing."""
        bounded = isinstance(node, ast.JoinedStr) or self._sizes.elements.holds(node)
        return CONSTANT if bounded else self._sizes.items(node)

    def _operation(self, node: ast.BinOp) -> Cost:
        parts = [node.left, node.right]
        return total([*map(self.of, parts), self._operands(node.op, parts)])

    def _operands(self, operator: ast.operator, parts: list[ast.expr]) -> Cost:
        """Cost of joining or repeating texts and lists; numbers cost nothing."""
        collections = [part for part in parts if self._sizes.kinds.is_collection(part)]
        if not collections or isinstance(operator, ast.Mod):
            return CONSTANT
        if isinstance(operator, ast.Mult) and len(parts) > 1:
            other = parts[1] if collections[0] is parts[0] else parts[0]
            return self._sizes.number(other)
        if isinstance(operator, ast.Add):
            return total(map(self._length, parts))
        raise Untold

    def _comparison(self, node: ast.Compare) -> Cost:
        parts = [node.left, *node.comparators]
        costs = [self.of(part) for part in parts]
        for operator, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(operator, ast.In | ast.NotIn):
                costs.append(self._sizes.search(right))
        return total(costs)

    def _subscript(self, node: ast.Subscript) -> Cost:
        stores = isinstance(node.ctx, ast.Store)
        if isinstance(node.ctx, ast.Del) and not self._sizes.kinds.is_hashed(node.value):
            raise Untold
        if not isinstance(node.slice, ast.Slice):
            if stores:
                self._sizes.fill(node, node.value)
            return total([self.of(node.value), self.of(node.slice)])
        if stores and self._loops.repetitions.about:
            raise Untold  # each time it may become longer
        bounds = [node.slice.lower, node.slice.upper, node.slice.step]
        parts = total(self.of(bound) for bound in bounds if bound is not None)
        copied = CONSTANT if self._is_fixed(node) else self._sizes.items(node.value)
        return total([self.of(node.value), parts, copied])

    def _is_fixed(self, node: ast.Subscript) -> bool:
        """Whether copying a slice is a fixed amount of work, or bounded by an item."""
        part = isinstance(node.slice, ast.Slice) and self._sizes.is_fixed(node.slice)
        return part or self._sizes.elements.holds(node.value)

    def _starred(self, node: ast.Starred) -> Cost:
        return total([self.of(node.value), self._sizes.items(node.value)])

    def _comprehension(self, node: Comprehension) -> Cost:
        results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        sizes: list[Cost] = []
        for generator in node.generators:
            size = self._turns(generator.iter, [*results, *generator.ifs])
            self._sizes.enter(generator.target, generator.iter, size)
            self._loops.push([], size)
            sizes.append(_at(size, generator.iter.lineno))
        cost = total(self.of(part) for part in results)
        for generator, size in zip(reversed(node.generators), reversed(sizes), strict=True):
            inside = total([cost, *map(self.of, generator.ifs)])
            self._loops.pop()
            cost = total([self.of(generator.iter), times(size, inside)])
        return cost


def _at(cost: Cost, line: int) -> Cost:
    """Let a size stand at the line of its loop."""
    return Cost(cost.power, cost.logs, cost.about, (line,), cost.by) if cost.about else cost
