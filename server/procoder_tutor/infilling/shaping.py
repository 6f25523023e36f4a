"""What of a model's text is shown: to a sensible end, nothing twice, nothing that breaks code."""

import re
from collections.abc import Iterator

from procoder_tutor.infilling.gap import Gap
from procoder_tutor.parsing import parse
from procoder_tutor.positions import SourceText

_INDENT = re.compile(r"[ \t]*")
_OPENING, _CLOSING = "([{", ")]}"


def has_ended(gap: Gap, text: str) -> bool:
    """Tell whether more text of the model would not be shown."""
    return len(block(gap, text)) < len(text)


def block(gap: Gap, text: str) -> str:
    """Return the beginning of a text that belongs to the gap's block, up to a blank line.

    Where something follows on the gap's line, that is the rest of the line.
    """
    first, *more = text.split("\n")
    if gap.within_line:
        return first
    outer = len(_indent(gap.line))
    opens = (gap.line + first).rstrip().endswith(":")
    kept = [first]
    for number, line in enumerate(more, 1):
        unfinished = number == len(more) and not line.strip()
        depth = len(_indent(line))
        if not unfinished and (not line.strip() or depth < outer or (opens and depth <= outer)):
            break
        kept.append(line)
    return "\n".join(kept)


def shaped(gap: Gap, text: str, *, cut_off: bool) -> str:
    """Return what is to be shown of a text; empty when nothing is.

    `cut_off` says that the model was not done: then the last line may be half a line.
    """
    kept = block(gap, text)
    lines = kept.split("\n")
    if cut_off and kept == text and len(lines) > 1:
        lines.pop()
    lines = _without_repeated_lines(gap, lines)
    return next((shown for shown in _attempts(gap, lines) if _is_better(gap, shown)), "")


def _attempts(gap: Gap, lines: list[str]) -> Iterator[str]:
    """Yield the lines, then fewer of them."""
    joins = gap.rest[:1].isidentifier()
    for count in range(len(lines), 0, -1):
        text = "\n".join(lines[:count])
        shown = _without_rest(gap, text if joins else text.rstrip())
        if shown.strip():
            yield shown


def _without_repeated_lines(gap: Gap, lines: list[str]) -> list[str]:
    """Leave out what begins with the line that follows the gap anyway."""
    following = (line.strip() for line in gap.after.split("\n")[1:])
    repeated = next(filter(None, following), None)
    own_line = not gap.line.strip()
    for number, line in enumerate(lines):
        if line.strip() == repeated and (number or own_line):
            return lines[:number]
    return lines


def _without_rest(gap: Gap, text: str) -> str:
    """Leave out the end of a text that the rest of the gap's line says again.

    A bracket that the text itself has opened is its own.
    """
    rest = gap.rest.rstrip()
    for length in range(min(len(rest), len(text)), 0, -1):
        head = text[:-length]
        if text.endswith(rest[:length]) and (_depth(head) <= 0 or _depth(head) <= _depth(text)):
            return head
    return text


def _is_better(gap: Gap, text: str) -> bool:
    """Tell whether the code parses as well with a text as without it: as far, at least."""
    after = _error(gap.before + text + gap.after)
    if after is None:
        return True
    before = _error(gap.before + gap.after)
    if before is None:
        return False
    moved = before + len(text) if before >= len(gap.before) else before
    return after >= moved


def _error(code: str) -> int | None:
    """Return where code does not parse, as an offset; None when it does."""
    source = SourceText(code)
    error = parse(source).error
    if error is None:
        return None
    return sum(len(line) + 1 for line in source.lines[: error.line - 1]) + error.column


def _depth(text: str) -> int:
    """Return how many brackets a text leaves open, strings not regarded."""
    return sum(text.count(c) for c in _OPENING) - sum(text.count(c) for c in _CLOSING)


def _indent(line: str) -> str:
    match = _INDENT.match(line)
    return match[0] if match else ""
