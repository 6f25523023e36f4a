"""The decisions of a piece of code: what is tested, and what happens then."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from procoder_tutor.checking.reading.assignments import short
from procoder_tutor.checking.stems import parts_of, stem

Predicate = Literal[
    "empty", "filled", "in", "not in", "none", "not none", "equal", "different",
    "less", "at most", "greater", "at least", "true", "false", "caught",
]  # fmt: skip
OPPOSITE: dict[str, Predicate] = {
    "empty": "filled", "filled": "empty", "in": "not in", "not in": "in", "none": "not none",
    "not none": "none", "equal": "different", "different": "equal", "less": "at least",
    "at least": "less", "greater": "at most", "at most": "greater", "true": "false",
    "false": "true",
}  # fmt: skip
_OPERATORS: dict[type[ast.cmpop], Predicate] = {
    ast.In: "in", ast.NotIn: "not in", ast.Is: "equal", ast.IsNot: "different", ast.Eq: "equal",
    ast.NotEq: "different", ast.Lt: "less", ast.LtE: "at most", ast.Gt: "greater",
    ast.GtE: "at least",
}  # fmt: skip
_MIRRORED: dict[str, Predicate] = {
    "less": "greater", "greater": "less", "at most": "at least", "at least": "at most",
}  # fmt: skip

_COMPARING = ast.Compare | ast.BoolOp
_DECIDING = ast.Compare | ast.BoolOp | ast.Call
_MOST_AFTER = 20
"""Statements after an early exit that are looked at."""


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison or truth test, e.g. `amount > self.balance`."""

    left: frozenset[str]
    """Stems of the words of the left side."""
    predicate: Predicate
    right: frozenset[str]
    """Stems of the right side; numbers and constants as written."""

    @property
    def words(self) -> frozenset[str]:
        """Stems of both sides."""
        return self.left | self.right

    def mirrored(self) -> "Test":
        """The same test read from its right side."""
        return Test(self.right, _MIRRORED.get(self.predicate, self.predicate), self.left)

    def opposite(self) -> "Test":
        """The test that holds when this one does not."""
        return Test(self.left, OPPOSITE.get(self.predicate, self.predicate), self.right)


@dataclass(frozen=True, slots=True)
class Branch:
    """A block that runs when its tests hold; several tests may stand for one of them."""

    tests: tuple[Test, ...]
    outcomes: frozenset[str]
    """`return`, `raise`, `assign`, `append`, `continue`…, the kinds of statement in the block."""
    words: frozenset[str]
    """Stems and constants of the block."""
    returned: tuple[str, ...]
    """Source text of what the block returns."""


def branches_of(node: ast.AST) -> Iterator[Branch]:
    """Yield every branch of the code, and what follows an early exit as its opposite."""
    for parent in ast.walk(node):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(parent, name, None)
            if isinstance(block, list):
                yield from _of_block(block)
        if isinstance(parent, ast.IfExp):
            yield _branch(tests_of(parent.test), [parent.body], "value")
            yield _branch(_denied(tests_of(parent.test)), [parent.orelse], "value")
        elif isinstance(parent, ast.match_case):
            yield _branch((), parent.body)
        elif isinstance(parent, ast.ExceptHandler):
            caught = frozenset(_words([parent.type] if parent.type else []))
            yield _branch((Test(caught, "caught", frozenset()),), parent.body)
        elif isinstance(parent, ast.comprehension):
            yield from (_branch(tests_of(test), [], "kept") for test in parent.ifs)


def _of_block(block: list[ast.stmt]) -> Iterator[Branch]:
    for index, statement in enumerate(block):
        after = block[index + 1 : index + 1 + _MOST_AFTER]
        if isinstance(statement, ast.While):
            yield _branch(tests_of(statement.test), statement.body, "loop")
            yield _branch(_denied(tests_of(statement.test)), after)
        if isinstance(statement, ast.While | ast.For | ast.AsyncFor):
            yield _branch(_denied(_tests_inside(statement)), [*statement.orelse, *after])
        elif isinstance(statement, ast.If):
            yield _branch(tests_of(statement.test), statement.body)
            yield _branch(_denied(tests_of(statement.test)), statement.orelse or after)
        elif isinstance(statement, ast.Return | ast.Assign):
            yield from _of_value(statement.value, returned=isinstance(statement, ast.Return))


