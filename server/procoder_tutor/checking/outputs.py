"""Claims about what a function returns."""

import re
from collections.abc import Iterator

from procoder_tutor.checking.code import Code
from procoder_tutor.checking.nouns import fits, head_of, noun_of
from procoder_tutor.checking.said import Claim, Said
from procoder_tutor.checking.shapes import NUMERIC
from procoder_tutor.checking.stems import parts_of, stem, words_of
from procoder_tutor.facts.model import Facts

_RETURNS = re.compile(
    r"\breturn(?:s|ed|ing)?\b(?: back)?(?: either)? (?!by\b)(.+?)"
    r"(?=,? (?:if|when|otherwise|unless|depending|or (?=none|false|true|-1)|and returns?)\b|[.;]\s|[.;]?$)"
)
_OF_ANOTHER = re.compile(r"\b(?:that|which) $")
_ABOUT_ITSELF = re.compile(r"(?:a|an|this (?:is|function is)|the function is|defines) ")
_OR_NONE = re.compile(r"\breturn[^.]*,? or none\b")
_MEASURES = re.compile(
    r"(?:this function )?(?:counts?|calculates?|computes?) the (?:total )?"
    r"(?:number|sum|average|mean|total|length|product|count) of\b"
)
_EACH = re.compile(r"\b(?:each|every|per|times|occurrences?|by)\b")
_ONE_OF_MANY = re.compile(r"^(?:an? |the )(?:\w+ ){0,2}?(?:item|element|character|entry|key)$")
_SEVERAL = frozenset({"list", "dict", "set", "iterator", "sequence"})
_INTO = re.compile(
    r"^(?:this function |the function |it )?(?:[^.,]* and )?(?:then )?(?:parses?|converts?|transforms?|turns?)"
    r" (?!them\b|each\b)[^.,]*? (?:in)?to (an? [^.,]+)"
)
_NOTHING = re.compile(r"^(?:none|nothing)\b(?! if)")
_CONSTANT = re.compile(r"^(true|false|-?\d+(?:\.\d+)?)\b")
_MEASURE = re.compile(
    r"^(?:the |a |its )?(?:\w+ ){0,2}?(?:number|count|sum|total|length|size|index|average|mean|product"
    r"|maximum|minimum|difference|distance|position)(?= of\b|$)"
)
_NOT_NUMBERS = frozenset({"list", "dict", "set", "str", "function", "iterator", "bool", "file"})
_CONTAINERS = frozenset({"list", "dict", "set", "tuple", "iterator", "function", "bool", "file"})
_CHANGED = re.compile(r"\b(?:updated|modified|changed|altered)\b")
_NEW = re.compile(r"^(?:an? |the )new\b")


def output_claims(said: Said, facts: Facts, code: Code) -> Iterator[Claim]:
    """Find claims about what a call gives back."""
    for match in _RETURNS.finditer(said.plain):
        before = said.plain[: match.start()]
        if _OF_ANOTHER.search(before) and not _ABOUT_ITSELF.match(said.plain):
            continue
        phrase = match.group(1).strip()
        yield Claim("output", "" if said.negated else _wrong(phrase, facts, code))
    measure = _MEASURES.match(said.plain)
    if measure and code.returned and code.returned <= _SEVERAL and not _EACH.search(said.plain):
        yield Claim("output", "it does not return a number")
    if _OR_NONE.search(said.plain):
        possible = code.traits & {"none", "implicit-none", "method:get", "call:get"}
        yield Claim("output", "" if possible else "it never returns None")
    if found := _INTO.search(said.plain):
        noun = noun_of(found.group(1))
        wrong = bool(noun) and not fits(noun, code.returned - {"none"})
        yield Claim("output", f"it does not return a {noun}" if wrong else "")


def _wrong(phrase: str, facts: Facts, code: Code) -> str:
    values = [item.expression for item in facts.returns if item.expression not in {None, "None"}]
    if facts.yields:
        return _wrong_of_generator(phrase)
    if _NOTHING.match(phrase):
        return "" if code.traits & {"implicit-none", "none"} else "it returns a value"
    if not values:
        return "it returns nothing"
    if constant := _CONSTANT.match(phrase):
        return _wrong_constant(constant.group(1), code)
    noun = noun_of(phrase)
    if noun and not fits(noun, code.returned):
        return f"it does not return a {noun}"
    if _NEW.match(phrase) and code.return_texts and set(code.return_texts) <= set(code.parameters):
        changed = set(code.return_texts) & set(code.assigned)
        return "" if changed else "it returns its own argument"
    sure = code.returned - {"none"}
    if _MEASURE.match(phrase) and sure and sure <= _CONTAINERS and not noun:
        return "it does not return a number"
    if _ONE_OF_MANY.search(head_of(phrase)) and sure and sure <= _SEVERAL:
        return "it returns several values"
    return _wrong_name(phrase, code)


def _wrong_of_generator(phrase: str) -> str:
    noun = noun_of(phrase)
    if noun in {"iterator", "generator"} or not noun:
        return ""
    return f"it yields values and returns no {noun}"


def _wrong_constant(value: str, code: Code) -> str:
    texts = {part for text in code.return_texts for part in re.findall(r"-?[\w.]+", text.lower())}
    if value in texts or f"-{value}" in texts:
        return ""
    if value in {"true", "false"}:
        unsure = not code.returned or "bool" in code.returned
        return "" if unsure else f"it does not return {value.capitalize()}"
    sure = code.returned and not code.returned & NUMERIC
    return f"it does not return {value}" if sure or value not in {"0", "1"} else ""


def _wrong_name(phrase: str, code: Code) -> str:
    """A simple name is returned, but the sentence says another one."""
    names = [text for text in code.return_texts if re.fullmatch(r"(?:self\.)?\w+", text)]
    if len(names) != len(code.return_texts) or not names:
        return ""
    head = words_of(head_of(phrase))
    if not head:
        return ""
    last = stem(head[-1])
    returned = {stem(part) for text in names for part in parts_of(text)}
    if last in returned:
        return ""
    others = {*code.parameters, *code.assigned} - set(names)
    taken = {stem(part) for name in others for part in parts_of(name)}
    explained = {
        stem(part) for t in names for v in code.assigned.get(t, ()) for part in parts_of(v)
    }
    if last in taken and last not in explained and _CHANGED.search(phrase):
        return f"it returns `{names[-1]}`"
    return ""
