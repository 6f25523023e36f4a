"""Claims about what variables are set to, and what an expression is."""

import ast
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from procoder_tutor.checking.nouns import fits, noun_of
from procoder_tutor.checking.reading.code import Code
from procoder_tutor.checking.reading.shapes import ShapeFinder
from procoder_tutor.checking.said import Claim, Said

_TO = r"(?:to|with|as) (?:be )?(?:the )?(?:value )?([^.;]+)"
_SETS = re.compile(
    r"\b(?:initializ(?:es|ing|ed)|sets|setting|assigns) (?:(?:the|an?) )?"
    rf"(?:variables? |attributes? )?`([\w.]+)` (?:variable |attribute )?{_TO}",
    re.IGNORECASE,
)
_IS_SET = re.compile(
    r"`([\w.]+)`(?: parameter| argument| variable| attribute)? is (?:initially )?"
    rf"(?:set|initialized) {_TO}"
)
_STARTS_AS = re.compile(
    r"\binitializ(?:es|ing|ed) (?:(?:the|an?|two|three) )?(?:variables?,? )?"
    r"(?P<names>\w+(?:(?:, | and )\w+)*),?"
    r" to (?!(?:represent|store|keep|hold|track|count|be)\b)(?P<value>[^.;]+)"
)
_CONSTANT = re.compile(r"None|-?[\d.]+|True|False|''|\[\]|\{\}|set\(\)")
_NAMES_A_CONSTANT = re.compile(
    r"none|zero|empty|null|nothing|false|true|default|initial|one\b|blank|\d|\[|\{|'|\""
)
_EMPTY = re.compile(
    r"\b(?:initializ(?:es|ing)|creat(?:es|ing)|start(?:s|ing) with) (?:an?|two|the)"
    r" (?:new )?empty (list|dictionary|dict|set|string|deque|queue|tuple)s?\b"
    r"(?: (?:called|named))?(?: `([\w.]+)`)?",
    re.IGNORECASE,
)
_EMPTY_VALUES: Mapping[str, str] = MappingProxyType(
    {
        "list": r"\[\]|list\(\)",
        "dictionary": r"\{\}|dict\(\)|defaultdict\(.*\)|Counter\(\)",
        "dict": r"\{\}|dict\(\)|defaultdict\(.*\)",
        "set": r"set\(\)",
        "string": r"''|\"\"",
        "deque": r"deque\(\)",
        "queue": r"deque\(\)|\[\]",
        "tuple": r"\(\)",
    }
)
_VALUE = re.compile(r"^`?(-?\d+(?:\.\d+)?|true|false|none|\[\]|\{\}|''|\"\")`?(?:$|[\s,.])")
_NEW = re.compile(r"\b(?:creates|creating|builds|makes) a new (\w+)\b")
_IS_A = re.compile(r"`([^`]*[(\[][^`]*)` is (an? [a-z][^.,;]*)")


def value_claims(said: Said, code: Code) -> Iterator[Claim]:
    """Find claims about values."""
    for name, value in _SETS.findall(said.text) + _IS_SET.findall(said.text):
        yield Claim("value", _wrong_value(name, value.lower(), code))
    for match in _STARTS_AS.finditer(said.plain):
        yield from _wrong_starts(match, code)
    for noun, name in _EMPTY.findall(said.text):
        yield Claim("value", _wrong_empty(noun, name, code))
    for name in _NEW.findall(said.plain):
        if name in code.parameters:
            yield Claim("value", "" if name in code.assigned else f"it makes no new {name}")
    for expression, phrase in _IS_A.findall(said.text):
        yield Claim("value", _wrong_kind(expression, phrase.lower()))


def _wrong_value(name: str, value: str, code: Code) -> str:
    """Hold the value a name is said to be set to against what it is set to."""
    values = _values_of(name, code)
    if not values and name == code.name:
        return ""
    if not values:
        passed = code.defaults.get(name) is not None or f"keyword:{name}" in code.traits
        return "" if passed else f"it does not set `{name}`"
    if plain := _VALUE.match(value):
        said = plain.group(1)
        same = any(said == v.lower() or said.rstrip("0").rstrip(".") == v for v in values)
        return "" if same else f"`{name}` is set to {values[0]}"
    noun, known = noun_of(value), code.shapes.get(name)
    wrong = noun and known and not fits(noun, known)
    return f"`{name}` is set to {values[0]}" if wrong else ""


def _wrong_starts(match: "re.Match[str]", code: Code) -> Iterator[Claim]:
    """A variable that starts as a constant does not start as something described in words."""
    described = not _NAMES_A_CONSTANT.search(match.group("value"))
    for name in re.split(r", and |, | and ", match.group("names")):
        values = _values_of(name, code)
        if values and name not in code.parameters:
            wrong = described and _CONSTANT.fullmatch(values[0])
            yield Claim("value", f"`{name}` starts as {values[0]}" if wrong else "")


def _wrong_empty(noun: str, name: str, code: Code) -> str:
    values = _values_of(name, code) if name else [v for vs in code.assigned.values() for v in vs]
    if name in code.parameters and not values:
        return f"`{name}` is an argument"
    empty = re.compile(_EMPTY_VALUES[noun])
    fine = any(empty.fullmatch(value) for value in values)
    return "" if fine else f"nothing is set to an empty {noun}"


def _wrong_kind(expression: str, phrase: str) -> str:
    """Hold `zip(…)` is a tuple against what such an expression gives."""
    try:
        node = ast.parse(expression, mode="eval").body
    except (SyntaxError, ValueError):
        return ""
    if "comprehension" in phrase:
        fine = isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp)
        return "" if fine else f"`{expression}` is no comprehension"
    noun, shapes = noun_of(phrase), ShapeFinder(node, {}).of(node)
    return f"`{expression}` is no {noun}" if noun and not fits(noun, shapes) else ""


def _values_of(name: str, code: Code) -> list[str]:
    last = name.rpartition(".")[2]
    groups = (vs for known, vs in code.assigned.items() if known.rpartition(".")[2] == last)
    return [value for values in groups for value in values]
