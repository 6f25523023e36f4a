"""Claims about what a function returns."""

import re
from collections.abc import Iterator

from procoder_tutor.checking.nouns import fits, head_of, noun_of
from procoder_tutor.checking.reading.code import Code
from procoder_tutor.checking.reading.shapes import NUMERIC
from procoder_tutor.checking.said import Claim, Said
from procoder_tutor.checking.stems import parts_of, stem, words_of
from procoder_tutor.facts.model import Facts

_RETURNS = re.compile(
    r"\breturn(?:s|ed|ing)?\b(?: back)?(?: either)? (?!by\b)(.+?)"
    r"(?=,? (?:if|when|otherwise|unless|depending|or (?=none|false|true|-1)|and returns?)\b"
    r"|[.;]\s|[.;]?$)"
)
_OF_ANOTHER = re.compile(r"\b(?:that|which) $")
_ABOUT_ITSELF = re.compile(r"(?:a|an|this (?:is|function is)|the function is|defines) ")
_MEASURES = re.compile(
    r"(?:this function )?(?:counts?|calculates?|computes?) the (?:total )?"
    r"(?:number|sum|average|mean|total|length|product|count) of\b"
)
_EACH = re.compile(r"\b(?:each|every|per|times|occurrences?|by)\b")
_OR_NONE = re.compile(r"\breturn[^.]*,? or none\b")
_INTO = re.compile(
    r"^(?:this function |the function |it )?(?:[^.,]* and )?(?:then )?"
    r"(?:parses?|converts?|transforms?|turns?) (?!them\b|each\b)[^.,]*? (?:in)?to (an? [^.,]+)"
)
_NOTHING = re.compile(r"^(?:none|nothing)\b(?! if)")
_CONSTANT = re.compile(r"^(true|false|-?\d+(?:\.\d+)?)\b")
_MEASURE = re.compile(
    r"^(?:the |a |its )?(?:\w+ ){0,2}?(?:number|count|sum|total|length|size|index|average|mean"
    r"|product|maximum|minimum|difference|distance|position)(?= of\b|$)"
)
_ONE_OF_MANY = re.compile(r"^(?:an? |the )(?:\w+ ){0,2}?(?:item|element|character|entry|key)$")
_CHANGED = re.compile(r"\b(?:updated|modified|changed|altered)\b")
_NEW = re.compile(r"^(?:an? |the )new\b")
_SEVERAL = frozenset({"list", "dict", "set", "iterator", "sequence"})
_NO_NUMBERS = frozenset({"list", "dict", "set", "tuple", "iterator", "function", "bool", "file"})


def output_claims(said: Said, facts: Facts, code: Code) -> Iterator[Claim]:
    """Find claims about what a call gives back."""
    for match in _RETURNS.finditer(said.plain):
        before = said.plain[: match.start()]
        if _OF_ANOTHER.search(before) and not _ABOUT_ITSELF.match(said.plain):
            continue
        phrase = match.group(1).strip()
        yield Claim("output", "" if said.negated else _wrong(phrase, facts, code))
    yield from _implied(said, code)


def _implied(said: Said, code: Code) -> Iterator[Claim]:
    """Find what is said of the result without the word `returns`, and `or None`."""
    if _MEASURES.match(said.plain) and not _EACH.search(said.plain):
        wrong = bool(code.returned) and code.returned <= _SEVERAL
        yield Claim("output", "it does not return a number" if wrong else "")
    if _OR_NONE.search(said.plain):
        possible = code.traits & {"none", "implicit-none", "method:get", "call:get"}
        yield Claim("output", "" if possible else "it never returns None")
    if found := _INTO.search(said.plain):
        noun = noun_of(found.group(1))
        wrong = bool(noun) and not fits(noun, code.returned)
        yield Claim("output", f"it does not return a {noun}" if wrong else "")


def _wrong(phrase: str, facts: Facts, code: Code) -> str:
    """Hold what follows `returns` against the returns."""
    nothing = all(item.expression in {None, "None"} for item in facts.returns)
    if facts.yields:
        noun = noun_of(phrase)
        fine = noun in {"", "iterator", "generator"}
        return "" if fine else f"it yields values and returns no {noun}"
    if _NOTHING.match(phrase):
        return "" if code.traits & {"implicit-none", "none"} else "it returns a value"
    if nothing:
        return "it returns nothing"
    if constant := _CONSTANT.match(phrase):
        return _wrong_constant(constant.group(1), code)
    return _wrong_kind(phrase, code) or _wrong_name(phrase, code)


def _wrong_kind(phrase: str, code: Code) -> str:
    """Hold the kind of value that is named against the shapes of what is returned."""
    noun, sure = noun_of(phrase), code.returned - {"none"}
    if noun in {"list", "array"} and sure == {"tuple"}:
        return "it returns a tuple"
    if noun and not fits(noun, code.returned):
        return f"it does not return a {noun}"
    if _MEASURE.match(phrase) and not noun and sure and sure <= _NO_NUMBERS:
        return "it does not return a number"
    if _ONE_OF_MANY.search(head_of(phrase).strip()) and sure and sure <= _SEVERAL - {"dict"}:
        return "it returns several values"
    arguments = set(code.return_texts) & set(code.parameters)
    unchanged = bool(arguments) and not arguments & set(code.assigned)
    if _NEW.match(phrase) and unchanged and arguments == set(code.return_texts):
        return "it returns its own argument"
    return ""


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
    """Find `the updated temperature` where another name is returned and explains nothing of it."""
    names = [text for text in code.return_texts if re.fullmatch(r"(?:self\.)?\w+", text)]
    head = words_of(head_of(phrase))
    if not head or not names or len(names) != len(code.return_texts):
        return ""
    if not _CHANGED.search(phrase):
        return ""
    returned = {stem(part) for text in names for part in parts_of(text)}
    made_from = code.behind(frozenset(returned))
    others = {*code.parameters, *code.assigned} - set(names)
    taken = {stem(part) for name in others for part in parts_of(name)} - made_from
    return f"it returns `{names[-1]}`" if stem(head[-1]) in taken else ""
