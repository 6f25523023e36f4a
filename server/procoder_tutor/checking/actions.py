"""What a piece of code does to what: verbs with the words of their objects, read off the tree."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from procoder_tutor.checking.stems import parts_of, stem

_CALL_VERBS = {
    "add": "append add extend insert update appendleft setdefault push put heappush insort join",
    "remove": "remove pop popleft discard clear popitem unlink rmdir strip lstrip rstrip heappop"
    " removeprefix removesuffix replace sub filter difference_update",
    "sort": "sort sorted insort heapify",
    "iterate": "map filter enumerate zip all any sum max min reversed sorted join",
    "change": "append add extend insert update appendleft setdefault pop popleft remove discard clear"
    " sort reverse subtract popitem put push move_to_end",
    "print": "print write display log info debug warning error",
    "read": "open read read_text load loads readline readlines reader DictReader read_bytes fetchone",
    "write": "write write_text dump writelines writer writerow save replace write_bytes",
    "copy": "copy deepcopy list dict copyfileobj copy2 copyfile",
}  # fmt: skip
_VERBS_OF_CALL: dict[str, tuple[str, ...]] = {}


def _verbs_of_call() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for verb, names in _CALL_VERBS.items():
        for name in names.split():
            table.setdefault(name, []).append(verb)
    return {name: tuple(verbs) for name, verbs in table.items()}


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
    calls = _verbs_of_call()
    for node in ast.walk(root):
        if isinstance(node, ast.Call):
            yield from _of_call(node, calls)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            yield Action("iterate", words_in(node.iter), words_in(node.target))
        elif isinstance(node, ast.While):
            yield Action("iterate", words_in(node.test), frozenset())
        elif isinstance(node, ast.AugAssign):
            yield from _of_augmented(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            yield from _of_assignment(node)
        elif isinstance(node, ast.Delete):
            for target in node.targets:
                yield Action("remove", words_in(target), frozenset())
                yield Action("change", words_in(target), frozenset())


def _of_call(node: ast.Call, calls: dict[str, tuple[str, ...]]) -> Iterator[Action]:
    func = node.func
    name = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
    receiver = words_in(func.value) if isinstance(func, ast.Attribute) else frozenset()
    given = [*node.args, *(word.value for word in node.keywords)]
    arguments = frozenset().union(*(words_in(argument) for argument in given))
    for verb in calls.get(name, ()):
        yield Action(verb, receiver | (arguments if not receiver else frozenset()), arguments)
    # A function of the user's own does what its name says.
    for part in parts_of(name):
        yield Action(stem(part), receiver | arguments, arguments)


def _of_augmented(node: ast.AugAssign) -> Iterator[Action]:
    target, value = words_in(node.target), words_in(node.value)
    yield Action("change", target, value)
    if isinstance(node.op, ast.Add | ast.BitOr):
        yield Action("add", target, value)
        yield Action("increase", target, value)
    elif isinstance(node.op, ast.Sub):
        yield Action("remove", target, value)
        yield Action("decrease", target, value)


def _of_assignment(node: ast.Assign | ast.AnnAssign) -> Iterator[Action]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    value = words_in(node.value) if node.value is not None else frozenset()
    for target in targets:
        names = words_in(target)
        yield Action("set", names, value)
        yield Action("change", names, value)
        if isinstance(target, ast.Subscript):
            yield Action("add", words_in(target.value), value | words_in(target.slice))
        if isinstance(node.value, ast.BinOp):
            both = words_in(node.value)
            verb = {ast.Add: "add", ast.Sub: "remove"}.get(type(node.value.op))
            if verb:
                yield Action(verb, names | both, both)


def words_in(node: ast.AST) -> frozenset[str]:
    """Stems of the words of all names inside a node."""
    found: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name | ast.Attribute):
            name = inner.id if isinstance(inner, ast.Name) else inner.attr
            found |= {stem(part) for part in parts_of(name)} | {name.lower()}
    return frozenset(found)
