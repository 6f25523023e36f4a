"""How the work of a function grows with its input, where the code alone tells."""

import ast
from collections.abc import Iterable, Iterator

from procoder_tutor.facts.costs import Cost, Untold
from procoder_tutor.facts.model import Growth, GrowthOrder
from procoder_tutor.facts.scope import Scope
from procoder_tutor.facts.sizes import Sizes
from procoder_tutor.facts.work import Work
from procoder_tutor.names import refers_to
from procoder_tutor.syntax import Comprehension, all_arguments, child_blocks, one_line, statements

_ORDERS: dict[tuple[int, int], GrowthOrder] = {
    (0, 0): "O(1)", (0, 1): "O(log n)", (1, 0): "O(n)", (1, 1): "O(n log n)",
    (2, 0): "O(n²)", (3, 0): "O(n³)",
}  # fmt: skip
_PLAIN_DECORATORS = frozenset({
    "builtins.staticmethod", "builtins.classmethod", "builtins.property", "typing.override",
    "abc.abstractmethod",
})  # fmt: skip
_MAX_DEPTH = 60
_PAIR = 2


def growth(scope: Scope) -> Growth | None:
    """Tell how the work grows; None where the text does not prove it.

    That of a generator is the work of going through it to its end.
    """
    node = scope.symbol.node
    if not isinstance(node, ast.FunctionDef) or not _can_be_told(scope, node):
        return None
    own_calls = _own_calls(scope, node)
    if own_calls:
        return _doubling(scope, node, own_calls)
    try:
        cost = Work(scope, Sizes(scope, node), node).block(node.body)
    except Untold:
        return None
    order = _ORDERS.get(cost.order)
    return Growth(order, _reason(cost)) if order else None


def _can_be_told(scope: Scope, node: ast.FunctionDef) -> bool:
    decorators = [d.func if isinstance(d, ast.Call) else d for d in node.decorator_list]
    plain = all(scope.full_name(decorator) in _PLAIN_DECORATORS for decorator in decorators)
    return plain and not scope.damaged and not _is_stub(node) and not _is_deep(node)


def _is_stub(node: ast.FunctionDef) -> bool:
    """Whether the body only passes, documents or raises."""
    return all(
        isinstance(s, ast.Pass | ast.Raise)
        or (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
        for s in node.body
    )


def _is_deep(node: ast.AST) -> bool:
    """Whether the tree is too deep for a recursive walk."""
    level: list[ast.AST] = [node]
    for _ in range(_MAX_DEPTH):
        level = [child for parent in level for child in ast.iter_child_nodes(parent)]
        if not level:
            return False
    return True


def _own_calls(scope: Scope, node: ast.FunctionDef) -> list[ast.Call]:
    """Calls of the function by itself."""
    return [
        inner
        for inner in scope.nodes
        if isinstance(inner, ast.Call)
        and isinstance(inner.func, ast.Name | ast.Attribute)
        and node.name in {getattr(inner.func, "id", None), getattr(inner.func, "attr", None)}
        and refers_to(scope.document, inner.func, scope.path) == scope.symbol
    ]


def _doubling(scope: Scope, node: ast.FunctionDef, calls: list[ast.Call]) -> Growth | None:
    """Two calls of itself one after the other, each with a parameter made smaller by a number."""
    shrinking = [_smaller(call, node) for call in calls]
    names = {ast.unparse(part.left) for part in shrinking if part is not None}
    if len(calls) != _PAIR or None in shrinking or len(names) != 1 or _keeps_results(scope):
        return None
    if not any(_runs_all(block, calls) for block in _blocks(node)):
        return None
    source = scope.document.source
    first, second = (one_line(source, part) for part in shrinking if part is not None)
    lines = _lines([call.lineno for call in calls])
    return Growth(
        "O(2ⁿ)",
        f"Calls itself twice, with `{first}` and `{second}` ({lines}), so one more step of"
        f" `{names.pop()}` can double the number of calls.",
    )


def _smaller(call: ast.Call, node: ast.FunctionDef) -> ast.BinOp | None:
    """The argument `n - 1` of a call, where `n` is a parameter."""
    parameters = {argument.arg for argument in all_arguments(node.args)}
    for argument in call.args:
        match argument:
            case ast.BinOp(left=ast.Name(id=name), op=ast.Sub(), right=ast.Constant(value=int(by))):
                if name in parameters and by > 0:
                    return argument
    return None


def _keeps_results(scope: Scope) -> bool:
    """Whether the function may remember results: it stores an item or asks for one by `in`."""
    return any(
        (isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store))
        or isinstance(node, ast.In | ast.NotIn | ast.Try)
        for node in scope.nodes
    )


def _blocks(node: ast.FunctionDef) -> Iterator[list[ast.stmt]]:
    yield node.body
    for statement in statements(node.body):
        yield from child_blocks(statement)


def _runs_all(block: list[ast.stmt], calls: list[ast.Call]) -> bool:
    """Whether the plain statements of a block make all the calls, whatever the data."""
    found = 0
    for statement in block:
        if not isinstance(statement, ast.Expr | ast.Assign | ast.Return | ast.AugAssign):
            continue
        nodes = list(ast.walk(statement))
        if not any(
            isinstance(n, ast.IfExp | ast.BoolOp | ast.Lambda | Comprehension) for n in nodes
        ):
            found += sum(n in calls for n in nodes)
    return found == len(calls)


def _reason(cost: Cost) -> str:
    """Say in a sentence why the work grows so."""
    if not cost.about:
        return "Does a fixed amount of work, whatever it is given."
    name, where = f"`{cost.about}`", _lines(cost.lines)
    if cost.order == (0, 1):
        return f"Halves what is left of {name}, or better, with every repetition ({where})."
    if cost.order == (1, 1):
        if cost.by == "sort":
            return f"Sorts the items of {name} ({where}), which takes longer than all the rest."
        return f"Halves what is left for every item of {name} ({where})."
    each = "number up to" if cost.by == "numbers" else cost.by.removesuffix("s") + " of"
    if cost.power == 1:
        verb = "Repeats once for every" if cost.by == "numbers" else "Visits every"
        return f"{verb} {each} {name} ({where})."
    again = "once more" if cost.power == _PAIR else "twice more"
    return f"For every {each} {name}, goes through them all {again} ({where})."


def _lines(lines: Iterable[int]) -> str:
    unique = sorted(set(lines))
    if len(unique) == 1:
        return f"line {unique[0]}"
    return f"lines {', '.join(map(str, unique[:-1]))} and {unique[-1]}"
