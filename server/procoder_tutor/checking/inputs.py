"""Claims about what a function takes: how many arguments, which, of what kind and default."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from procoder_tutor.checking.nouns import fits, head_of, noun_of
from procoder_tutor.checking.reading.code import Code
from procoder_tutor.checking.reading.shapes import Shapes
from procoder_tutor.checking.said import Claim, Said
from procoder_tutor.checking.stems import parts_of, stem, words_of

_COUNTS = {
    "no": 0, "a single": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
}  # fmt: skip
_COUNTED = re.compile(
    r"\b(?:takes?|accepts?|receives?|has|requires?|expects?|with)(?: in)?(?: exactly| only)?"
    r" (no|one|a single|two|three|four|five|six)"
    r" (?:(?:required|positional|optional|keyword|input|additional) )?"
    r"(arguments?|parameters?|inputs?|lists?|strings?|numbers?|integers?|dictionaries|values|functions)\b"
)
_PAIR = re.compile(
    r"\b(?:merges?|compares?|combines?|joins?|adds?|between|takes?|given) (?:the )?two"
    r" (lists?|strings?|dictionaries|arrays|sets|sequences|files|functions)\b"
)
_VERBS = (
    "returns?|checks|then|it|uses|creates|adds|converts|applies|removes|sorts|finds|prints"
    "|calculates|updates|raises|yields|sets|writes|reads|splits|moves|counts"
)
_TAKES = re.compile(
    r"\b(?:takes|accepts|receives|takes in|given)(?: in)? (.+?)"
    r"(?: as (?:an? |its |the )?(?:(?:first|only) )?(?:inputs?|arguments?|parameters?)"
    rf"|,? and (?:{_VERBS})\b|(?<!e\.g)\.(?:\s|$)|$)"
)
_KIND_AFTER = re.compile(
    r"\b([a-z_]\w*)(?: parameter| argument| variable)?"
    r"(?:,? which (?:is|represents)|,? that is| is| \(|: | -|, a(?=n? ))"
    r" ?((?:an? |the )[a-z][^,.;()]*)"
)
_KIND_BEFORE = re.compile(r"\b(an? (?:\w+ ){0,3}?\w+)(?: of \w+)? \(?`([A-Za-z_]\w*)`\)?")
_DEFAULT = re.compile(
    r"\b([a-z_]\w*)(?: \(| parameter| argument)?[^.;`]{0,25}?\b(?:default(?:s|ing)?(?: value)?"
    r"(?: (?:is|of|to))?) ([-+]?\d[\w.]*|none|true|false)"
)
_DEFAULT_NAMED = re.compile(r"\bdefault `?(\w+)\b")
_DEFAULT_OF = re.compile(r"\bdefault (?!value|is|to\b)([a-z_]+) of (\d[\d.]*)")
_TAKES_SPANS = re.compile(
    r"\b(?:takes|accepts|receives)(?: in)? ((?:(?! and returns|, which|\. |; ).)+?)"
    r"(?: as (?:an? |its |the )?(?:inputs?|arguments?|parameters?)| parameters?\b| arguments?\b)"
)
_INNER = re.compile(r"\b(?:decorator|inner|nested|wrapper|wrapped|new function)\b")
_CONTAINER_OF = re.compile(
    r"\b(list|dictionary|set|tuple|sequence|array|iterable) of (\w+)(?: (\w+))?"
)
_GIVEN = re.compile(r"\b(?:the|an?) (?:given|specified|provided) ((?:\w+ ?){1,4})")
_ALWAYS_ARGUMENTS = frozenset({"key", "keys", "function", "exception", "exceptions", "name"})
_SHAPED = frozenset({"list", "string", "text", "number", "integer", "dictionary", "path", "file"})
_CALLABLES = frozenset({"function", "callable"})
_MAY_BE: Mapping[str, Shapes] = MappingProxyType(
    {
        "dict": frozenset({"dict"}),
        "set": frozenset({"set"}),
        "function": frozenset({"function"}),
        "list": frozenset({"list", "iterable", "indexable", "sized"}),
        "tuple": frozenset({"tuple", "iterable", "indexable"}),
    }
)
"""Shapes of items that may be called so."""
_ELEMENTS = {"dictionaries": "dict", "dicts": "dict", "tuples": "tuple", "lists": "list",
             "sets": "set", "functions": "function"}  # fmt: skip


def input_claims(said: Said, code: Code) -> Iterator[Claim]:
    """Find claims about parameters."""
    yield from _counts(said, code)
    for match in _TAKES.finditer(said.plain):
        yield from _taken(match.group(1), code)
    for match in _TAKES_SPANS.finditer(said.text):
        yield from _taken_spans(match.group(1), said, code)
    for match in _CONTAINER_OF.finditer(said.plain):
        yield from _containers(match, code)
    yield from _kinds(said, code)
    for match in _GIVEN.finditer(said.plain):
        yield from _given(match.group(1), code)
    yield from _defaults(said, code)


def _counts(said: Said, code: Code) -> Iterator[Claim]:
    total = len(code.parameters)
    for match in _COUNTED.finditer(said.plain):
        count = _COUNTS[match.group(1)]
        exact = match.group(2).startswith(("argument", "parameter", "input"))
        wrong = count != total if exact else count > total
        if wrong and exact and count == total - _optional(code):
            wrong = "optional" not in said.plain and count == 0
        listed = said.plain[match.end() :]
        if exact and not wrong and listed.startswith((":", ",", " (")) and count:
            wrong = _named(listed, code) is None
        yield Claim("input", f"it takes {_number(total)}" if wrong else "")
    for _ in _PAIR.finditer(said.plain):
        enough = total > 1 or "attribute" in code.traits or not total
        yield Claim("input", "" if enough else f"it takes {_number(total)}")


def _optional(code: Code) -> int:
    return sum(default is not None for default in code.defaults.values())


def _fits(noun: str, shapes: Shapes) -> bool:
    """Like `fits`, but a function must be seen to be one: models see them everywhere."""
    return "function" in shapes if noun in _CALLABLES else fits(noun, shapes)


def _number(total: int) -> str:
    return {0: "no argument", 1: "one argument"}.get(total, f"{total} arguments")


def _taken(phrases: str, code: Code) -> Iterator[Claim]:
    """Hold each thing that is said to be taken against the parameters."""
    if re.match(r"(?:an? |the )?(?:\w+ )?(?:arguments?|parameters?|inputs?)\b(?!:)", phrases):
        return
    if re.match(
        r"(?:no|one|two|three|four|five|a single|any|care|place|advantage|time)\b", phrases
    ):
        return
    for part in re.split(r",? and (?:an? |the )?|, (?:and )?(?:an? |the )?", phrases):
        words = set(words_of(part)) - {"a", "an", "the", "optional"}
        if not words or not re.match(r"[a-z`]", part.strip()):
            continue
        if not code.parameters:
            of_itself = "attribute" in code.traits and re.search(
                r"\b(?:object|instance|itself)\b", part
            )
            yield Claim("input", "" if of_itself else "it takes no argument")
            return
        noun = noun_of(part)
        named = _named(part, code)
        if named is not None:
            wrong = bool(noun) and not _fits(noun, code.parameters[named])
            yield Claim("input", f"`{named}` is not a {noun}" if wrong else "")
        elif noun:
            any_fits = any(_fits(noun, shapes) for shapes in code.parameters.values())
            if noun in _CALLABLES:
                any_fits = (
                    any_fits or bool(code.naming.inner_parameters) or "decorated" in code.traits
                )
            yield Claim("input", "" if any_fits else f"no argument is a {noun}")


def _taken_spans(clause: str, said: Said, code: Code) -> Iterator[Claim]:
    """Names in code spans that are said to be taken must be parameters."""
    itself = re.search(r"`(\w+)` (?:function )?(?:that )?takes", said.text)
    of_inner = _INNER.search(said.plain) and not (itself and itself.group(1) == code.name)
    inner = code.naming.inner_parameters if of_inner else frozenset()
    for name in re.findall(r"`\**([A-Za-z_]\w*)`", clause):
        known = name in code.parameters or name in inner or name in {"self", "cls"}
        yield Claim("input", "" if known else f"`{name}` is no argument")


def _given(phrase: str, code: Code) -> Iterator[Claim]:
    """What is called given must not be something that the code makes itself."""
    head = words_of(head_of(phrase))
    if not head:
        return
    parts = {
        part
        for name in {*code.parameters, *code.naming.inner_parameters}
        for part in parts_of(name)
    }
    said = {stem(word) for word in head}
    if said & {stem(part) for part in parts} or any(head[-1].startswith(part) for part in parts):
        return
    made = stem(head[-1]) in code.naming.stems or head[-1] in _ALWAYS_ARGUMENTS
    if made and noun_of(phrase) not in _SHAPED and "attribute" not in code.traits:
        yield Claim("input", f"no {head[-1]} is given")


def _containers(match: "re.Match[str]", code: Code) -> Iterator[Claim]:
    """`a list of sessions`, where `sessions` is a mapping; `a list of dictionaries`."""
    noun, *words = match.groups("")
    for of in words:
        if known := code.parameters.get(of) or code.shapes.get(of):
            wrong = not fits(noun, known)
            yield Claim("input", f"`{of}` is not a {noun}" if wrong else "")
    of = next((word for word in words if word in _ELEMENTS), "")
    element = _ELEMENTS.get(of)
    if element is None or noun not in {"list", "sequence", "array", "iterable"}:
        return
    shapes = [*code.elements.values()]
    made = f"holds:{element}" in code.traits
    annotated = any(element in text for text in code.annotations.values())
    fine = made or annotated or any(found & _MAY_BE[element] for found in shapes)
    yield Claim("input", "" if fine else f"nothing in the code is a list of {of}")


def _named(phrase: str, code: Code) -> str | None:
    """Return the parameter whose name a phrase's head, or else the phrase, speaks of."""
    for text in (head_of(phrase), phrase):
        said = {stem(word) for word in words_of(text)} | set(re.findall(r"\w+", text))
        for name in code.parameters:
            if name in said or {stem(part) for part in parts_of(name)} & said:
                return name
    return None


