"""Claims that something is done to something, held against the actions of the code."""

import re
from collections.abc import Iterator

from procoder_tutor.checking.code import Code
from procoder_tutor.checking.said import Claim, Said
from procoder_tutor.checking.stems import parts_of, stem

_OBJECT = r"(?P<what>[^.;:]+?)"
_END = r"(?=,| and (?:then )?(?:\w+s|it)\b| if\b| when\b| to (?:ensure|make|get|find|the end)\b| using\b| by\b|\.(?:\s|$)|;|$)"
_TABLE: tuple[tuple[str, str, str], ...] = (
    # wording, with `what` for what it is done to; verb of actions.py; how to say it
    (rf"(?:iterat(?:es|ing|e)|loop(?:s|ing)?|goes|cycles?) (?:over|through) {_OBJECT}{_END}",
     "iterate", "go through"),
    (rf"(?:updat(?:es|ing)|modif(?:ies|ying)|changes|changing|^update|^modify|^change|resets?) {_OBJECT}{_END}",
     "change", "change"),
    (rf"(?:increment(?:s|ing)?|increas(?:es|ing)) {_OBJECT}{_END}", "increase", "increase"),
    (rf"(?:decrement(?:s|ing)?|decreas(?:es|ing)|reduces) {_OBJECT}{_END}", "decrease", "decrease"),
    (rf"(?:add(?:s|ing)?(?! up)|append(?:s|ing)?|push(?:es|ing)?|insert(?:s|ing)?) [^.;:,]+? (?:to|into)"
     rf" (?!a\b|an\b|each|every){_OBJECT}{_END}", "add", "add to"),
    (rf"(?:remov(?:es|ing)|delet(?:es|ing)|discard(?:s|ing)?|pop(?:s|ping)?) [^.;:,]+? from {_OBJECT}{_END}",
     "remove", "remove from"),
    (rf"(?:subtract(?:s|ing)?|deduct(?:s|ing)?|withdraw(?:s|ing)?) [^.;:,]+? from {_OBJECT}{_END}",
     "remove", "subtract from"),
    (rf"sort(?:s|ing) {_OBJECT}{_END}", "sort", "sort"),
    (rf"(?:sets|^set|setting|you set) {_OBJECT}(?= to\b| based| of\b|\.$|$)", "change", "set"),
    (rf"print(?:s|ing) {_OBJECT}{_END}", "print", "print"),
)  # fmt: skip
_PATTERNS = tuple((re.compile(rf"(?:^|\b){w}"), verb, how) for w, verb, how in _TABLE)
_OWNERS = re.compile(r"\b(?:of|in|within|from|with|based|that|which|where|for|whose)\b.*$")


def deed_claims(said: Said, code: Code) -> Iterator[Claim]:
    """Find what is said to be done to things that have a name in the code."""
    if said.negated:
        return
    for pattern, verb, how in _PATTERNS:
        for match in pattern.finditer(said.plain):
            named = _named(_OWNERS.sub("", match.group("what")), code)
            if not named:
                continue
            done = f"name:{stem(how.split()[0])}" in code.traits or any(
                a.verb == verb and (a.target | a.others) & named for a in code.actions
            )
            what = match.group("what").strip()
            yield Claim("effect", "" if done else f"it does not {how} {what}")


def _named(phrase: str, code: Code) -> frozenset[str]:
    """Stems of a phrase that are words of names that hold values in the code."""
    said = {stem(part) for part in parts_of(phrase)}
    return frozenset(said & code.naming.stems)
