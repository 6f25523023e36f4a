"""Tells fenced code from prose while text streams in. Source: CommonMark 0.31, section 4.5."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_OPENS = re.compile(r" {0,3}(?P<marks>`{3,}|~{3,})(?P<info>[^`\n]*)$")
_MAY_OPEN = re.compile(r" {0,3}(?:`[^\n]*|~[^\n]*)?$")
"""The beginning of a line that may yet become a fence."""


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A fenced block of Markdown."""

    language: str
    """First word of its info string, lower-case; empty where it has none."""
    code: str


@dataclass(slots=True)
class FenceSplitter:
    """Takes pieces of text; gives prose as soon as it cannot be a fence, and whole blocks."""

    _line: str = ""
    """The beginning of a line that was not given away yet."""
    _inside: bool = False
    """Part of the line was given away already, so that no fence can begin in it."""
    _marks: str = ""
    """The marks that opened the block we are in; empty outside."""
    _language: str = ""
    _code: list[str] = field(default_factory=list)

    def feed(self, text: str) -> Iterator[str | CodeBlock]:
        """Yield prose, in pieces as they come, and the blocks that `text` completes."""
        self._line += text
        while "\n" in self._line:
            line, _, self._line = self._line.partition("\n")
            yield from self._take(line)
            self._inside = False
        if self._line and not self._marks and (self._inside or not _MAY_OPEN.match(self._line)):
            yield self._line
            self._line, self._inside = "", True

    def flush(self) -> Iterator[str | CodeBlock]:
        """Yield what is left; a block that was not closed ends with the text."""
        if self._line:
            line, self._line = self._line, ""
            yield from self._take(line)
        if self._marks:
            yield self._block()

    def _take(self, line: str) -> Iterator[str | CodeBlock]:
        if self._marks:
            if _closes(line, self._marks):
                yield self._block()
            else:
                self._code.append(line)
        elif not self._inside and (match := _OPENS.match(line)):
            self._marks = match["marks"]
            self._language = (match["info"].split() or [""])[0].lower()
        else:
            yield f"{line}\n"

    def _block(self) -> CodeBlock:
        block = CodeBlock(self._language, "\n".join(self._code))
        self._marks, self._code = "", []
        return block


def _closes(line: str, marks: str) -> bool:
    bare = line.strip()
    return len(bare) >= len(marks) and not bare.strip(marks[0])
