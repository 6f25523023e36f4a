"""Finds secrets and personal data in a text, in time linear in its length.

RE2 works on one byte a character, so that its offsets are those of the text: Latin-1, with `?` for
all that lies beyond. A filter over the literals that the patterns require tells in one pass which
patterns may match; only those are run.
"""

import re
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Final

from procoder_tutor.redaction.credentials import CREDENTIAL_RULES
from procoder_tutor.redaction.keys import PRIVATE_KEY_RULES
from procoder_tutor.redaction.personal import PERSONAL_RULES
from procoder_tutor.redaction.placeholders import PLACEHOLDER
from procoder_tutor.redaction.rules import Rule, Span
from procoder_tutor.redaction.vendors import VENDOR_FORMATS

_VENDOR_RULES = tuple(Rule(f.kind, f.pattern) for f in VENDOR_FORMATS)
RULES: Final[tuple[Rule, ...]] = (
    *PRIVATE_KEY_RULES,
    *_VENDOR_RULES,
    *CREDENTIAL_RULES,
    *PERSONAL_RULES,
)
"""In the order of precedence: where two find the same stretch, the first one names it."""

_ESCAPE = re.compile(r"\\[\\nrtfv]")
_LITERALS_AT_ONCE = 200
_MEMORY = 32 << 20
"""Bytes an RE2 program and its cached states may take; so many literals of 512 bytes stay below."""


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of the text that is not to be sent; it holds no text itself."""

    start: int
    end: int
    kind: str
    personal: bool = False


class Matcher:
    """All rules, compiled. Safe to share between threads."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)
        # Loaded with the first text to be redacted: a language server's start does not pay for it.
        self._filter = import_module("re2").Filter()
        for rule in rules:
            self._filter.Add(rule.pattern.encode("latin-1"), _options())
        self._filter.Compile()

    def find(self, text: str) -> list[Found]:
        """Find what the rules take for secret or personal, in no order and with overlaps."""
        text = _without_placeholders(text)
        blanked = _without_escapes(text)
        return [*self._run(text, escapes=True), *self._run(blanked, escapes=False)]

    def _run(self, text: str, *, escapes: bool) -> Iterator[Found]:
        data = text.encode("latin-1", "replace")
        for index in sorted(self._filter.Match(data, potential=True) or ()):
            rule = self._rules[index]
            if rule.keeps_escapes == escapes:
                for start, end in _spans(self._filter.re(index), rule, text, data):
                    yield Found(start, end, rule.kind, rule.personal)


@cache
def matcher() -> Matcher:
    """The matcher of all rules, compiled once a process."""
    return Matcher(RULES)


def find_known(text: str, known: Mapping[str, str]) -> Iterator[Found]:
    """Find known secrets wherever they stand as whole words; `known` maps them to their kinds."""
    if not known:
        return
    text = _without_escapes(_without_placeholders(text))
    data = text.encode("ascii", "replace")
    for regexp in _literals(known):
        for match in regexp.finditer(data):
            start, end = match.span()
            whole = not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())
            if whole and (kind := known.get(text[start:end])):
                yield Found(start, end, kind)


def _literals(known: Iterable[str]) -> list[Any]:
    """Compile alternations of literals, of which the longest match first."""
    re2 = import_module("re2")
    longest_first = sorted(known, key=lambda secret: (-len(secret), secret))
    escaped = [re2.escape(secret.encode("ascii", "replace")) for secret in longest_first]
    starts = range(0, len(escaped), _LITERALS_AT_ONCE)
    batches = (escaped[at : at + _LITERALS_AT_ONCE] for at in starts)
    compiled = [re2.compile(b"|".join(batch), _options()) for batch in batches]
    # Its cache of patterns would outlive the one who may know these secrets.
    re2.purge()
    return compiled


def _without_placeholders(text: str) -> str:
    """Blank the placeholders of earlier redactions: they are no part of any secret."""
    return PLACEHOLDER.sub(lambda match: " " * len(match[0]), text)


def _without_escapes(text: str) -> str:
    """Blank the escapes that stand for white space, so that no letter of theirs joins a secret."""
    return _ESCAPE.sub(lambda match: match[0] if match[0] == r"\\" else "  ", text)


def _options() -> Any:
    re2 = import_module("re2")
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = _MEMORY
    options.log_errors = False
    return options


def _spans(regexp: Any, rule: Rule, text: str, data: bytes) -> Iterator[Span]:
    """Run one rule over the text; `data` is the same text, one byte a character."""
    position = 0
    while (match := regexp.search(data, position)) is not None:
        groups = [match.span(group) for group in range(regexp.groups + 1)]
        position = groups[rule.resume][1]
        for start, end in rule.judge(text, groups):
            position = max(position, end)
            yield start, _past_digits(text, end)


def _past_digits(text: str, end: int) -> int:
    """Take in the digits that follow: behind a placeholder they would belong to its number."""
    while text[end : end + 1] and text[end] in string.digits:
        end += 1
    return end


def merged(found: Iterable[Found]) -> list[Found]:
    """Join overlapping secrets, add the personal data that touches none of them, and sort."""
    every = list(found)
    secrets = _joined(item for item in every if not item.personal)
    personal = _joined(item for item in every if item.personal)
    result = list(secrets)
    at = 0
    for item in personal:
        while at < len(secrets) and secrets[at].end <= item.start:
            at += 1
        if at == len(secrets) or secrets[at].start >= item.end:
            result.append(item)
    return sorted(result, key=lambda item: item.start)


def _joined(found: Iterable[Found]) -> list[Found]:
    """Join overlapping stretches; the longest one names the whole, the first among equals."""
    joined: list[Found] = []
    named_by = 0
    for item in sorted(found, key=lambda item: item.start):
        length = item.end - item.start
        if not joined or item.start >= joined[-1].end:
            joined.append(item)
            named_by = length
            continue
        last = joined[-1]
        kind = item.kind if length > named_by else last.kind
        named_by = max(named_by, length)
        joined[-1] = Found(last.start, max(last.end, item.end), kind, last.personal)
    return joined
