"""What a sentence says that the hand-made facts about a function deny.

The detectors are few and sure, and on purpose not those of the checker: a blind spot of the
checker must not be one of the judge as well. What they find is a lower bound; labels given by
hand (tests/quality/sentences/shown.toml) say how much they overlook.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from procoder_tutor.evaluation.subjects import KnownFacts, Subject

_WORD = re.compile(r"\w+")
_SPAN = re.compile(r"(`+)(.+?)\1")
_DENIED = re.compile(r"\b(?:not|no|never|without|nor|neither|instead of)\b|n't\b", re.IGNORECASE)
_EXCEPTION = re.compile(r"\b[A-Z]\w*(?:Error|Exception|Warning|Interrupt|Exit|Iteration)\b")
_RAISES = re.compile(r"\b(?:raises|throws|will raise|will throw)\b", re.IGNORECASE)
_RETURNS = re.compile(r"\breturn(?:s|ing)?\b(?! (?:none|nothing|from|early|to)\b)", re.IGNORECASE)
_RETURNS_NONE = re.compile(r"\breturns? (?:none|nothing)\b", re.IGNORECASE)
_RETURNS_TYPE = re.compile(
    r"\breturns? (?:an? |the )?(?:new |single )?(list|dict|dictionary|tuple|string|boolean)\b",
    re.IGNORECASE,
)
_TYPES: Mapping[str, type] = MappingProxyType(
    {"list": list, "dict": dict, "dictionary": dict, "tuple": tuple, "string": str, "boolean": bool}
)
_LITERALS: Mapping[type[ast.expr], type] = MappingProxyType({
    ast.List: list, ast.ListComp: list, ast.Dict: dict, ast.DictComp: dict, ast.Tuple: tuple,
    ast.JoinedStr: str, ast.Compare: bool,
})  # fmt: skip
_CHANGES = re.compile(r"\b(?:in[- ]place|modif(?:y|ies) the|mutates?)\b", re.IGNORECASE)
_RECURSION = re.compile(r"\brecursive(?:ly)?\b|\brecursion\b|\bcalls itself\b", re.IGNORECASE)
_YIELDS = re.compile(
    r"\byield(?:s|ing)?\b|\bis a generator\b|\bgenerator function\b", re.IGNORECASE
)
_ASYNC = re.compile(r"\basynchronous(?:ly)?\b|\bcoroutine\b", re.IGNORECASE)
_LOOPS = re.compile(r"\b(?:iterates|loops) (?:over|through)\b", re.IGNORECASE)
_COUNTED = re.compile(
    r"\b(?:takes|accepts)(?: in)? (no|one|a single|two|three|four|five)"
    r" (?:arguments?|parameters?)\b",
    re.IGNORECASE,
)
_COUNTS: Mapping[str, int] = MappingProxyType(
    {"no": 0, "one": 1, "a single": 1, "two": 2, "three": 3, "four": 4, "five": 5}
)
_USES = re.compile(
    r"\b(?:uses?|using|calls?|calling) (?:the |python's )?(?:built-in )?`([A-Za-z_]\w*)(?:\(\))?`"
    r" (?:function|method)\b",
    re.IGNORECASE,
)
_OUTSIDE: tuple[tuple["re.Pattern[str]", str], ...] = tuple(
    (re.compile(wording, re.IGNORECASE), kind)
    for wording, kind in (
        (r"\b(?:reads?|opens?|writes?|saves?)\b[^.]* (?:a|the) file\b", "file"),
        (r"\bprints\b|\buser(?:'s)? input\b", "console"),
        (r"\bdatabase\b", "database"),
        (r"\benvironment variable\b", "environment"),
        (r"\bsubprocess\b", "subprocess"),
        (r"\brandom(?:ly)?\b", "random"),
    )
)
_CONCEPTS: tuple[tuple["re.Pattern[str]", tuple[str, ...]], ...] = tuple(
    (re.compile(wording, re.IGNORECASE), ids)
    for wording, ids in (
        (r"\blist comprehension\b", ("list-comprehension",)),
        (r"\bdict(?:ionary)? comprehension\b", ("dict-comprehension",)),
        (r"\bgenerator expression\b", ("generator-expression",)),
        (r"\blambda\b", ("lambda",)),
        (r"\btry\b.{0,3}except\b", ("exception-handling",)),
        (r"\bdecorator\b", ("decorator", "nested-function", "property", "class-method",
                            "static-method")),
        (r"\bpattern matching\b", ("pattern-matching",)),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence as the detectors look at it."""

    text: str
    """Without backticks."""
    prose: str
    """Without its code spans."""

    def states(self, wording: "re.Pattern[str]") -> bool:
        """Tell whether the wording occurs outside code spans and nothing is denied."""
        return bool(wording.search(self.prose)) and not _DENIED.search(self.prose)


