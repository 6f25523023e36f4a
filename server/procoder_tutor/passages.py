"""A model's answer cut into prose and code while it streams in.

Prose is checked sentence by sentence, code is shown as a whole. Source of what a fence is:
CommonMark 0.31, section 4.5.
"""

import re
from dataclasses import dataclass

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})([^`]*)$")


@dataclass(frozen=True, slots=True)
class Prose:
    """Part of a line of text, or its end: then `ends` tells."""

    text: str
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """A fenced block: the code between the fences, and the language named."""

    text: str
    language: str


Passage = Prose | Code


class Passages:
    """Takes pieces of text; gives passages as soon as they are certain."""

    def __init__(self) -> None:
        self._line = ""
        self._given = 0
        """Characters of the unfinished line that were given."""
        self._fence: str | None = None
        self._language = ""
        self._code: list[str] = []

    def feed(self, text: str) -> list[Passage]:
        """Return the passages that `text` completes."""
        found: list[Passage] = []
        *lines, rest = (self._line + text).split("\n")
        for line in lines:
            found += self._end(line)
        self._line = rest
        if self._fence is None and rest.lstrip(" ")[:1] not in {"`", "~", ""}:
            found.append(Prose(rest[self._given :]))
            self._given = len(rest)
        return [passage for passage in found if passage != Prose("")]

    def flush(self) -> list[Passage]:
        """Return what is left; code that was not finished is not given."""
        line, self._line = self._line, ""
        return self._end(line) if line or self._fence else []

    def _end(self, line: str) -> list[Passage]:
        """Take a whole line."""
        given, self._given = self._given, 0
        match = _FENCE.match(line)
        if self._fence is not None:
            closes = match is not None and match[1].startswith(self._fence) and not match[2].strip()
            if not closes:
                self._code.append(line)
                return []
            code, self._code, self._fence = "\n".join(self._code), [], None
            return [Code(code, self._language)]
        if match is not None and not given:
            self._fence, self._language = match[1], match[2].strip()
            return []
        return [Prose(line[given:], ends=True)]
