"""Places of the code: sentences and numbers that highlight lines in the editor."""

import re
from collections.abc import Sequence
from typing import Literal

import streamlit as st

from procoder_companion.safe_markdown import safe_markdown
from procoder_companion.state import Code
from procoder_companion.values import Lines, Step

_REFERENCE = re.compile(r"\blines?\s+(\d{1,6})(?:\s*(?:-|\u2013|to)\s*(\d{1,6}))?")
_MOST = 12
"""References of one text that are offered."""
_LINK_WIDTH = 56
"""Pixels: lines up the sentences of a list."""
_INDENT, _DEEPEST = "&emsp;", 3


def references(text: str) -> tuple[Lines, ...]:
    """Return the lines that a text names, each once, the first ones first."""
    found = set()
    for match in _REFERENCE.finditer(text):
        first, last = int(match[1]), int(match[2] or match[1])
        if first <= last:
            found.add((first, last))
    ordered = sorted(found)[:_MOST]
    return tuple(Lines(line=first, end_line=last) for first, last in ordered)


def reference_links(code: Code, text: str, key: str) -> None:
    """Offer to show the lines that a text names."""
    found = references(text)
    if not found:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption("Show me line", width="content")
        for place in found:
            _link(code, place, f"{key}-{place.label}")


def step_list(code: Code, steps: Sequence[Step], key: str) -> None:
    """Draw what the code does, a sentence a line, with a link to its lines."""
    with st.container(gap="xxsmall"):
        for number, step in enumerate(steps):
            text = safe_markdown(step.text)
            if not text:
                continue
            with st.container(
                horizontal=True, wrap=False, vertical_alignment="center", gap="small"
            ):
                _link(code, step, f"{key}-{number}", width=_LINK_WIDTH)
                indent = _INDENT * min(step.depth, _DEEPEST)
                st.markdown(indent + text, width="stretch")


def _link(code: Code, place: Lines, key: str, width: int | Literal["content"] = "content") -> None:
    st.button(
        f":primary[{place.label}]",
        key=key,
        type="tertiary",
        width=width,
        on_click=_highlight,
        args=(code, place),
    )


def _highlight(code: Code, place: Lines) -> None:
    code.highlighted = (Lines(line=place.line, end_line=place.end_line),)