def contradictions(sentence: str, subject: Subject) -> list[str]:
    """Return what is wrong with a sentence about a function; empty where nothing is found."""
    said = _Said(sentence.replace("`", ""), _SPAN.sub(" x ", sentence))
    found = [reason for detector in _DETECTORS for reason in detector(said, subject.facts)]
    used = set(_WORD.findall(_code(subject)))
    return found + [f"`{n}` is not used" for n in _USES.findall(sentence) if n not in used]


def _code(subject: Subject) -> str:
    lines = subject.document.snapshot.text.splitlines()
    return "\n".join(lines[subject.symbol.line - 1 : subject.symbol.end_line])


def _raising(said: _Said, facts: KnownFacts) -> Iterator[str]:
    if not said.states(_RAISES):
        return
    if not facts.raised:
        yield "raises nothing"
    elif "re-raise" not in facts.raised:
        named = set(_EXCEPTION.findall(said.text))
        yield from (f"raises no {name}" for name in sorted(named - facts.raised - facts.caught))


def _returning(said: _Said, facts: KnownFacts) -> Iterator[str]:
    if facts.yields:
        return
    if said.states(_RETURNS) and not facts.returned:
        yield "returns no value"
    types = [_type_of(text) for text in facts.returned]
    if not types or None in types:
        return
    if _RETURNS_NONE.search(said.text) and not facts.returns_none:
        yield "never returns None"
    if match := _RETURNS_TYPE.search(said.text):
        claimed = match.group(1).lower()
        if _TYPES[claimed] not in types:
            yield f"returns no {claimed}"


def _type_of(text: str) -> type | None:
    """Return the type of a returned expression where its form alone tells."""
    node = ast.parse(text, mode="eval").body
    if isinstance(node, ast.Constant):
        return type(node.value)
    return _LITERALS.get(type(node))


def _changing(said: _Said, facts: KnownFacts) -> Iterator[str]:
    if said.states(_CHANGES) and not facts.changes and not facts.touched:
        yield "changes nothing"


def _construction(said: _Said, facts: KnownFacts) -> Iterator[str]:
    if said.states(_RECURSION) and not facts.recursion:
        yield "does not call itself"
    lazy = facts.yields or any(text.startswith("(") for text in facts.returned)
    if said.states(_YIELDS) and not lazy:
        yield "yields nothing"
    if said.states(_ASYNC) and not facts.is_async:
        yield "is not asynchronous"
    if said.states(_LOOPS) and not facts.loops:
        yield "does not loop"


def _counting(said: _Said, facts: KnownFacts) -> Iterator[str]:
    for count in _COUNTED.findall(said.text):
        if _COUNTS[count.lower()] != len(facts.parameters):
            yield f"takes {len(facts.parameters)} arguments"


def _touching(said: _Said, facts: KnownFacts) -> Iterator[str]:
    for wording, kind in _OUTSIDE:
        if said.states(wording) and kind not in facts.touched:
            yield f"touches no {kind}"


def _using(said: _Said, facts: KnownFacts) -> Iterator[str]:
    for wording, concepts in _CONCEPTS:
        if said.states(wording) and not facts.concepts.intersection(concepts):
            yield f"has no {concepts[0]}"


_DETECTORS: tuple[Callable[[_Said, KnownFacts], Iterator[str]], ...] = (
    _raising,
    _returning,
    _changing,
    _construction,
    _counting,
    _touching,
    _using,
)
