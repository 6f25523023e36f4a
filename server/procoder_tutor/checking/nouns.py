"""English nouns for kinds of values, held against the shapes of shapes.py."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from procoder_tutor.checking.reading.shapes import Shapes

_DUCKS = frozenset({"sized", "iterable", "indexable", "container"})
_SEQUENCES = frozenset({"list", "tuple", "sequence", "deque", "iterable", "indexable", "sized",
                        "container", "unknown"})  # fmt: skip
_MAPPINGS = frozenset({"dict", "indexable", "iterable", "sized", "container"})
_NUMBERS = frozenset({"int", "float", "number", "divided", "bool"})
NOUNS: Mapping[str, Shapes] = MappingProxyType(
    {
        "list": _SEQUENCES,
        "array": _SEQUENCES,
        "sequence": _SEQUENCES | {"str", "set", "bytes"},
        "dictionary": _MAPPINGS,
        "dict": _MAPPINGS,
        "set": frozenset({"set", "iterable", "sized", "container"}),
        "tuple": frozenset({"tuple", "iterable", "sized", "indexable", "container"}),
        "string": frozenset({"str", "path", "sized", "iterable", "indexable", "container"}),
        "text": frozenset({"str", "sized", "iterable", "indexable", "container"}),
        "integer": _NUMBERS - {"float", "bool"},
        "float": frozenset({"float", "number", "divided"}),
        "number": _NUMBERS,
        "boolean": frozenset({"bool"}),
        "iterator": frozenset({"iterator"}),
        "generator": frozenset({"iterator", "function"}),
        "function": frozenset({"function"}),
        "callable": frozenset({"function"}),
        "decorator": frozenset({"function"}),
        "file": frozenset({"file", "path", "str"}),
        "path": frozenset({"path", "str", "sized", "iterable"}),
    }
)
_NOUN = re.compile("|".join(NOUNS))
_HEAD_ENDS = re.compile(
    r"\b(?:of|that|which|containing|with|where|representing|from|for|in|to|by|whose|as|indicating"
    r"|based|after|called|named|at|on|if|when|using|sorted|and|or|without|holding|mapping"
    r"|consisting|between|associated|corresponding|is|are|into)\b|[,.:;(\[]"
)


def head_of(phrase: str) -> str:
    """Return the part of a noun phrase up to its head, e.g. `a new list` of `a new list of x`."""
    match = _HEAD_ENDS.search(phrase)
    return phrase[: match.start()] if match else phrase


def noun_of(phrase: str) -> str:
    """Return the noun for a kind of value that a phrase's head ends in, when it is a singular."""
    words = head_of(phrase.strip()).split()
    if not words:
        return ""
    return words[-1] if _NOUN.fullmatch(words[-1]) else ""


def fits(noun: str, shapes: Shapes) -> bool:
    """Tell whether a value of these shapes may be called so; of unknown shapes all is true."""
    shapes = shapes - {"none"}
    if not shapes or noun not in NOUNS:
        return True
    accepted = NOUNS[noun]
    sure = shapes - _DUCKS
    return bool(sure & accepted) if sure else bool(shapes & accepted)
