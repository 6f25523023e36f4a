"""The words a sentence about a function begins with, taken from its name.

A small model that is free to begin as it likes drifts away from the code: of `stock_of` it says
"Return the maximum value of a given fruit". Begun with "Return the stock of", it ends the sentence
with "a given fruit" (docs/checking.md has figures).
"""

import ast
from functools import lru_cache

from procoder_tutor.checking.licences import table_lines
from procoder_tutor.checking.stems import parts_of
from procoder_tutor.syntax import Function, own_nodes

_ASKS = frozenset({"is", "has", "have", "can", "are", "should", "was", "contains", "needs"})
_LINKS = frozenset({"to", "from", "as", "on", "at", "in", "with", "by", "for", "of", "and"})
_MOST_PARTS, _SHORTEST_PART = 3, 3


def opening_of(node: ast.AST) -> str:
    """Return how a docstring of this definition begins, or an empty text to leave it open."""
    if not isinstance(node, Function):
        return ""
    if node.name == "__init__":
        return "Initialize"
    parts = [] if node.name.startswith("__") else parts_of(node.name)
    if not parts:
        return ""
    valued = _returns_value(node)
    if parts[0] in _ASKS or {"is", "has"} & set(parts):
        return "Check whether" if valued else ""
    if _is_verb(parts[0], valued=valued or _is_property(node)):
        return parts[0].capitalize()
    return _of_noun(node, parts, valued=valued)


def _of_noun(node: Function, parts: list[str], *, valued: bool) -> str:
    """Begin with what comes out, when the name says what that is."""
    if parts[0] in _LINKS or (node.decorator_list and not _is_property(node)):
        return ""
    if "to" in parts[1:-1]:
        return "Convert"
    if _returns_function(node):
        return "Return a function that"
    if any(isinstance(inner, ast.Yield | ast.YieldFrom) for inner in own_nodes(node)):
        return f"Yield the {' '.join(parts)}" if _is_noun(parts) else ""
    return f"Return the {' '.join(parts)}" if valued and _is_noun(parts) else ""


def _is_noun(parts: list[str]) -> bool:
    """Tell whether a name can stand in a sentence: no abbreviations, and not too long."""
    words = all(len(part) >= _SHORTEST_PART or part in _LINKS for part in parts)
    return words and len(parts) <= _MOST_PARTS


def _is_verb(word: str, *, valued: bool) -> bool:
    return word in _verbs("verbs.txt") or (not valued and word in _verbs("verbs_or_nouns.txt"))


def _is_property(node: Function) -> bool:
    return any(
        isinstance(one, ast.Name) and one.id in {"property", "cached_property"}
        for one in node.decorator_list
    )


def _returns_value(node: Function) -> bool:
    return any(
        isinstance(inner, ast.Return)
        and inner.value is not None
        and not (isinstance(inner.value, ast.Constant) and inner.value.value is None)
        for inner in own_nodes(node)
    )


def _returns_function(node: Function) -> bool:
    inside = {one.name for one in node.body if isinstance(one, Function)}
    return any(
        isinstance(inner, ast.Return)
        and (
            isinstance(inner.value, ast.Lambda)
            or (isinstance(inner.value, ast.Name) and inner.value.id in inside)
        )
        for inner in own_nodes(node)
    )


@lru_cache(maxsize=2)
def _verbs(name: str) -> frozenset[str]:
    return frozenset(word for line in table_lines(name) for word in line.split())
