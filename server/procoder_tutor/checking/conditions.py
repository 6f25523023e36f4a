"""Claims of the form "if this, then that", held against the branches of the code."""

import re
from collections.abc import Iterator, Sequence

from procoder_tutor.checking.branches import Branch, Predicate, Test
from procoder_tutor.checking.code import Code
from procoder_tutor.checking.said import Claim, Said
from procoder_tutor.checking.stems import parts_of, stem

_IF = re.compile(
    r"\b(?:if|when) (?P<condition>[^,]+?)(?:, (?:then )?|,? then | (?=it (?:returns|raises)\b))(?P<outcome>.+)$"
)
_OUTCOME_IF = re.compile(r"^(?P<outcome>.+?),? (?:if|when|whenever) (?P<condition>[^,]+?)[.,]?$")
_CHECKS_IF = re.compile(
    r"\b(?:checks?|checking|verif(?:y|ies)|determin(?:es|ing)|tests|ensures) (?:if|whether|that)"
    r" (?P<condition>[^,;]+?)(?: and if | using | by |,|;|\.\s|\.?$)"
)
_OTHERWISE = re.compile(r"(?:,? (?:and|otherwise|or|else)\b.*)$")
_ANAPHORA = re.compile(
    r"^(?:if|when) (?:so|not|it|they|this|that|these|the (?:condition|check))"
    r"(?:'s| is| are| does| do|isn't|aren't)?(?: not| true| false| met)?$"
)
_NO_CONDITION = re.compile(
    r"\b(?:called|invoked|executed|run|needed|necessary|possible|iterating|created|used|made|scheduled)\b"
)
_WORDINGS: tuple[tuple[str, str], ...] = (
    (r"\bis true\b", "true"),
    (r"\bis (?:not true|false)\b", "false"),
    (r"\b(?:no \w+ (?:is|are|was)|(?:not|n't)) (?:been )?(?:provided|specified|given|supplied|set)\b", "not given"),
    (r"\b(?:is|are|was) (?:provided|specified|given|supplied|set)\b", "given"),
    (r"\b(?:not|n't|never) (?:\w+ )?(?:empty|blank)\b", "filled"),
    (r"\bempty\b|\bno (?:more )?\w+ (?:left|remain|are)\b|\bis zero-length\b", "empty"),
    (r"\b(?:not|n't) (?:\w+ ){0,3}?(?:found|present|in|exist|contained|included|there)\b|\bmissing\b"
     r"|\bnew\b|\babsent\b", "not in"),
    (r"\b(?:found|present|exists?|already|contains?|included)\b|\bis in\b|\bare in\b", "in"),
    (r"\b(?:not|n't) (?:equal|the same|match)|\bdiffer|\bdoes not match|\bis not none\b", "different"),
    (r"\bless than or equal|\bat most\b|\bup to\b|\bnot (?:greater|more|larger)|\bno more than\b"
     r"|\bsmaller than or equal|\bnon-?positive\b", "at most"),
    (r"\bgreater than or equal|\bat least\b|\bnot (?:less|smaller)|\bno less than\b|\bor more\b"
     r"|\blarger than or equal|\bnon-?negative\b", "at least"),
    (r"\b(?:greater|larger|more|bigger|higher|longer|later|exceeds?|exceeded|above|over) than\b|\bexceeds?\b"
     r"|\bexceeded\b|\bis positive\b|\bgreater\b|\bis (?:above|after)\b", "greater"),
    (r"\b(?:less|smaller|fewer|lower|shorter|earlier) than\b|\bbelow\b|\bnegative\b|\bless\b"
     r"|\bis before\b", "less"),
    (r"\bis none\b|\bnone\b", "none"),
    (r"\b(?:equal|equals|same|match(?:es)?|identical|is zero|is one|is -?\d+)\b", "equal"),
)  # fmt: skip
_PATTERNS = tuple((re.compile(wording), predicate) for wording, predicate in _WORDINGS)
_ALIKE: dict[str, frozenset[str]] = {
    "empty": frozenset({"empty", "equal", "none", "less", "at most", "false"}),
    "filled": frozenset({"filled", "different", "not none", "greater", "at least"}),
    "in": frozenset({"in", "filled", "equal", "not none", "different"}),
    "not in": frozenset({"not in", "empty", "none", "different", "caught", "equal"}),
    "none": frozenset({"none", "empty"}),
    "equal": frozenset({"equal", "filled", "in", "empty", "caught"}),
    "true": frozenset({"filled", "true", "equal", "not none"}),
    "false": frozenset({"empty", "false", "equal", "none"}),
    "given": frozenset({"filled", "not none", "different", "equal"}),
    "not given": frozenset({"empty", "none", "equal"}),
    "different": frozenset({"different", "not in", "empty", "none", "not none", "filled"}),
    "less": frozenset({"less"}),
    "at most": frozenset({"at most", "equal", "less"}),
    "greater": frozenset({"greater"}),
    "at least": frozenset({"at least", "equal", "greater"}),
}  # fmt: skip
_MIRROR = {"less": "greater", "greater": "less", "at most": "at least", "at least": "at most"}
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
_CONSTANT = re.compile(r"\breturns? (?:the (?:value|boolean) )?(true|false|none|-?\d+(?:\.\d+)?)\b")
_KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    (r"\b(?:raise[sd]?|throws?|raising|throwing)\b", frozenset({"raise"})),
    (r"\b(?:returns?|returning|returned)\b", frozenset({"return", "value", "yield"})),
    (r"\bbreaks?\b", frozenset({"break", "return"})),
    (r"\bappend(?:s|ed)?\b", frozenset({"append", "extend", "yield"})),
)  # fmt: skip
_OUTCOMES = tuple((re.compile(wording), kinds) for wording, kinds in _KINDS)


