"""Claims that things are added, subtracted, multiplied or divided."""

import re
from collections.abc import Iterator

from procoder_tutor.checking.reading.code import Code
from procoder_tutor.checking.said import Claim, Said
from procoder_tutor.checking.stems import parts_of, stem

_TABLE: tuple[tuple[str, tuple[str, ...], str], ...] = (
    # verb, operators of ast that do it, wording with the two sides
    ("multiply", ("Mult", "Pow"), r"multipl(?:y|ies|ying) (?P<a>.+?) (?:by|with|and) (?P<b>.+)"),
    ("divide", ("Div", "FloorDiv", "Mod"), r"divid(?:es|ing|e|ed) (?P<a>.+?)? ?by (?P<b>.+)"),
    ("subtract", ("Sub",), r"subtract(?:s|ing)? (?P<a>.+?) from (?P<b>.+)"),
    ("add", ("Add", "BitOr"), r"add(?:s|ing)? (?!up)(?P<a>.+?) (?:to|and) (?P<b>.+)"),
)
_PATTERNS = tuple((re.compile(rf"\b{wording}"), verb, ops) for verb, ops, wording in _TABLE)
_ADDING_CALLS = frozenset(
    {"append", "add", "extend", "insert", "update", "setdefault", "put", "push"}
)
_ADDING_LABELS = frozenset({"item-set", "attribute-set"})


def arithmetic_claims(said: Said, code: Code) -> Iterator[Claim]:
    """Find claims about arithmetic between things that have names in the code."""
    for pattern, verb, operators in _PATTERNS:
        match = pattern.search(said.plain)
        if match and not _done_by_name(verb, code):
            sides = [_named(match.group(side) or "", code) for side in ("a", "b")]
            yield Claim("relation", _wrong(verb, operators, sides, code))


def _done_by_name(verb: str, code: Code) -> bool:
    """Tell whether a function of that name does it, or things are added to a collection."""
    collects = bool(code.naming.called & _ADDING_CALLS or code.traits & _ADDING_LABELS)
    return f"name:{stem(verb)}" in code.traits or (verb == "add" and collects)


def _wrong(verb: str, operators: tuple[str, ...], sides: list[set[str]], code: Code) -> str:
    """One operation must have the names of both sides."""
    texts = [text for operator in operators for text in code.operands.get(operator, ())]
    for text in texts:
        parts = {stem(part) for part in parts_of(text)}
        if all(not side or side & parts for side in sides):
            return ""
    return f"the code does not {verb} these" if texts else f"the code does not {verb}"


def _named(text: str, code: Code) -> set[str]:
    """Stems in a text that are parts of the names of parameters and variables."""
    known = {stem(part) for name in {*code.parameters, *code.assigned} for part in parts_of(name)}
    return {stem(part) for part in parts_of(text)} & known
