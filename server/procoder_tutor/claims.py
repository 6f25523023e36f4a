"""What a sentence claims about code, held against the facts.

A claim is found by its wording and compared only with what the syntax tree proves. A reversed
relation ("smaller" for "larger") is found by nothing here; that is why an explanation is labelled
as the model's reading.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from procoder_tutor.facts.model import Facts
from procoder_tutor.vocabulary import Vocabulary

FUNCTIONS = ("function", "method")
_TYPE_WORDS = {
    "list": ("list", "sequence", "iterable", "collection"),
    "dict": ("dict", "mapping"),
    "dictionary": ("dict", "mapping"),
    "set": ("set",),
    "tuple": ("tuple",),
    "string": ("str",),
    "integer": ("int",),
    "boolean": ("bool",),
    "float": ("float",),
}
_FOREIGN = re.compile(
    r"\b(files?|databases?|caches?|threads?|networks?|servers?|sockets?|passwords?|emails?"
    r"|requests?|https?|html|xml|sql|csv|json|regex(?:es)?|encrypt\w*|gui|time-?outs?"
    r"|logging|log file|environment variables?|images?|api)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:not|never|no|without|nothing|neither|instead of)\b|n't", re.IGNORECASE)
_RAISES = re.compile(r"\b(?:raises?|raising|throws?|throwing)\b", re.IGNORECASE)
_EXCEPTION = re.compile(r"\b[A-Z]\w*(?:Error|Exception|Warning|Interrupt|Exit|Iteration)\b")
_RETURNS = re.compile(r"\breturn(?:s|ed|ing)?\b", re.IGNORECASE)
_RETURNS_NONE = re.compile(r"\breturn(?:s|ing)? (?:`?None`?\b|nothing\b)(?! if)", re.IGNORECASE)
_RETURNS_TYPE = re.compile(
    r"\breturn(?:s|ing)? (?:an? |the )?(?:new |sorted |single )?(" + "|".join(_TYPE_WORDS) + r")\b",
    re.IGNORECASE,
)
_MUTATES = re.compile(
    r"\b(?:in[- ]place|modif(?:y|ies|ying)|mutat(?:e|es|ing)|side[- ]effects?)\b", re.IGNORECASE
)
_RECURSION = re.compile(r"\brecurs(?:ive|ively|ion|es)\b|\bcalls itself\b", re.IGNORECASE)
_YIELDS = re.compile(r"\b(?:yields?|yielding|generator)\b", re.IGNORECASE)
_ASYNC = re.compile(r"\b(?:asynchronous(?:ly)?|coroutine)\b", re.IGNORECASE)
_IDLE = re.compile(r"\b(?:does nothing|do nothing|no operation)\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.`])\d+(?:\.\d+)?(?![\w`])")
_ALWAYS_KNOWN = frozenset({"0", "1", "2"})


@dataclass(frozen=True, slots=True)
class Claim:
    """A testable claim in a sentence; `contradiction` is empty when the facts bear it out."""

    about: str
    contradiction: str = ""


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence as the detectors look at it."""

    text: str
    prose: str
    """The text with its code spans blanked."""
    negated: bool

    def states(self, wording: "re.Pattern[str]") -> bool:
        """Tell whether the wording occurs and is not denied."""
        return bool(wording.search(self.prose)) and not self.negated


def claims(sentence: str, facts: Facts, vocabulary: Vocabulary) -> Iterator[Claim]:
    """Find the claims of a sentence; words inside its code spans do not count as wording."""
    prose = re.sub(r"`[^`]*`", "`x`", sentence)
    said = _Said(sentence, prose, negated=bool(_NEGATED.search(prose)))
    if facts.kind in FUNCTIONS:
        for detector in _DETECTORS:
            yield from detector(said, facts)
    for match in _NUMBER.finditer(prose):
        number = match.group()
        known = number in vocabulary.numbers or number in _ALWAYS_KNOWN
        yield Claim("number", "" if known else f"{number} is not in the code")
    for match in _FOREIGN.finditer(prose):
        word = match.group()
        known = any(vocabulary.mentions(part) for part in word.split())
        yield Claim("concept", "" if known else f"the code has no {word}")


def _raising(said: _Said, facts: Facts) -> Iterator[Claim]:
    if not _RAISES.search(said.prose):
        return
    raised = {item.exception.rpartition(".")[2] for item in facts.raises}
    named = set(_EXCEPTION.findall(said.text)) - raised
    if said.negated:
        return
    if not raised:
        yield Claim("raise", "it raises nothing itself")
    elif named and "re-raise" not in raised:
        yield Claim("raise", f"it does not raise {', '.join(sorted(named))}")
    else:
        yield Claim("raise")


def _returning(said: _Said, facts: Facts) -> Iterator[Claim]:
    if not _RETURNS.search(said.prose):
        return
    values = [item.expression for item in facts.returns if item.expression not in {None, "None"}]
    if facts.yields:
        return
    if _RETURNS_NONE.search(said.text):
        nothing = len(values) < len(facts.returns) or not values
        yield Claim("return", "" if nothing else "it returns a value")
    elif not values and not said.negated:
        yield Claim("return", "it returns nothing")
    else:
        yield Claim("return", _wrong_type(said.prose, facts, values))


def _wrong_type(prose: str, facts: Facts, values: Sequence[str | None]) -> str:
    """Compare a claimed builtin type with the known one, where both are sure."""
    match = _RETURNS_TYPE.search(prose)
    known = (facts.return_type or "").lower()
    if match is None or not known or not values:
        return ""
    claimed = _TYPE_WORDS[match.group(1).lower()]
    sure = re.match(r"(?:builtins\.)?(list|dict|set|tuple|str|int|bool|float|bytes)\b", known)
    if sure is None or "|" in known or any(name in known for name in claimed):
        return ""
    return f"it returns {facts.return_type}"


def _mutating(said: _Said, facts: Facts) -> Iterator[Claim]:
    if not _MUTATES.search(said.prose):
        return
    if said.negated:
        yield Claim("mutation", f"it changes {facts.mutates[0].name}" if facts.mutates else "")
    else:
        yield Claim("mutation", "" if facts.mutates else "it changes nothing outside itself")


def _recursing(said: _Said, facts: Facts) -> Iterator[Claim]:
    if said.states(_RECURSION):
        yield Claim("recursion", "" if facts.recursion else "it does not call itself")


def _yielding(said: _Said, facts: Facts) -> Iterator[Claim]:
    lazy = any(word in (facts.return_type or "") for word in ("Generator", "Iterator"))
    lazy = lazy or any((item.expression or "").startswith("(") for item in facts.returns)
    if said.states(_YIELDS):
        yield Claim("yield", "" if facts.yields or lazy else "it is no generator")


def _awaiting(said: _Said, facts: Facts) -> Iterator[Claim]:
    if said.states(_ASYNC):
        yield Claim("async", "" if facts.is_async else "it is not asynchronous")


def _idling(said: _Said, facts: Facts) -> Iterator[Claim]:
    busy = facts.calls or facts.returns or facts.mutates or facts.raises or facts.yields
    if _IDLE.search(said.prose):
        yield Claim("action", "it does something" if busy else "")


_DETECTORS: tuple[Callable[[_Said, Facts], Iterator[Claim]], ...] = (
    _raising,
    _returning,
    _mutating,
    _recursing,
    _yielding,
    _awaiting,
    _idling,
)
