"""A text as the source of a docstring: wrapped, indented and quoted (PEP 257)."""

import re
import textwrap

from procoder_tutor.edits.text import leading
from procoder_tutor.sanitize import clean

DEFAULT_WIDTH = 88
"""Columns of a line: the default of Black and Ruff."""
_TAB_WIDTH = 4
_MIN_WIDTH = 30
"""Deeply indented text is given at least as many columns."""
_QUOTES = '"""'
_BEFORE_TEXT = len('r"""')
_KEPT = re.compile(r"\s*(>>>|\.\.\. )")


def docstring_lines(text: str, indent: str, width: int = DEFAULT_WIDTH) -> list[str]:
    """Return the lines of a string literal that holds the text; the first is not indented.

    Control characters, outer blank lines and trailing space go; lines longer than `width` columns
    are wrapped, but not those of a doctest. Empty when the text holds nothing.
    """
    room = max(width - len(indent.expandtabs(_TAB_WIDTH)), _MIN_WIDTH)
    lines = _tidy(text)
    if not lines:
        return []
    if len(lines) == 1 and len(lines[0]) + 2 * len(_QUOTES) + 1 <= room:
        return [_quoted(lines[0])]
    wrapped = _wrapped(lines, room)
    quoted = _quoted("\n".join([*wrapped, ""])).split("\n")
    return [quoted[0], *(indent + line if line else "" for line in quoted[1:-1]), indent + _QUOTES]


def _tidy(text: str) -> list[str]:
    lines = [line.expandtabs(_TAB_WIDTH).rstrip() for line in clean(text).split("\n")]
    filled = [number for number, line in enumerate(lines) if line]
    if not filled:
        return []
    first, *rest = lines[filled[0] : filled[-1] + 1]
    below = textwrap.dedent("\n".join(rest)).split("\n") if rest else []
    return [first.lstrip(), *below]


def _wrapped(lines: list[str], room: int) -> list[str]:
    wrapped: list[str] = []
    for number, line in enumerate(lines):
        before = 0 if number else _BEFORE_TEXT
        if before + len(line) <= room or _KEPT.match(line):
            wrapped.append(line)
            continue
        indent = leading(line)
        pieces = textwrap.wrap(
            line.strip(),
            max(room, len(indent) + _MIN_WIDTH),
            initial_indent=" " * before or indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        wrapped += [pieces[0][before:], *pieces[1:]]
    return wrapped


def _quoted(text: str) -> str:
    """Put the text between quotes that it cannot close, raw where that saves escapes."""
    closes = _QUOTES in text or text.endswith('"')
    if "\\" in text and not closes and not text.endswith("\\"):
        return f"r{_QUOTES}{text}{_QUOTES}"
    last = '\\"' if text.endswith('"') else ""
    inner = text[:-1] if last else text
    inner = inner.replace("\\", "\\\\").replace(_QUOTES, '\\"\\"\\"')
    return f"{_QUOTES}{inner}{last}{_QUOTES}"
