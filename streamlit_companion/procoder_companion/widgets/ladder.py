"""The ladder of hints: one rung a turn, and a button for the next."""

import streamlit as st

from procoder_companion.asking import hint
from procoder_companion.safe_markdown import safe_markdown
from procoder_companion.state import Exchange, Session
from procoder_companion.widgets.acting import action_button
from procoder_companion.widgets.concepts import open_lesson

_RUNGS = ("question", "region", "concept", "pattern", "solution")


def show_hint(session: Session, exchange: Exchange, key: str, *, last: bool) -> None:
    """Draw the hint of an exchange; the last one offers the next rung."""
    given = exchange.hint
    if given is None:
        return
    st.markdown(safe_markdown(given.markdown))
    if given.rung in _RUNGS:
        height = _RUNGS.index(given.rung) + 1
        st.caption(f"Hint {height} of {len(_RUNGS)} · {given.rung}")
    with st.container(horizontal=True):
        if last and given.more is not None:
            line, expected = int(str(exchange.body["line"])), str(exchange.body["expected"])
            label = "Show the solution" if given.more == _RUNGS[-1] else "Next hint"
            action_button(
                session,
                label,
                f"{key}-more",
                lambda: hint(session, line, expected),
                icon=":material/lightbulb:",
            )
        if given.lesson and st.button(
            "Open the lesson", key=f"{key}-lesson", icon=":material/school:"
        ):
            open_lesson(session, given.lesson)
