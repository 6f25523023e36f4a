"""A tree of what does parse in a document that, as a whole, does not.

Python's own parser judges every block: a statement that fails is cut down to its header and the
statements of its body that parse, and where not even the header does, to `pass`. Lines and columns
stay where they are, so that every position remains true.
"""

import ast
import re
from dataclasses import dataclass

from procoder_tutor.parsing import parse_fragment
from procoder_tutor.positions import SourceText

_MAX_NESTING = 20
_MAX_PARSES = 2_000
_CONTINUES = re.compile(r"(?:else|elif|except|finally)\b|[)\]}#]")
_HEADER = re.compile(r"(?:class|(?:async\s+)?(?:def|with|for)|while|if|try)\b")
_QUOTES = re.compile(r'"""|' + "'''")


@dataclass(frozen=True, slots=True)
class Recovered:
    """What could be saved: a tree, and the lines that are missing from it."""

    tree: ast.Module
    lost: frozenset[int]


def recover(source: SourceText) -> Recovered:
    """Parse as much of the source as stands on its own; an empty module at worst."""
    repair = _Repair(source.lines)
    repair.block(0, len(source.lines), 0)
    tree = parse_fragment("\n".join(repair.lines))
    if tree is None:
        every_line = frozenset(range(1, source.line_count + 1))
        return Recovered(ast.Module(body=[], type_ignores=[]), every_line)
    return Recovered(tree, frozenset(repair.lost))


class _Repair:
    """Works on a copy of the lines; all indices are 0-based and half open."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = list(lines)
        self.lost: set[int] = set()
        self._parses_left = _MAX_PARSES

    def block(self, start: int, end: int, depth: int) -> None:
        """Keep the statements between the two lines that parse, and cut the others down."""
        indent = self._indent(start, end)
        if indent is None:
            return
        starts = self._statements(start, end, indent)
        position = 0
        while position < len(starts):
            begin = starts[position]
            following = self._statement_end(starts, position, end)
            stop = starts[following] if following < len(starts) else end
            if not self._parses(begin, stop):
                self._cut(begin, stop, indent, depth)
            position = following

    def _indent(self, start: int, end: int) -> str | None:
        for line in self.lines[start:end]:
            stripped = line.lstrip(" \t\f")
            if stripped and not stripped.startswith("#"):
                return line[: len(line) - len(stripped)]
        return None

    def _statements(self, start: int, end: int, indent: str) -> list[int]:
        """Lines that begin a statement of this block; a decorator begins the one it decorates."""
        starts: list[int] = []
        decorated = False
        for index in range(start, end):
            line = self.lines[index]
            rest = line[len(indent) :]
            if not line.startswith(indent) or not rest.strip() or rest[0] in " \t\f":
                continue
            if _CONTINUES.match(rest):
                continue
            if not decorated:
                starts.append(index)
            decorated = rest.startswith("@")
        return starts

    def _statement_end(self, starts: list[int], position: int, end: int) -> int:
        """Index in `starts` of the next statement: a triple-quoted string may swallow some."""
        following = position + 1
        begin = starts[position]
        stop = starts[following] if following < len(starts) else end
        if sum(len(_QUOTES.findall(line)) for line in self.lines[begin:stop]) % 2 == 0:
            return following
        for later in range(following, len(starts) + 1):
            stop = starts[later] if later < len(starts) else end
            if _QUOTES.search("\n".join(self.lines[starts[later - 1] : stop])) and self._parses(
                begin, stop
            ):
                return later
        return following

    def _parses(self, start: int, end: int) -> bool:
        if self._parses_left <= 0:
            return False
        self._parses_left -= 1
        text = "\n".join(self.lines[start:end])
        if self.lines[start][:1] in (" ", "\t", "\f"):
            text = "if True:\n" + text
        return parse_fragment(text) is not None

    def _cut(self, start: int, end: int, indent: str, depth: int) -> None:
        body = self._body_of(start, end, indent) if depth < _MAX_NESTING else None
        if body is None:
            self._drop(start, end, indent)
            return
        self.block(body, end, depth + 1)
        if not self._parses(start, end):
            self._drop(start, end, indent)

    def _body_of(self, start: int, end: int, indent: str) -> int | None:
        """First line of the body of a compound statement whose header parses."""
        header = start
        while header < end and not _HEADER.match(self.lines[header][len(indent) :]):
            header += 1
        for index in range(header + 1, end):
            line = self.lines[index]
            deeper = line.startswith(indent) and line[len(indent) :][:1] in (" ", "\t")
            if deeper and line.strip() and self._header_parses(start, index, indent):
                return index
        return None

    def _header_parses(self, start: int, body: int, indent: str) -> bool:
        if self._parses_left <= 0:
            return False
        self._parses_left -= 1
        lines = [*self.lines[start:body], f"{indent} pass"]
        if self.lines[start][len(indent) :].startswith("try"):
            lines += [f"{indent}finally:", f"{indent} pass"]
        if indent:
            lines.insert(0, "if True:")
        return parse_fragment("\n".join(lines)) is not None

    def _drop(self, start: int, end: int, indent: str) -> None:
        """Replace the lines by one `pass`, which keeps the block around them whole."""
        for index in range(start, end):
            if self.lines[index].strip():
                self.lost.add(index + 1)
            self.lines[index] = ""
        self.lines[start] = f"{indent}pass"
