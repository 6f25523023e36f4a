"""Some lines of a document and what a model made of them: the smallest change between the two."""

import difflib
import io
import tokenize
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from procoder_tutor.edits.answers import code_of
from procoder_tutor.edits.model import TextEdit
from procoder_tutor.edits.reindent import reindented
from procoder_tutor.edits.text import OriginalLines, apply_edits, indent_unit, leading
from procoder_tutor.symbols import Document, Symbol
from procoder_tutor.syntax import Definition

_CLOSES = (")", "]", "}", "#")


@dataclass(frozen=True, slots=True)
class Region:
    """Lines of a document, 1-based, inclusive."""

    first: int
    last: int

    def holds(self, line: int) -> bool:
        """Tell whether a line is one of the region's."""
        return self.first <= line <= self.last


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one region of a document, and the document after it."""

    before: Document
    after: Document
    region: Region
    edits: tuple[TextEdit, ...]
    changed_lines: int
    """Lines taken out or put in; a line that became another counts once."""

    @property
    def region_after(self) -> Region:
        """Where the region lies after the change."""
        grown = self.after.source.line_count - self.before.source.line_count
        return Region(self.region.first, self.region.last + grown)


def region_around(document: Document, line: int) -> Region:
    """The innermost definition around a line, or else the statement at the module's top."""
    if document.tree is None:
        return _unindented_block(document.source.lines, line)
    symbol = document.enclosing(line)
    if symbol.kind != "module":
        return Region(symbol.line, symbol.end_line)
    for statement in document.tree.body:
        if statement.lineno <= line <= (statement.end_lineno or statement.lineno):
            return Region(statement.lineno, statement.end_lineno or statement.lineno)
    return Region(line, line)


def _unindented_block(lines: Sequence[str], line: int) -> Region:
    """Lines from one that is not indented to the next such: the parser cannot tell better."""

    def begins(number: int) -> bool:
        text = lines[number - 1]
        return bool(text.strip()) and not leading(text) and not text.startswith(_CLOSES)

    first = last = min(max(line, 1), len(lines))
    while first > 1 and not begins(first):
        first -= 1
    while last < len(lines) and not begins(last + 1):
        last += 1
    while last > first and not lines[last - 1].strip():
        last -= 1
    return Region(first, last)


def change_of(document: Document, region: Region, answer: str) -> Change:
    """Put the code of an answer in place of a region, as the smallest change of lines.

    It is indented like the region. What the answer left out by neglect stays: decorators, blank
    lines, and comments beside or between lines. Raises InputError when the text gets too long.
    """
    original = OriginalLines(document.snapshot.text)
    count = len(original.lines)
    first = min(max(region.first, 1), count)
    region = Region(first, min(max(region.last, first), count))
    old = original.lines[region.first - 1 : region.last]
    indent = leading(next((line for line in old if line.strip()), ""))
    new = reindented(code_of(answer), indent, indent_unit(document))
    new = [*old[: _lost_decorators(document, region, new)], *new]
    edits: list[TextEdit] = []
    changed = 0
    comments = _comments(document.source.lines)
    for start, stop, lines in _differences(old, new):
        at = region.first + start
        kept = _with_comments(old[start:stop], at, lines, comments)
        if kept != old[start:stop]:
            edits.append(original.replace(at, region.first + stop, kept))
            changed += max(stop - start, len(kept))
    text = apply_edits(document.snapshot.text, edits)
    after = Document.parse(replace(document.snapshot, text=text))
    return Change(document, after, region, tuple(edits), changed)


def lost_comments(change: Change) -> list[str]:
    """Comments of the region that are not there any more."""
    before = _comments(change.before.source.lines)
    after = _comments(change.after.source.lines)
    old = Counter(text for line, text in before.items() if change.region.holds(line))
    new = Counter(text for line, text in after.items() if change.region_after.holds(line))
    return list(old - new)


def _lost_decorators(document: Document, region: Region, new: Sequence[str]) -> int:
    """Number of lines with decorators that a region begins with and its new code does not."""
    symbol = _symbol_at(document, region)
    if symbol is None or not new or new[0].lstrip().startswith("@"):
        return 0
    header: int = getattr(symbol.node, "lineno", region.first)
    return header - region.first


def _symbol_at(document: Document, region: Region) -> Symbol | None:
    found = [s for s in document.symbols if (s.line, s.end_line) == (region.first, region.last)]
    return found[0] if found and isinstance(found[0].node, Definition) else None


def _differences(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, list[str]]]:
    """Stretches `[start, stop)` of old lines, each with the lines that take its place."""
    matcher = difflib.SequenceMatcher(
        None, [line.rstrip() for line in old], [line.rstrip() for line in new], autojunk=False
    )
    return [
        (start, stop, list(new[begin:end]))
        for tag, start, stop, begin, end in matcher.get_opcodes()
        if tag != "equal"
    ]


def _with_comments(
    old: Sequence[str], first: int, new: list[str], comments: dict[int, str]
) -> list[str]:
    """Give lines that replace others the blank lines and comments back that they dropped."""
    said = {line.strip() for line in new}
    silent = [line for line in old if _says_nothing(line) and line.strip() not in said]
    if not new:
        return silent
    if _code_lines(old) != _code_lines(new):
        return [*(line for line in silent if line.strip()), *new]
    result: list[str] = []
    waiting = iter(new)
    for number, line in enumerate(old, first):
        if _says_nothing(line):
            result += [line] if line in silent else []
            continue
        for other in waiting:
            comment = comments.get(number, "")
            beside = comment and comment not in other and not _says_nothing(other)
            result.append(f"{other}  {comment}" if beside else other)
            if not _says_nothing(other):
                break
    return [*result, *waiting]


def _code_lines(lines: Sequence[str]) -> int:
    return sum(not _says_nothing(line) for line in lines)


def _says_nothing(line: str) -> bool:
    stripped = line.strip()
    return not stripped or stripped.startswith("#")


def _comments(lines: Sequence[str]) -> dict[int, str]:
    """The comment of each line, as far as the text can be tokenized."""
    found: dict[int, str] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO("\n".join(lines)).readline):
            if token.type == tokenize.COMMENT:
                found[token.start[0]] = token.string
    except (tokenize.TokenError, SyntaxError):
        return found
    return found
