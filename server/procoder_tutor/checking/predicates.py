"""English conditions, classified, and held against the tests of the code."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from procoder_tutor.checking.reading.branches import Test
from procoder_tutor.checking.reading.code import Code
from procoder_tutor.checking.stems import parts_of, stem

_WORDINGS: tuple[tuple[str, str], ...] = (
    ("true", "is true"),
    ("false", "is (?:not true|false)"),
    ("not given", r"(?:no \w+ (?:is|are|was)|(?:not|n't)) (?:been )?(?:provided|specified|given)"),
    ("not given", "(?:not|n't) (?:been )?(?:supplied|set)"),
    ("given", "(?:is|are|was) (?:provided|specified|given|supplied|set)"),
    ("filled", r"(?:not|n't|never) (?:\w+ )?(?:empty|blank)"),
    ("empty", r"empty|no (?:more )?\w+ (?:left|remain|are)"),
    ("not in", r"(?:not|n't) (?:\w+ ){0,3}?(?:found|present|in|exist|contained|included|there)"),
    ("not in", "missing|new|absent"),
    ("in", "found|present|exists?|already|contains?|included"),
    ("in", r"(?:is|are) in(?! \w* ?(?:order|range|place))"),
    ("different", r"(?:not|n't) (?:equal|the same|match)|differ\w*|does not match|is not none"),
    ("at most", "(?:less|smaller) than or equal|at most|up to|not (?:greater|more|larger)"),
    ("at most", "no more than|non-?positive"),
    ("at least", "(?:greater|larger) than or equal|at least|not (?:less|smaller)|no less than"),
    ("at least", "or more|non-?negative"),
    ("greater", "(?:greater|larger|more|bigger|higher|longer|later) than|exceed(?:s|ed)?"),
    ("greater", "is positive|greater|is (?:above|after|over)"),
    ("less", "(?:less|smaller|fewer|lower|shorter|earlier) than|below|negative|less|is before"),
    ("none", "none"),
    ("equal", r"equals?|same|match(?:es)?|identical|is zero|is one|is -?\d+"),
)
"""Predicates and their wordings; the first that occurs in a condition classifies it."""
_PATTERNS = tuple(
    (predicate, re.compile(rf"(?:\b|(?=n't))(?:{wording})\b")) for predicate, wording in _WORDINGS
)
_FITTING: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        said: frozenset(tests.split(", "))
        for said, tests in {
            "true": "filled, true, equal, not none",
            "false": "empty, false, equal, none",
            "given": "filled, not none, different, equal",
            "not given": "empty, none, equal",
            "empty": "empty, equal, none, less, at most, false",
            "filled": "filled, different, not none, greater, at least",
            "in": "in, filled, equal, not none, different",
            "not in": "not in, empty, none, different, caught, equal",
            "none": "none, empty",
            "equal": "equal, filled, in, empty, caught",
            "different": "different, not in, empty, none, not none, filled",
            "less": "less",
            "at most": "at most, equal, less",
            "greater": "greater",
            "at least": "at least, equal, greater",
        }.items()
    }
)
"""Which tests of the code a condition may be a loose name for."""
_OPPOSITE: Mapping[str, str] = MappingProxyType(
    {
        one: other
        for pair in (
            ("true", "false"), ("given", "not given"), ("empty", "filled"), ("in", "not in"),
            ("equal", "different"), ("less", "at least"), ("greater", "at most"),
        )
        for one, other in (pair, pair[::-1])
    }
)  # fmt: skip
_COMPARISONS = frozenset({"less", "greater", "at most", "at least"})
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def predicate_of(condition: str, *, denied: bool = False) -> str | None:
    """Classify a condition such as `the list is empty`; None for what has no common wording."""
    found = next((name for name, wording in _PATTERNS if wording.search(condition)), None)
    return _OPPOSITE.get(found) if denied and found else found


def may_mean(predicate: str, condition: str, test: Test, code: Code, *, derived: bool) -> bool:
    """Tell whether a test of the code may be what a condition speaks of.

    With `derived` the names of the condition may stand behind the variables of the test.
    """
    named = stems_of(condition) & code.naming.stems
    if named and not named & (code.behind(test.words) if derived else test.words):
        return False
    numbers = set(_NUMBER.findall(condition))
    if predicate == "equal" and numbers:
        return test.predicate == "equal" and bool(numbers & test.words)
    if predicate not in _COMPARISONS:
        return test.predicate in _FITTING[predicate]
    return any(
        turned.predicate in _FITTING[predicate] and _sides_match(condition, turned, code)
        for turned in (test, test.mirrored())
    )


def stems_of(text: str) -> frozenset[str]:
    """Return the stems of a text's words, with the words as they are."""
    return frozenset(stem(part) for part in parts_of(text)) | frozenset(text.split())


def _sides_match(condition: str, test: Test, code: Code) -> bool:
    """Hold what stands before and after `than` against the two sides of a comparison."""
    before, _, after = condition.partition(" than ")
    if not after:
        return True
    left, right = stems_of(before), stems_of(after)
    swapped = bool(left & test.right - test.left) and not left & test.left
    swapped = swapped or (bool(right & test.left - test.right) and not right & test.right)
    numbers = set(_NUMBER.findall(after))
    wrong_number = bool(numbers) and not numbers & test.right
    words = code.behind(test.words)
    foreign = any(side & code.naming.stems and not side & words for side in (left, right))
    return not swapped and not wrong_number and not foreign
