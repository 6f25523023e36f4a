"""Claims of the form "if this, then that", held against the branches of the code."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from procoder_tutor.checking.predicates import may_mean, predicate_of, stems_of
from procoder_tutor.checking.reading.branches import Branch
from procoder_tutor.checking.reading.code import Code
from procoder_tutor.checking.said import Claim, Said

_IF_THEN = re.compile(
    r"\b(?:if|when) (?P<condition>[^,]+?)"
    r"(?:, (?:then )?|,? then | (?=it (?:returns|raises)\b))(?P<outcome>.+)$"
)
_THEN_IF = re.compile(r"^(?P<outcome>.+?),? (?:if|when|whenever) (?P<condition>[^,]+?)[.,]?$")
_CHECKS_IF = re.compile(
    r"\b(?:checks?|checking|verif(?:y|ies)|determin(?:es|ing)|tests|ensures) (?:if|whether|that)"
    r" (?P<condition>[^,;]+?)(?: and (?=if|returns|raises)|(?= using| by |,|;|\.\s|\.?$))"
    r"(?P<outcome>(?:returns|raises)[^,;]*)?"
)
_OTHERWISE = re.compile(r",? (?:and|otherwise|or|else)\b.*$")
_REFERS_BACK = re.compile(
    r"^(?:if|when) (?P<what>so|not|(?:it|they|this|that|these|the (?:condition|check))"
    r"(?:'s| is| are| does| do|isn't|aren't)?(?P<not> not)?(?: true| false| met)?)$"
)
_NO_CONDITION = re.compile(
    r"\b(?:called|invoked|executed|run|needed|necessary|possible|iterating|created|used|made"
    r"|scheduled)\b"
)
_OF_A_TYPE = re.compile(
    r"\b(?:is|are) (?:not )?an? (?:valid )?(?:python )?"
    r"(?:string|list|integer|dictionary|tuple|set|float|date|function|number)$"
)
_TYPE_TESTS = frozenset(
    {"call:isinstance", "call:type", "call:callable", "call:hasattr", "except", "match",
     "call:issubclass", "method:isdigit", "method:isnumeric"}
)  # fmt: skip
_LOOKS_UP = frozenset(
    {"method:get", "method:setdefault", "method:pop", "call:get", "call:next", "except", "try"}
)
"""Labels of code that finds out whether something is there without a comparison."""
_DECIDES = frozenset({"condition", "op:Mod", "call:min", "call:max", "slice"})
"""Labels of code that does one thing or another without a branch."""
_DENIED = re.compile(r"\b(?:not|never|without)\b|n't\b")
_CONSTANT = re.compile(r"\breturns? (?:the (?:value|boolean) )?(true|false|none|-?\d+(?:\.\d+)?)\b")
_OUTCOMES: tuple[tuple["re.Pattern[str]", frozenset[str]], ...] = (
    (re.compile(r"\b(?:raises?|raising|throws?)\b"), frozenset({"raise"})),
    (re.compile(r"\b(?:returns?|returning|returned)\b"), frozenset({"return", "value", "yield"})),
    (re.compile(r"\bbreaks?\b"), frozenset({"break", "return"})),
    (re.compile(r"\bappend(?:s|ed)?\b"), frozenset({"append", "extend", "yield"})),
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition in words, e.g. `the list is empty`, or its denial."""

    text: str
    denied: bool = False


def condition_claims(said: Said, code: Code, before: Condition | None = None) -> Iterator[Claim]:
    """Find conditions with what is said to follow, or without.

    `before` is the condition of the sentence before, which `If it is, …` speaks of.
    """
    checks = list(_CHECKS_IF.finditer(said.plain))
    for match in checks:
        yield Claim("condition", _wrong_check(match, code))
    found = _parts(said)
    if checks or found is None:
        return
    condition, outcome = found
    if not code.branches and not code.traits & (_LOOKS_UP | _DECIDES):
        yield Claim("condition", "the code decides nothing")
    elif condition is None:
        yield Claim("condition", _wrong_reference(said, outcome, code, before))
    else:
        yield Claim("condition", _wrong(Condition(condition), outcome, code))