def condition_claims(said: Said, code: Code) -> Iterator[Claim]:
    """Find conditions with what is said to follow, or without."""
    for match in _CHECKS_IF.finditer(said.plain):
        yield Claim("condition", _untested(match.group("condition"), code))
    if _CHECKS_IF.search(said.plain):
        return
    found = _IF.search(said.plain) or _OUTCOME_IF.search(said.plain.rstrip("."))
    if found is None:
        return
    condition = found.group("condition").strip()
    if _NO_CONDITION.search(condition):
        return
    outcome = _OTHERWISE.sub("", found.group("outcome")).rstrip(".")
    if not code.branches and not code.traits & (_LOOKS_UP | {"condition"}):
        yield Claim("condition", "the code decides nothing")
    elif _ANAPHORA.match(f"if {condition}"):
        yield Claim("condition", _unsupported(outcome, code.branches, code))
    else:
        yield Claim("condition", _wrong(condition, outcome, code))


def _wrong(condition: str, outcome: str, code: Code) -> str:
    predicate = predicate_of(condition)
    named = _stems(condition) & code.name_stems
    if _OF_A_TYPE.search(condition) and not code.traits & _TYPE_TESTS:
        return "the code tests no type"
    if predicate is None:
        return _unsupported(outcome, code.branches, code)
    if predicate in {"in", "not in"} and code.traits & _LOOKS_UP:
        return ""
    matching = [
        branch
        for branch in code.branches
        if any(_same(predicate, condition, test, named, code) for test in branch.tests)
    ]
    if not matching and predicate in {"given", "not given"} and "default" in outcome:
        return ""
    if not matching:
        return f"the code does not test whether {condition}"
    return _unsupported(outcome, matching, code)


def _untested(condition: str, code: Code) -> str:
    """What is said to be checked must be tested somewhere, where the code's names are used."""
    predicate = predicate_of(condition)
    if not code.branches:
        return "" if code.called else "the code decides nothing"
    named = _stems(condition) & code.name_stems
    if predicate in {"in", "not in"} and code.traits & _LOOKS_UP:
        return ""
    tests = [test for branch in code.branches for test in branch.tests]
    if predicate is None:
        about = _stems(condition) & code.name_stems
        known = code.behind(frozenset().union(*(test.words for test in tests)))
        return (
            ""
            if not about or about & known or code.calls_in_tests
            else f"the code does not test whether {condition}"
        )
    if any(_same(predicate, condition, test, named, code) for test in tests):
        return ""
    return f"the code does not test whether {condition}"


def predicate_of(condition: str) -> str | None:
    """Classify an English condition."""
    return next((found for wording, found in _PATTERNS if wording.search(condition)), None)


def _same(predicate: str, condition: str, test: Test, named: frozenset[str], code: Code) -> bool:
    """Tell whether a test of the code may be what a condition speaks of."""
    if named and not named & code.behind(test.words):
        return False
    numbers = set(re.findall(r"-?\d+(?:\.\d+)?", condition))
    if predicate == "equal" and numbers:
        return test.predicate == "equal" and bool(numbers & test.words)
    if predicate not in _MIRROR:
        return test.predicate in _ALIKE[predicate]
    return any(
        turned.predicate in _ALIKE[predicate] and _sides_match(condition, turned, named, code)
        for turned in (test, test.mirrored())
    )


def _sides_match(condition: str, test: Test, named: frozenset[str], code: Code) -> bool:
    """Hold what stands before and after `than` against the two sides of a comparison."""
    before, _, after = condition.partition(" than ")
    if not after:
        return True
    left, right = _stems(before), _stems(after)
    swapped = bool(left & test.right - test.left) and not left & test.left
    swapped = swapped or (bool(right & test.left - test.right) and not right & test.right)
    numbers = set(re.findall(r"-?\d+(?:\.\d+)?", after))
    wrong_number = bool(numbers) and not numbers & test.right
    words = code.behind(test.words)
    foreign = any(side & named and not side & words for side in (left, right))
    return not swapped and not wrong_number and not foreign


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(part) for part in parts_of(text)) | frozenset(text.split())


def _unsupported(outcome: str, branches: Sequence[Branch], code: Code) -> str:
    """Say what none of the branches does, though the sentence says so."""
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
