"""Where an answer points: the code it is about, and the lines that its text names.

A client makes links of them. Labels are as they stand in the Markdown, such as `lines 17-21`.
"""

import re
from collections.abc import Iterator
from typing import Any

from lsprotocol import types
from pygls.workspace import TextDocument

from procoder_server.positions import line_range
from procoder_tutor.facts.model import Facts

_NAMED_LINES = re.compile(
    r"```.*?```|`[^`\n]*`|\b(?P<label>[Ll]ines? (?P<first>\d{1,7})(?:-(?P<last>\d{1,7}))?)\b",
    re.DOTALL,
)
"""Lines that are named; code is passed over, for what stands in it is no word of ours."""


def subject(facts: Facts, text_document: TextDocument) -> dict[str, Any]:
    """Return what an answer is about: its `name`, `kind` and `range`."""
    span = lines_range(text_document, facts.line, facts.end_line)
    return {"name": facts.name, "kind": facts.kind, "range": span}


def references(markdown: str, text_document: TextDocument) -> list[dict[str, Any]]:
    """Return the lines that a text names, once each, as `label` and `range`."""
    found = {label: lines for label, *lines in _named_lines(markdown)}
    known = len(text_document.lines)
    return [
        {"label": label, "range": lines_range(text_document, first, last)}
        for label, (first, last) in found.items()
        if 1 <= first <= last <= known
    ]


def lines_range(text_document: TextDocument, first: int, last: int) -> types.Range:
    """Return the range of some lines (1-based), from the first word to the end of the last."""
    start, end = line_range(text_document, first), line_range(text_document, last)
    return types.Range(start.start, end.end)


def _named_lines(markdown: str) -> Iterator[tuple[str, int, int]]:
    for match in _NAMED_LINES.finditer(markdown):
        if match["label"]:
            first = int(match["first"])
            yield match["label"], first, int(match["last"] or first)
