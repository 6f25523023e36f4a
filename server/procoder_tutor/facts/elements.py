"""Which expressions are one item of what a loop goes through, or a piece of such an item.

Work on a piece is bounded by its item, so that a loop's work on all of them grows like its input.
"""

import ast

from procoder_tutor.facts.scope import Scope
from procoder_tutor.syntax import Function

TEXT_METHODS = frozenset({
    "capitalize", "casefold", "isalnum", "isalpha", "isdigit", "islower", "isnumeric", "isspace",
    "isupper", "lower", "lstrip", "partition", "removeprefix", "removesuffix", "replace", "rstrip",
    "rpartition", "split", "splitlines", "strip", "swapcase", "title", "upper",
})  # fmt: skip
"""Methods of `str` whose work and result grow with the text."""
_CONVERSIONS = frozenset({"builtins.float", "builtins.int", "builtins.str"})


class Elements:
    """Knows the names of one function that hold nothing but items and pieces of them."""

    def __init__(self, scope: Scope, node: Function) -> None:
        self._scope = scope
        self._bound = scope.document.bindings.of(node)
        self._targets: set[int] = set()
        self._elsewhere = {
            id(name)
            for inner in scope.nodes
            if isinstance(inner, ast.comprehension)
            for name in _names(inner.target)
        }
        """Variables of comprehensions: seen nowhere else."""
        self._values = {
            id(name): value
            for inner in scope.nodes
            for target, value in _assignments(inner)
            for name in _names(target)
        }

    def enter(self, target: ast.expr) -> None:
        """Take the variables of a loop for items."""
        self._targets |= {id(name) for name in _names(target)}

    def holds(self, node: ast.expr) -> bool:
        """Whether an expression is an item, a piece of one, or a literal."""
        waiting, seen = [node], set[str]()
        while waiting:
            match waiting.pop():
                case ast.Constant():
                    pass
                case ast.Name(id=name):
                    if name not in seen and not self._follow(name, waiting):
                        return False
                    seen.add(name)
                case ast.Subscript(value=value):
                    waiting.append(value)
                case ast.Call(func=ast.Attribute(value=owner, attr=method)) if (
                    method in TEXT_METHODS
                ):
                    waiting.append(owner)
                case ast.Call(func=called, args=[converted]) if (
                    self._scope.full_name(called) in _CONVERSIONS
                ):
                    waiting.append(converted)
                case _:
                    return False
        return True

    def _follow(self, name: str, waiting: list[ast.expr]) -> bool:
        """Add the values of a name that are to be looked at; False where it may be anything."""
        bound = {id(node) for node in self._bound.get(name, [])}
        assigned = bound - self._targets - self._elsewhere
        if not (bound & self._targets or assigned) or assigned - self._values.keys():
            return False
        waiting += [self._values[key] for key in assigned]
        return True


def _assignments(node: ast.AST) -> list[tuple[ast.expr, ast.expr]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            return [(target, value) for target in targets]
        case ast.AnnAssign(target=target, value=value) if value is not None:
            return [(target, value)]
        case ast.NamedExpr(target=target, value=value):
            return [(target, value)]
    return []


def _names(target: ast.expr) -> list[ast.Name]:
    return [node for node in ast.walk(target) if isinstance(node, ast.Name)]
