"""The text as models read it: without what costs tokens and says nothing.

Byte order mark, carriage returns, tabs, common indentation, trailing space, lone surrogates and
huge literals go; every change is an edit that remembers where it was made, so that any place of
the result leads back to the original text.
"""

import ast
import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

from procoder_tutor.parsing import parse_fragment
from procoder_tutor.positions import (
    BOM,
    LONE_SURROGATE,
    REPLACEMENT,
    Position,
    SourceText,
    split_lines,
)

TAB_WIDTH = 4
MAX_STRING = 1_000
MAX_DISPLAY = 1_000
_KEPT_OF_STRING = 60
_KEPT_ELEMENTS = 3

_CR = re.compile(r"\r\n?")
_TRAILING = re.compile(r"(?<!\\)[ \t\f]+(?=\n|\Z)")
_LEADING = re.compile(r"^[ \t\f]*\t[ \t\f]*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `[start, end)` of a text, in code points."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class _Pass:
    """One round of edits: where kept stretches begin after and before it."""

    after: tuple[int, ...]
    before: tuple[int, ...]
    lengths: tuple[int, ...]

    def back(self, offset: int) -> int:
        """Offset before this pass; inside a replacement, where the replaced text began or ended."""
        index = bisect_right(self.after, offset) - 1
        inside = offset - self.after[index]
        return self.before[index] + min(inside, self.lengths[index])


@dataclass(frozen=True, slots=True)
class Normalized:
    """A normalized text and the way back."""

    text: str
    line_map: tuple[int, ...]
    """Line of the original, 1-based, for every line of `text`."""
    _passes: tuple[_Pass, ...]
    _starts: tuple[int, ...]
    _original_starts: tuple[int, ...]

    def original_line(self, line: int) -> int:
        """Line of the original that a line of `text` came from; clamped to the text."""
        return self.line_map[min(max(line, 1), len(self.line_map)) - 1]

    def original_position(self, line: int, column: int) -> Position:
        """Place in the original of a place in `text` (1-based line, 0-based column)."""
        index = min(max(line, 1), len(self._starts)) - 1
        stop = self._starts[index + 1] - 1 if index + 1 < len(self._starts) else len(self.text)
        offset = self._back(min(self._starts[index] + max(column, 0), stop))
        number = bisect_right(self._original_starts, offset)
        return Position(number, offset - self._original_starts[number - 1])

    def _back(self, offset: int) -> int:
        for step in reversed(self._passes):
            offset = step.back(offset)
        return offset


def normalize(text: str, *, first_line: int = 1, last_line: int | None = None) -> Normalized:
    """Normalize a text, or some of its lines (1-based, inclusive) as a text of their own."""
    passes: list[_Pass] = []
    current = text
    for find in (_select(first_line, last_line), _bytes, _spaces, _elisions, _dedent):
        edits = find(current)
        current, step = _apply(current, edits)
        passes.append(step)
    starts = _line_starts(current)
    original_starts = _original_line_starts(text)
    unmapped = Normalized(current, (), tuple(passes), starts, original_starts)
    lines = tuple(unmapped.original_position(n, 0).line for n in range(1, len(starts) + 1))
    return Normalized(current, lines, tuple(passes), starts, original_starts)


def _apply(text: str, edits: list[Edit]) -> tuple[str, _Pass]:
    pieces: list[str] = []
    after, before, lengths = [0], [0], [0]
    at = length = 0
    for edit in edits:
        kept = edit.start - at
        pieces += [text[at : edit.start], edit.replacement]
        after.append(length)
        before.append(at)
        lengths.append(kept)
        length += kept
        after.append(length)
        before.append(edit.start)
        lengths.append(0)
        length += len(edit.replacement)
        at = edit.end
    pieces.append(text[at:])
    after.append(length)
    before.append(at)
    lengths.append(len(text) - at)
    return "".join(pieces), _Pass(tuple(after), tuple(before), tuple(lengths))


def _select(first: int, last: int | None) -> Callable[[str], list[Edit]]:
    def find(text: str) -> list[Edit]:
        starts = _original_line_starts(text)
        edits: list[Edit] = []
        if first > 1:
            edits.append(Edit(0, starts[min(first, len(starts)) - 1], ""))
        if last is not None and last < len(starts):
            end = max(starts[last], edits[0].end if edits else 0)
            edits.append(Edit(end, len(text), ""))
        return edits

    return find


def _bytes(text: str) -> list[Edit]:
    edits = [Edit(0, 1, "")] if text.startswith(BOM) else []
    edits += [Edit(m.start(), m.end(), "\n") for m in _CR.finditer(text)]
    edits += [Edit(m.start(), m.end(), REPLACEMENT) for m in LONE_SURROGATE.finditer(text)]
    return sorted(edits, key=lambda edit: edit.start)


def _spaces(text: str) -> list[Edit]:
    inside = _string_lines(text)
    starts = _line_starts(text)
    leading = [
        Edit(match.start(), match.end(), match[0].expandtabs(TAB_WIDTH))
        for match in _LEADING.finditer(text)
        if bisect_right(starts, match.start()) not in inside
    ]
    trailing = [
        Edit(match.start(), match.end(), "")
        for match in _TRAILING.finditer(text)
        if bisect_right(starts, match.start()) + 1 not in inside
    ]
    blank = {edit.end for edit in trailing}
    return _disjoint([*(edit for edit in leading if edit.end not in blank), *trailing])


def _elisions(text: str) -> list[Edit]:
    if len(text) <= min(MAX_STRING, MAX_DISPLAY):
        return []
    tree = parse_fragment(text) or parse_fragment("if True:\n" + text)
    if tree is None:
        return []
    shift = 0 if parse_fragment(text) is not None else 1
    if shift:
        ast.increment_lineno(tree, -1)
    source = SourceText(text)
    starts = _line_starts(text)
    edits: list[Edit] = []
    inside_f_strings = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }
    for node in ast.walk(tree):
        replacement = None if id(node) in inside_f_strings else _elided(source, node)
        if replacement is not None:
            start, end = source.span(node)
            edits.append(
                Edit(
                    starts[start.line - 1] + start.column,
                    starts[end.line - 1] + end.column,
                    replacement,
                )
            )
    return _disjoint(edits)


