"""Hints about what no linter sees: the learner says what should have happened."""

from functools import partial

import streamlit as st

from procoder_companion.asking import hint
from procoder_companion.state import Session
from procoder_companion.widgets.acting import attempt

_LONGEST = 500
"""Characters of an expectation."""


def stuck_form(session: Session) -> None:
    """Draw the form in a popover."""
    lines = session.code.text.count("\n") + 1
    selection = session.code.selection
    with st.popover("I am stuck", icon=":material/support:"), st.form("stuck", border=False):
        line = st.number_input(
            "Near which line?", 1, lines, 1 if selection is None else selection.line
        )
        expected = st.text_input(
            "What should happen, and what happens instead?", max_chars=_LONGEST
        )
        if st.form_submit_button("Give me a hint", icon=":material/lightbulb:"):
            attempt(session, partial(hint, session, int(line), expected))
            st.rerun()
