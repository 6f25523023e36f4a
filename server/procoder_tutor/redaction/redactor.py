"""Redaction: replaces secrets and personal data before a text is sent, stored or logged."""

import re
from dataclasses import dataclass

from procoder_tutor.redaction.matching import Found, find_known, matcher, merged
from procoder_tutor.redaction.placeholders import placeholder, placeholders_in
from procoder_tutor.redaction.restoring import Original, Restorer

_LINE_END = re.compile(r"\r\n?|\n")
_KNOWN_LENGTHS = range(8, 513)
"""Shorter secrets may be ordinary words and longer ones are slow to look for: those are replaced
where they were recognized and nowhere else."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One replacement; it does not hold what was replaced."""

    kind: str
    """A vendor format's kind, or one of the general ones such as `password` and `email`."""
    placeholder: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text that may leave, with as many lines as the original."""

    text: str
    hits: tuple[Hit, ...]
    """In the order of the text; a secret that stands there twice is listed twice."""


class Redactor:
    """Replaces and restores the secrets of one document and the conversation about it.

    The same secret has the same placeholder in all texts, numbered by first appearance. The map
    lives in this object only and is not shown by `repr`; a new one derives the same placeholders
    when the document is redacted first, and again in the same state. Not for use by several threads
    at once.
    """

    def __init__(self) -> None:
        self._originals: dict[str, Original] = {}
        self._placeholders: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._known: dict[str, str] = {}

    def redact(self, text: str) -> Redacted:
        """Replace what is found; secrets that earlier texts disclosed are found anywhere."""
        taken = placeholders_in(text)
        parts: list[str] = []
        hits: list[Hit] = []
        position = 0
        for found in self._find(text):
            secret = text[found.start : found.end]
            name = self._name(secret, found.kind, taken)
            parts += text[position : found.start], name, self._originals[name].line_ends
            hits.append(Hit(found.kind, name))
            position = found.end
        parts.append(text[position:])
        return Redacted("".join(parts), tuple(hits))

    def restore(self, text: str) -> str:
        """Put the secrets back into a whole answer; unknown placeholders stay."""
        restorer = self.restorer()
        return restorer.feed(text) + restorer.flush()

    def restorer(self) -> Restorer:
        """Begin to restore an answer that arrives in pieces."""
        return Restorer(self._originals)

    def _find(self, text: str) -> list[Found]:
        found = matcher().find(text)
        for item in found:
            if _is_telling(text, item):
                self._known.setdefault(text[item.start : item.end], item.kind)
        return merged([*found, *find_known(text, self._known)])

    def _name(self, secret: str, kind: str, taken: frozenset[str]) -> str:
        """Return the secret's placeholder; a new one is none of those the text already holds."""
        if secret in self._placeholders:
            return self._placeholders[secret]
        number = self._counts.get(kind, 0) + 1
        while (name := placeholder(kind, number)) in taken:
            number += 1
        self._counts[kind] = number
        self._placeholders[secret] = name
        self._originals[name] = Original(secret, "".join(_LINE_END.findall(secret)))
        return name


def _is_telling(text: str, found: Found) -> bool:
    """Whether a secret can be told from ordinary words wherever else it stands."""
    secret = text[found.start : found.end]
    words = secret.replace("_", "").isalpha()
    return not found.personal and not words and len(secret) in _KNOWN_LENGTHS