def _kinds(said: Said, code: Code) -> Iterator[Claim]:
    """Find `x`, which is a list; `x` (a list of …); a list `x`."""
    known: dict[str, Shapes] = {**code.shapes, **code.parameters}
    lowered = {name.lower(): name for name in known}
    found = [(m.group(1), m.group(2)) for m in _KIND_AFTER.finditer(said.plain)]
    found += [(m.group(2).lower(), m.group(1).lower()) for m in _KIND_BEFORE.finditer(said.text)]
    for name, phrase in found:
        noun = noun_of(phrase)
        if (
            name not in lowered
            or not noun
            or "number of" in phrase
            or f"{lowered[name]}`" not in said.text
        ):
            continue
        wrong = not _fits(noun, known[lowered[name]])
        yield Claim("input", f"`{lowered[name]}` is not a {noun}" if wrong else "")


def _defaults(said: Said, code: Code) -> Iterator[Claim]:
    for name, value in _DEFAULT_OF.findall(said.plain):
        fine = any(
            value in (default or "") for known, default in code.defaults.items() if known == name
        )
        yield Claim("input", "" if fine else f"there is no default {name} of {value}")
    for name in _DEFAULT_NAMED.findall(said.plain):
        if name in code.defaults and name not in code.assigned:
            yield Claim("input", "" if code.defaults[name] else f"`{name}` has no default")
    for match in _DEFAULT.finditer(said.plain):
        name, value = match.groups()
        if name not in code.defaults:
            continue
        default = code.defaults[name]
        if default is None:
            yield Claim("input", f"`{name}` has no default")
        else:
            same = default.lower().rstrip("0") == value.rstrip(".").rstrip("0")
            yield Claim("input", "" if same else f"the default of `{name}` is {default}")