def _elided(source: SourceText, node: ast.AST) -> str | None:
    """Valid Python that stands for a huge literal, or None for any other node."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        if len(node.value) <= MAX_STRING:
            return None
        kept, note = node.value[:_KEPT_OF_STRING], f"... {len(node.value):,} in all"
        return repr(kept + note if isinstance(kept, str) else kept + note.encode())
    if not isinstance(node, ast.List | ast.Set | ast.Tuple | ast.Dict):
        return None
    elements = list(node.keys) if isinstance(node, ast.Dict) else list(node.elts)
    text = source.slice(node)
    if len(text) <= MAX_DISPLAY or len(elements) <= _KEPT_ELEMENTS:
        return None
    return _elided_display(source, node, text)


def _elided_display(
    source: SourceText, node: ast.List | ast.Set | ast.Tuple | ast.Dict, text: str
) -> str | None:
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        kept = [
            f"{source.slice(key)}: {source.slice(value)}" if key else f"**{source.slice(value)}"
            for key, value in list(pairs)[:_KEPT_ELEMENTS]
        ]
        inner, count = ", ".join([*kept, "...: ..."]), len(node.keys)
    else:
        kept = [source.slice(element) for element in node.elts[:_KEPT_ELEMENTS]]
        inner, count = ", ".join([*kept, "..."]), len(node.elts)
    if sum(map(len, kept)) > MAX_DISPLAY or "\n" in inner or count <= _KEPT_ELEMENTS:
        return None
    if isinstance(node, ast.Tuple) and not text.startswith("("):
        return inner
    return text[0] + inner + text[-1]


def _dedent(text: str) -> list[Edit]:
    protected = _string_lines(text)
    starts = _line_starts(text)
    lines = split_lines(text)
    indents = [
        len(line) - len(line.lstrip(" "))
        for number, line in enumerate(lines, 1)
        if line.strip() and number not in protected
    ]
    common = min(indents, default=0)
    if not common:
        return []
    return [
        Edit(start, start + common, "")
        for start, line in zip(starts, lines, strict=True)
        if line.startswith(" " * common)
    ]


def _disjoint(edits: list[Edit]) -> list[Edit]:
    """Sort, and of edits that overlap keep the outermost."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda e: (e.start, -e.end)):
        if edit.start < edit.end and (not kept or edit.start >= kept[-1].end):
            kept.append(edit)
    return kept


def _string_lines(text: str) -> frozenset[int]:
    """Lines that begin inside a string: spaces there and before them are part of a value."""
    if "'''" not in text and '"""' not in text and "\\\n" not in text:
        return frozenset()
    tree, shift = parse_fragment(text), 0
    if tree is None:
        tree, shift = parse_fragment("if True:\n" + text), 1
    if tree is None:
        return frozenset()
    lines: set[int] = set()
    for node in ast.walk(tree):
        is_string = isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
        if is_string or isinstance(node, ast.JoinedStr):
            first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
            lines.update(range(first + 1 - shift, last + 1 - shift))
    return frozenset(lines)


def _line_starts(text: str) -> tuple[int, ...]:
    return tuple(accumulate((len(line) + 1 for line in text.split("\n")[:-1]), initial=0))


def _original_line_starts(text: str) -> tuple[int, ...]:
    return (0, *(match.end() for match in re.finditer(r"\r\n?|\n", text)))