def condition_in(said: Said) -> Condition | None:
    """Return the condition that the next sentence may refer back to."""
    if match := _CHECKS_IF.search(said.plain):
        return Condition(match.group("condition"))
    found = _parts(said)
    return Condition(found[0]) if found and found[0] else None


def refers_back(said: Said) -> bool:
    """Tell whether a sentence begins with a condition that only the one before explains."""
    found = _parts(said)
    starts = said.plain.startswith(("if ", "when ", "otherwise"))
    return starts and (said.plain.startswith("otherwise") or bool(found and found[0] is None))


def _parts(said: Said) -> tuple[str | None, str] | None:
    """Return condition and outcome of a conditional sentence; None for one that refers back."""
    found = _IF_THEN.search(said.plain) or _THEN_IF.search(said.plain.rstrip("."))
    if found is None:
        return None
    condition = found.group("condition").strip()
    if _NO_CONDITION.search(condition):
        return None
    outcome = _OTHERWISE.sub("", found.group("outcome")).rstrip(".")
    return (None if _REFERS_BACK.match(f"if {condition}") else condition), outcome


def _wrong_reference(said: Said, outcome: str, code: Code, before: Condition | None) -> str:
    """Judge `If it is, …` by the condition before it."""
    if before is None:
        starts = said.plain.startswith(("if ", "when "))
        return (
            "it does not say what is tested"
            if starts
            else _unsupported(outcome, code.branches, code)
        )
    denied = bool(re.match(r"(?:if|when) (?:not|[^,]*\bnot\b|[^,]*n't\b)", said.plain))
    return _wrong(Condition(before.text, denied), outcome, code)


def _wrong(condition: Condition, outcome: str, code: Code) -> str:
    if _OF_A_TYPE.search(condition.text) and not code.traits & _TYPE_TESTS:
        return "the code tests no type"
    predicate = predicate_of(condition.text, denied=condition.denied)
    if predicate is None:
        return _unsupported(outcome, code.branches, code)
    if predicate in {"in", "not in"} and code.traits & _LOOKS_UP:
        return ""
    for derived in (False, True):
        matching = [
            branch
            for branch in code.branches
            if _is_about(branch, predicate, condition.text, code, derived=derived)
        ]
        if matching:
            return _unsupported(outcome, matching, code)
    if predicate in {"given", "not given"} and "default" in outcome:
        return ""
    return f"the code does not test whether {condition.text}" if code.branches else ""


def _is_about(branch: Branch, predicate: str, condition: str, code: Code, *, derived: bool) -> bool:
    return any(may_mean(predicate, condition, test, code, derived=derived) for test in branch.tests)


def _wrong_check(match: "re.Match[str]", code: Code) -> str:
    """What is said to be checked must be tested somewhere, where the code's names are used."""
    condition, outcome = match.group("condition"), match.group("outcome")
    predicate = predicate_of(condition)
    if not code.branches:
        return "" if code.naming.called else "the code decides nothing"
    if predicate in {"in", "not in"} and code.traits & _LOOKS_UP:
        return ""
    if predicate is not None and outcome:
        return _wrong(Condition(condition), outcome, code)
    tests = [test for branch in code.branches for test in branch.tests]
    if predicate is None:
        about = stems_of(condition) & code.naming.stems
        known = code.behind(frozenset().union(*(test.words for test in tests)))
        tested = not about or bool(about & known)
    else:
        tested = any(may_mean(predicate, condition, test, code, derived=True) for test in tests)
    return "" if tested else f"the code does not test whether {condition}"


def _unsupported(outcome: str, branches: Sequence[Branch], code: Code) -> str:
    """Say what none of the branches does, though the sentence says so."""
    if _DENIED.search(outcome):
        return ""
    if constant := _CONSTANT.search(outcome):
        value = constant.group(1)
        texts = {text.lower() for branch in branches for text in branch.returned}
        pattern = re.compile(rf"(?<![\w.-]){re.escape(value)}(?![\w.])")
        fits = any(pattern.search(text) for text in texts)
        if value == "none" and "none" in code.traits:
            fits = fits or any(text in code.assigned for text in texts)
        return "" if fits else f"it does not return {value} then"
    for wording, kinds in _OUTCOMES:
        if wording.search(outcome):
            happens = any(branch.outcomes & kinds for branch in branches)
            return "" if happens else f"it does not {min(kinds)} then"
    return ""
