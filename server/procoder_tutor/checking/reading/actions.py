"""What a piece of code does to what: verbs with the words of their objects, read off the tree."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from procoder_tutor.checking.stems import parts_of, stem

_CALLS: Mapping[str, str] = MappingProxyType(
    {
        "add": "append add extend insert update appendleft setdefault push put heappush insort"
        " join",
        "remove": "remove pop popleft discard clear popitem unlink rmdir strip lstrip rstrip"
        " heappop removeprefix removesuffix replace sub filter difference_update",
        "sort": "sort sorted insort heapify",
        "iterate": "map filter enumerate zip all any sum max min reversed sorted join",
        "change": "append add extend insert update appendleft setdefault pop popleft remove discard"
        " clear sort reverse subtract popitem put push move_to_end",
        "print": "print write display log info debug warning error",
    }
)
"""Verbs, and the names of calls that do that."""
_VERBS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        name: tuple(verb for verb, names in _CALLS.items() if name in names.split())
        for called in _CALLS.values()
        for name in called.split()
    }
)
_OPERATORS: tuple[tuple[type[ast.operator], tuple[str, str]], ...] = (
    (ast.Add, ("add", "increase")),
    (ast.BitOr, ("add", "increase")),
    (ast.Sub, ("remove", "decrease")),
)


Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing done, e.g. `add` with the words of `self._items.append(item)`."""

    verb: str
    target: frozenset[str]
    """Stems of the names of what it is done to: receiver, target of an assignment, iterable."""
    others: frozenset[str]
    """Stems of what takes part: arguments, assigned values, keys."""


def actions_of(root: ast.AST) -> Iterator[Action]:
    """Yield the actions of a definition, nested code included."""
    for node in ast.walk(root):
        if isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            yield Action("iterate", words_in(node.iter), words_in(node.target))
        elif isinstance(node, ast.While):
            yield Action("iterate", words_in(node.test), frozenset())
        elif isinstance(node, ast.AugAssign):
            yield from _of_sum(node.op, words_in(node.target), words_in(node.value))
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.Delete):
            yield from _of_targets(node)


def _of_targets(node: ast.Assign | ast.AnnAssign | ast.Delete) -> Iterator[Action]:
    for target in [node.target] if isinstance(node, ast.AnnAssign) else node.targets:
        if isinstance(node, ast.Delete):
            yield Action("remove", words_in(target), frozenset())
            yield Action("change", words_in(target), frozenset())
        elif node.value is not None:
            yield from _of_assignment(target, node.value)


def _of_call(node: ast.Call) -> Iterator[Action]:
    func = node.func
    name = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
    receiver = words_in(func.value) if isinstance(func, ast.Attribute) else frozenset()
    given = [*node.args, *(word.value for word in node.keywords)]
    arguments = frozenset[str]().union(*(words_in(argument) for argument in given))
    for verb in _VERBS.get(name, ()):
        yield Action(verb, receiver or arguments, arguments)
    # A function of the user's own does what its name says.
    for part in parts_of(name):
        yield Action(stem(part), receiver | arguments, arguments)


def _of_sum(operator: ast.operator, target: Words, others: Words) -> Iterator[Action]:
    """Tell what `target += value` does, or an assignment of such a sum."""
    yield Action("change", target, others)
    for kind, verbs in _OPERATORS:
        if isinstance(operator, kind):
            yield from (Action(verb, target, others) for verb in verbs)


def _of_assignment(target: ast.expr, value: ast.expr) -> Iterator[Action]:
    names, others = words_in(target), words_in(value)
    yield Action("change", names, others)
    if isinstance(target, ast.Subscript):
        yield Action("add", words_in(target.value), others | words_in(target.slice))
    if isinstance(value, ast.BinOp):
        yield from _of_sum(value.op, names | others, others)


def words_in(node: ast.AST) -> frozenset[str]:
    """Stems of the words of all names inside a node."""
    found: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name | ast.Attribute):
            name = inner.id if isinstance(inner, ast.Name) else inner.attr
            found |= {stem(part) for part in parts_of(name)} | {name.lower()}
    return frozenset(found)
