"""Places of the code: sentences and numbers that highlight lines in the editor."""

import re
from collections.abc import Sequence

import streamlit as st

from procoder_companion.safe_markdown import safe_markdown
from procoder_companion.state import Code
from procoder_companion.values import Lines, Step

_REFERENCE = re.compile(r"\blines?\s+(\d{1,6})(?:\s*(?:-|\u2013|to)\s*(\d{1,6}))?")
_MOST = 12
"""References of one text that are offered."""


def references(text: str) -> tuple[Lines, ...]:
    """Return the lines that a text names, each once, in its order."""
    found = {}
    for match in _REFERENCE.finditer(text):
        first, last = int(match[1]), int(match[2] or match[1])
        if first <= last:
            found[first, last] = Lines(line=first, end_line=last)
    return tuple(found.values())[:_MOST]


def reference_pills(code: Code, text: str, key: str) -> None:
    """Offer to show the lines that a text names."""
    found = references(text)
    if not found:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption("Show me line", width="content")
        for place in found:
            st.button(
                place.label,
                key=f"{key}-{place.label}",
                type="tertiary",
                on_click=_highlight,
                args=(code, place),
            )


def step_list(code: Code, steps: Sequence[Step], key: str) -> None:
    """Draw what the code does, a sentence a line; each highlights its lines."""
    with st.container(gap="xxsmall", key=f"steps-{key}"):
        for number, step in enumerate(steps):
            text = safe_markdown(step.text.rstrip("."))
            if not text:
                continue
            indent = "\u2003" * min(step.depth, 3)
            st.button(
                f"{indent}**{step.label}** \u2002{text}",
                key=f"{key}-{number}",
                type="tertiary",
                on_click=_highlight,
                args=(code, step),
            )


def _highlight(code: Code, place: Lines) -> None:
    code.highlighted = (Lines(line=place.line, end_line=place.end_line),)
