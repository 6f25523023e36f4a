"""The tutor: code on the left, the talk about it on the right."""

from functools import partial
from pathlib import PurePath

import streamlit as st

from procoder_companion.asking import Wish, ask, resume
from procoder_companion.safe_markdown import safe_markdown
from procoder_companion.state import NEW_FILE, Session, session
from procoder_companion.values import Conversation, Facts
from procoder_companion.widgets.acting import (
    action_button,
    attempt,
    quiet_button,
    show_trouble,
    telling,
)
from procoder_companion.widgets.concepts import concept_chips
from procoder_companion.widgets.editor import editor
from procoder_companion.widgets.findings import finding_list
from procoder_companion.widgets.languages import language_picker
from procoder_companion.widgets.places import step_list
from procoder_companion.widgets.stuck import stuck_form
from procoder_companion.widgets.talk import level_picker, question_box, talk

_TALK_HEIGHT = 620
_RECENT = 5
_LARGEST_MB = 1
_EXAMPLE = """\
def merge(intervals):
    if not intervals:
        raise ValueError("nothing to merge")
    intervals.sort(key=lambda interval: interval[0])
    merged = [intervals[0]]
    for start, end in intervals[1:]:
        last_start, last_end = merged[-1]
        total = last_end - last_start
        if start <= last_end:
            merged[-1] = (last_start, max(last_end, end))
        else:
            merged.append((start, end))
    return merged
"""


def page(tab: Session) -> None:
    """Draw the page."""
    show_trouble(tab)
    with telling():
        tab.check_code()
    left, right = st.columns([11, 10], gap="large")
    with left:
        _code(tab)
    with right:
        _talk(tab)


def _code(tab: Session) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"##### :material/description: {tab.code.filename}", width="stretch")
        with st.popover("Open a file", icon=":material/folder_open:"):
            _upload(tab)
    editor(tab.code, tab.findings.findings)
    _subject(tab)
    finding_list(tab)
    if tab.code.text.strip():
        stuck_form(tab)
    facts = _shown_facts(tab)
    if facts is None:
        return
    if facts.steps:
        st.markdown("##### Step by step")
        step_list(tab.code, facts.steps, "step")
    if facts.concepts:
        st.markdown("##### Concepts in this code")
        concept_chips(tab, facts.concepts, "concept")


def _shown_facts(tab: Session) -> Facts | None:
    """Return the facts of what was asked last, else of the whole file."""
    for exchange in reversed(tab.exchanges):
        if exchange.reply.known is not None:
            return exchange.reply.known.facts
    return tab.facts


def _upload(tab: Session) -> None:
    sent = st.file_uploader(
        "A Python file",
        type=["py"],
        max_upload_size=_LARGEST_MB,
        key=f"upload-{tab.code.revision}",
    )
    if sent is not None:
        text = sent.getvalue().decode("utf-8", errors="replace")
        tab.begin_anew()
        tab.code.put(text, PurePath(sent.name).name)
        st.rerun()


def _subject(tab: Session) -> None:
    """Draw what is asked about, and the button that asks."""
    code = tab.code
    if not code.text.strip():
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if code.selection is not None:
            subject = f"lines {code.selection.label}"
            st.markdown(f"About **{subject}**, which you selected", width="stretch")
        else:
            names = () if tab.facts is None else tab.facts.members
            code.symbol = st.selectbox(
                "About",
                (None, *names),
                index=0 if code.symbol is None else names.index(code.symbol) + 1,
                format_func=lambda name: name or "the whole file",
                label_visibility="collapsed",
            )
            subject = f"`{code.symbol}`" if code.symbol else "the whole file"
        st.button(
            "Explain",
            type="primary",
            icon=":material/auto_stories:",
            on_click=attempt,
            args=(tab, lambda: ask(tab, Wish(f"Explain {subject}.", "blocks"))),
        )


def _talk(tab: Session) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        level_picker(tab)
        language_picker(tab)
        if tab.exchanges:
            quiet_button(tab, "New", "new", tab.begin_anew, icon=":material/add_comment:")
    with st.container(height=_TALK_HEIGHT, border=True, autoscroll=True):
        if tab.exchanges:
            talk(tab)
        else:
            _invitation(tab)
    question_box(tab)


def _invitation(tab: Session) -> None:
    st.space("large")
    st.markdown("#### Paste code, open a file, or pick up where your editor left off")
    st.markdown(
        "Then choose **Explain**, or ask in your own words. What is certain comes at once; "
        "what the model adds is checked against your code before you see it."
    )
    if not tab.code.text.strip():
        action_button(
            tab,
            "Try an example",
            "example",
            lambda: tab.code.put(_EXAMPLE, NEW_FILE),
            icon=":material/play_arrow:",
        )
    with telling():
        _recent(tab)


def _recent(tab: Session) -> None:
    recent = tab.api().conversations(limit=_RECENT).items
    if recent:
        st.space("small")
        st.caption("Recent conversations")
    with st.container(gap="xxsmall"):
        for talked in recent:
            icon = ":material/public:" if talked.document is None else ":material/code:"
            label = f"{safe_markdown(talked.title)} \u2002:gray[{talked.changed:%d %b, %H:%M}]"
            going_on = partial(_resume, tab, talked)
            quiet_button(tab, label, f"recent-{talked.id}", going_on, icon)


def _resume(tab: Session, talked: Conversation) -> None:
    resume(tab, tab.api().conversation(talked.id))


page(session())
