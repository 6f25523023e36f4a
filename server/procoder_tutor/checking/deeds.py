"""Claims that something is done to something, held against the actions of the code."""

import re
from collections.abc import Iterator

from procoder_tutor.checking.predicates import stems_of
from procoder_tutor.checking.reading.code import Code
from procoder_tutor.checking.said import Claim, Said
from procoder_tutor.checking.stems import stem

_END = (
    r"(?=,| and (?:then )?(?:\w+s|it)\b| if\b| when\b| to (?:ensure|make|get|find|the end)\b"
    r"| using\b| by\b|\.(?:\s|$)|;|$)"
)
_ADD = "add(?:s|ing)?(?! up)|append(?:s|ing)?|push(?:es|ing)?|insert(?:s|ing)?"
_REMOVE = "remov(?:es|ing)|delet(?:es|ing)|discard(?:s|ing)?|pop(?:s|ping)?"
_SUBTRACT = "subtract(?:s|ing)?|deduct(?:s|ing)?|withdraw(?:s|ing)?"
_TABLE: tuple[tuple[str, str, str], ...] = (
    # verb of actions.py, how to say it, wording before what it is done to
    ("iterate", "go through", r"(?:iterat|loop|go|cycl)(?:e|es|s|ing|ping)? (?:over|through)"),
    ("change", "change", r"(?:updat|modif|chang)(?:es|ies|ying|ing)|resets?"),
    ("change", "change", r"^(?:update|modify|change)"),
    ("increase", "increase", r"increment(?:s|ing)?|increas(?:es|ing)"),
    ("decrease", "decrease", r"decrement(?:s|ing)?|decreas(?:es|ing)|reduces"),
    ("add", "add to", rf"(?:{_ADD}) [^.;:,]+? (?:to|into)(?= (?!an?\b|each\b|every\b))"),
    ("remove", "remove from", rf"(?:{_REMOVE}) [^.;:,]+? from"),
    ("remove", "subtract from", rf"(?:{_SUBTRACT}) [^.;:,]+? from"),
    ("sort", "sort", r"sort(?:s|ing)"),
    ("print", "print", r"print(?:s|ing)"),
)
_PATTERNS = tuple(
    (re.compile(rf"(?:^|\b)(?:{wording}) (?P<what>[^.;:]+?){_END}"), verb, how)
    for verb, how, wording in _TABLE
)
_EITHER_SIDE = frozenset({"print", "iterate"})
"""Verbs of which arguments, or the loop's own variables, may be named as the object."""
_SETS = re.compile(
    r"(?:^|\b)(?:sets|^set|setting|you set) (?P<what>[^.;:]+?)(?= to\b| based| of\b|\.$|$)"
)
_FURTHER = re.compile(r"\b(?:of|in|within|from|with|based|that|which|where|for|whose)\b.*$")


def deed_claims(said: Said, code: Code) -> Iterator[Claim]:
    """Find what is said to be done to things that have a name in the code."""
    if said.negated:
        return
    for pattern, verb, how in (*_PATTERNS, (_SETS, "change", "set")):
        for match in pattern.finditer(said.plain):
            what = match.group("what").strip()
            named = stems_of(_FURTHER.sub("", what)) & code.naming.stems
            if named:
                done = _does(verb, how, named, code)
                yield Claim("effect", "" if done else f"it does not {how} {what}")


def _does(verb: str, how: str, named: frozenset[str], code: Code) -> bool:
    """Tell whether the code does that to one of the names, or has a function named so."""
    if f"name:{stem(how.split(maxsplit=1)[0])}" in code.traits:
        return True
    for action in code.actions:
        touched = action.target | action.others if verb in _EITHER_SIDE else action.target
        if action.verb == verb and touched & named:
            return True
    return False
