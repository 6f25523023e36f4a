"""Claims about what variables start as, and about arithmetic between named things."""

import re
from collections.abc import Iterator

from procoder_tutor.checking.code import Code
from procoder_tutor.checking.nouns import fits, noun_of
from procoder_tutor.checking.said import Claim, Said
from procoder_tutor.checking.stems import parts_of, stem

_STARTS = re.compile(
    r"\b(?:initializ(?:es|ing|ed)|sets|setting|assigns)\b (?:the |a |an )?(?:variables?|attributes?)? ?"
    r"`([\w.]+)` (?:variable |attribute )?(?:to|with|as) (?:be )?(?:the )?(?:value )?([^.;]+)"
)
_NEW = re.compile(r"\b(?:creates|creating|builds|makes) a new (\w+)\b")
_SET_TO = re.compile(
    r"`([\w.]+)` (?:parameter|argument|variable|attribute)? ?is (?:initially )?(?:set|initialized) to (?:be )?(?:the )?(?:value )?([^.;]+)"
)
_DESCRIBED = re.compile(
    r"\binitializ(?:es|ing|ed) (?:(?:the|an?|two|three) )?(?:variables?,? )?(?P<names>\w+(?:(?:, | and )\w+)*),?"
    r" to (?!(?:represent|store|keep|hold|track|count|be)\b)(?P<value>[^.;]+)"
)
_NOTHING_YET = re.compile(
    r"none|zero|empty|null|nothing|false|true|default|initial|one\b|blank|\d|\[|\{|'|\""
)
_EMPTY = re.compile(
    r"\b(?:initializ(?:es|ing)|creat(?:es|ing)|start(?:s|ing) with) (?:an?|two|the)"
    r" (?:new )?empty (list|dictionary|dict|set|string|deque|queue|tuple)s?\b(?: (?:called|named))?"
    r"(?: `([\w.]+)`)?"
)
_EMPTY_VALUES = {
    "list": r"\[\]|list\(\)", "dictionary": r"\{\}|dict\(\)|defaultdict\(.*\)|Counter\(\)",
    "dict": r"\{\}|dict\(\)|defaultdict\(.*\)", "set": r"set\(\)", "string": r"''|\"\"",
    "deque": r"deque\(\)", "queue": r"deque\(\)|\[\]", "tuple": r"\(\)",
}  # fmt: skip
_VALUE = re.compile(r"^(?:`)?(-?\d+(?:\.\d+)?|true|false|none|\[\]|\{\}|''|\"\")(?:`)?(?:$|[\s,.])")
_ARITHMETIC: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (r"multipl(?:y|ies|ying) (?P<a>.+?) (?:by|with|and) (?P<b>.+)", "multiply", ("Mult", "Pow")),
    (r"divid(?:es|ing|e|ed) (?P<a>.+?)? ?by (?P<b>.+)", "divide", ("Div", "FloorDiv", "Mod")),
    (r"subtract(?:s|ing)? (?P<a>.+?) from (?P<b>.+)", "subtract", ("Sub",)),
    (r"add(?:s|ing)? (?!up)(?P<a>.+?) (?:to|and) (?P<b>.+)", "add", ("Add", "BitOr")),
)
_PATTERNS = tuple((re.compile(rf"\b{p}"), verb, operators) for p, verb, operators in _ARITHMETIC)
_ADDING_CALLS = frozenset(
    {"append", "add", "extend", "insert", "update", "setdefault", "put", "push"}
)


def value_claims(said: Said, code: Code) -> Iterator[Claim]:
    """Find claims about first values and arithmetic."""
    for match in _STARTS.finditer(said.text):
        yield Claim("value", _wrong_start(match.group(1), match.group(2).lower(), code))
    for name in _NEW.findall(said.plain):
        if name in code.parameters:
            yield Claim("value", "" if name in code.assigned else f"it makes no new {name}")
    for match in _SET_TO.finditer(said.text):
        name, value = match.groups()
        if name in code.parameters and not _values_of(name, code):
            default = code.defaults.get(name)
            fine = default is not None or f"keyword:{name}" in code.traits
            yield Claim("value", "" if fine else f"it does not set `{name}`")
        else:
            yield Claim("value", _wrong_start(name, value.lower(), code))
    for match in _DESCRIBED.finditer(said.plain):
        yield from _described_starts(match, code)
    for match in _EMPTY.finditer(said.text):
        yield Claim("value", _wrong_empty(match.group(1), match.group(2) or "", code))
    for pattern, verb, operators in _PATTERNS:
        if match := pattern.search(said.plain):
            yield Claim("relation", _wrong_arithmetic(match, verb, operators, code))


def _described_starts(match: "re.Match[str]", code: Code) -> Iterator[Claim]:
    """A variable that starts as a constant does not start as something described in words."""
    for name in re.split(r", and |, | and ", match.group("names")):
        values = _values_of(name, code)
        if not values or name in code.parameters:
            continue
        constant = re.fullmatch(r"None|-?[\d.]+|True|False|''|\[\]|\{\}|set\(\)", values[0])
        wrong = constant and not _NOTHING_YET.search(match.group("value"))
        yield Claim("value", f"`{name}` starts as {values[0]}" if wrong else "")


def _values_of(name: str, code: Code) -> tuple[str, ...]:
    last = name.rpartition(".")[2]
    values = [
        v for known, vs in code.assigned.items() for v in vs if known.rpartition(".")[2] == last
    ]
    return tuple(values)


def _wrong_start(name: str, value: str, code: Code) -> str:
    values = _values_of(name, code)
    if not values:
        given = name in code.parameters or f"keyword:{name}" in code.traits
        return "" if given else f"it does not set `{name}`"
    if plain := _VALUE.match(value):
        said = plain.group(1)
        same = any(said == v.lower() or said.rstrip("0").rstrip(".") == v for v in values)
        return "" if same else f"`{name}` is set to {values[0]}"
    noun = noun_of(value)
    known = code.shapes.get(name)
    if noun and known and not fits(noun, known):
        return f"`{name}` is set to {values[0]}"
    return ""


def _wrong_empty(noun: str, name: str, code: Code) -> str:
    values = (
        _values_of(name, code) if name else tuple(v for vs in code.assigned.values() for v in vs)
    )
    if name in code.parameters and not values:
        return f"`{name}` is an argument"
    pattern = re.compile(_EMPTY_VALUES[noun])
    fine = any(pattern.fullmatch(value) for value in values)
    return "" if fine else f"nothing is set to an empty {noun}"


def _wrong_arithmetic(
    match: "re.Match[str]", verb: str, operators: tuple[str, ...], code: Code
) -> str:
    """Some operation of that kind must have names of both sides, where the code has such names."""
    texts = [text for operator in operators for text in code.operands.get(operator, ())]
    if f"name:{stem(verb)}" in code.traits:
        return ""
    if verb == "add" and (
        code.naming.called & _ADDING_CALLS or code.traits & {"item-set", "attribute-set"}
    ):
        return ""
    if not texts:
        return f"the code does not {verb}"
    sides = [_named(match.group(side) or "", code) for side in ("a", "b")]
    for text in texts:
        parts = {stem(part) for part in parts_of(text)}
        if all(not side or side & parts for side in sides):
            return ""
    return f"the code does not {verb} these"


def _named(text: str, code: Code) -> set[str]:
    """Stems in a text that are parts of the code's own names."""
    names = {*code.parameters, *code.assigned}
    known = {stem(part) for name in names for part in parts_of(name)}
    return {stem(part) for part in parts_of(text)} & known
