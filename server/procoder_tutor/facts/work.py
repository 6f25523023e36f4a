"""How much work the statements and expressions of a function are, added up from the inside.

Only what is certain counts: loops over a parameter, builtins whose cost is known, arithmetic on
numbers of a fixed size. Everything else raises Untold. Source of the costs of builtins:
https://wiki.python.org/moin/TimeComplexity.
"""

import ast
from collections.abc import Callable  # noqa: TC003 (annotates an attribute)

from procoder_tutor.facts.costs import CONSTANT, Cost, Untold, times, total
from procoder_tutor.facts.scope import Scope
from procoder_tutor.facts.sizes import Sizes, is_short
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
    | ast.keyword
)  # fmt: skip
"""What costs as much as its parts together."""


class Work:
    """Adds up the work of one function whose tree is not too deep to be walked recursively."""

    def __init__(self, scope: Scope, sizes: Sizes, node: Function) -> None:
        self._scope = scope
        self._sizes = sizes
        self._function = node
        self._loops: list[tuple[list[ast.stmt], Cost]] = []
        self._calls = Calls(scope, sizes, self.of)
        self._special: dict[type[ast.AST], Callable[..., Cost]] = {
            ast.For: self._for,
            ast.While: self._while,
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
        return total(self.of(statement) for statement in body)

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
        size = self._sizes.items(node.iter)
        self._sizes.enter(node.target, node.iter, size)
        self._loops.append((node.body, size))
        inside = self.block(node.body)
        self._loops.pop()
        once = total([self.of(node.iter), self.block(node.orelse)])
        return total([once, times(_at(size, node.lineno), inside)])

    def _while(self, node: ast.While) -> Cost:
        size = repetitions(node, self._function.body, self._sizes)
        self._loops.append((node.body, size))
        inside = total([self.of(node.test), self.block(node.body)])
        self._loops.pop()
        return total([times(size, inside), self.block(node.orelse)])

    def _raise(self, node: ast.Raise) -> Cost:
        """Making an exception is taken to cost no more than its arguments."""
        raised = node.exc
        parts = [*raised.args, *raised.keywords] if isinstance(raised, ast.Call) else []
        return total(self.of(part) for part in parts)

    def _augmented(self, node: ast.AugAssign) -> Cost:
        changed = [node.target, node.value]
        return total([*map(self.of, changed), self._operands(node.op, changed)])

    def _operation(self, node: ast.BinOp) -> Cost:
        parts = [node.left, node.right]
        return total([*map(self.of, parts), self._operands(node.op, parts)])

    def _operands(self, operator: ast.operator, parts: list[ast.expr]) -> Cost:
        """Cost of joining or repeating texts and lists; numbers cost nothing."""
        collections = [part for part in parts if self._sizes.is_collection(part)]
        if not collections or isinstance(operator, ast.Mod):
            return CONSTANT
        if isinstance(operator, ast.Mult) and len(parts) > 1:
            other = parts[1] if collections[0] is parts[0] else parts[0]
            return self._sizes.number(other)
        raise Untold

    def _comparison(self, node: ast.Compare) -> Cost:
        parts = [node.left, *node.comparators]
        costs = [self.of(part) for part in parts]
        for operator, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(operator, ast.In | ast.NotIn):
                body, around = self._loops[-1] if self._loops else ([], CONSTANT)
                costs.append(self._sizes.search(right, body, around))
        return total(costs)

    def _subscript(self, node: ast.Subscript) -> Cost:
        if isinstance(node.ctx, ast.Del):
            raise Untold
        if not isinstance(node.slice, ast.Slice):
            return total([self.of(node.value), self.of(node.slice)])
        bounds = [node.slice.lower, node.slice.upper, node.slice.step]
        parts = total(self.of(bound) for bound in bounds if bound is not None)
        copied = CONSTANT if is_short(node.slice) else self._sizes.items(node.value)
        return total([self.of(node.value), parts, copied])

    def _starred(self, node: ast.Starred) -> Cost:
        return total([self.of(node.value), self._sizes.items(node.value)])

    def _comprehension(self, node: Comprehension) -> Cost:
        results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        for generator in node.generators:
            size = self._sizes.items(generator.iter)
            self._sizes.enter(generator.target, generator.iter, size)
        cost = total(self.of(part) for part in results)
        for generator in reversed(node.generators):
            size = _at(self._sizes.items(generator.iter), generator.iter.lineno)
            inside = total([cost, *map(self.of, generator.ifs)])
            cost = total([self.of(generator.iter), times(size, inside)])
        return cost


def _at(cost: Cost, line: int) -> Cost:
    """Let a size stand at the line of its loop."""
    return Cost(cost.power, cost.logs, cost.about, (line,), cost.by) if cost.about else cost