def _tests_inside(loop: ast.stmt) -> tuple[Test, ...]:
    """What a loop looks for: where it ends without a result, none of these held."""
    conditions = [node.test for node in ast.walk(loop) if isinstance(node, ast.If)]
    return tuple(test for condition in conditions for test in tests_of(condition))


def _of_value(value: ast.expr | None, *, returned: bool) -> Iterator[Branch]:
    """A returned or assigned comparison is a decision too: its value is True or False."""
    if not isinstance(value, _DECIDING if returned else _COMPARING):
        return
    tests, returns = tests_of(value), frozenset({"return"})
    yield Branch(tests, returns, frozenset({"true"}), ("True",))
    yield Branch(_denied(tests), returns, frozenset({"false"}), ("False",))


def tests_of(node: ast.expr) -> tuple[Test, ...]:
    """Return the tests a condition is made of; nested ones too."""
    return tuple(_tests(node))


def _tests(node: ast.expr) -> Iterator[Test]:
    waiting: list[tuple[ast.expr, bool]] = [(node, False)]
    while waiting:
        current, negated = waiting.pop()
        if isinstance(current, ast.BoolOp):
            waiting += [(value, negated) for value in current.values]
        elif isinstance(current, ast.UnaryOp) and isinstance(current.op, ast.Not):
            waiting.append((current.operand, not negated))
        elif isinstance(current, ast.Compare):
            for test in _of_compare(current):
                yield test.opposite() if negated else test
        elif isinstance(current, ast.Call) and _name(current.func) in {"any", "all"}:
            inner = current.args[0] if current.args else None
            if isinstance(inner, ast.GeneratorExp | ast.ListComp):
                waiting.append((inner.elt, negated))
        else:
            predicate: Predicate = "empty" if negated else "filled"
            yield Test(frozenset(_words([current])), predicate, frozenset())


def _of_compare(node: ast.Compare) -> Iterator[Test]:
    sides = [node.left, *node.comparators]
    for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
        predicate = _OPERATORS[type(operator)]
        if isinstance(right, ast.Constant) and right.value is None:
            predicate = "none" if predicate == "equal" else "not none"
        yield Test(frozenset(_words([left])), predicate, frozenset(_words([right])))


def _denied(tests: tuple[Test, ...]) -> tuple[Test, ...]:
    return tuple(test.opposite() for test in tests)


def _branch(tests: tuple[Test, ...], block: Sequence[ast.AST], *more: str) -> Branch:
    outcomes = {*more}
    returned: list[str] = []
    for part in block:
        for node in ast.walk(part):
            outcomes |= _outcome(node)
            if isinstance(node, ast.Return | ast.Yield):
                returned.append(short(node.value) if node.value else "None")
        if isinstance(part, ast.expr):
            returned.append(short(part))
        if isinstance(part, ast.Return | ast.Raise | ast.Break | ast.Continue):
            break
    return Branch(tests, frozenset(outcomes), frozenset(_words(block)), tuple(returned))


def _outcome(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Call):
        return {"call", _name(node.func)}
    kinds = {
        ast.Return: "return", ast.Raise: "raise", ast.Continue: "continue", ast.Break: "break",
        ast.Yield: "yield", ast.Assign: "assign", ast.AugAssign: "assign", ast.Delete: "delete",
    }  # fmt: skip
    kind = kinds.get(type(node))
    return {kind} if kind else set()


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _words(nodes: Sequence[ast.AST]) -> Iterator[str]:
    """Yield the stems of all names in the nodes, and their constants."""
    for node in (inner for outer in nodes for inner in ast.walk(outer)):
        if isinstance(node, ast.Name | ast.Attribute):
            identifier = node.id if isinstance(node, ast.Name) else node.attr
            yield from (stem(part) for part in parts_of(identifier))
            yield identifier.lower()
        elif isinstance(node, ast.Constant):
            text = str(node.value).lower()
            yield from (stem(part) for part in parts_of(text)) if text.isascii() else ()
            yield text[:40]
