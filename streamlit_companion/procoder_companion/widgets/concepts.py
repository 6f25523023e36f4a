"""Concepts that some code uses, as chips that open their lessons."""

from collections.abc import Sequence

import streamlit as st

from procoder_companion.screens.names import LESSONS
from procoder_companion.state import Session
from procoder_companion.values import Concept


def concept_chips(session: Session, concepts: Sequence[Concept], key: str) -> None:
    """Draw a chip a concept."""
    with st.container(horizontal=True, gap="xsmall"):
        for concept in concepts:
            if st.button(concept.title, key=f"{key}-{concept.id}", icon=":material/school:"):
                open_lesson(session, concept.id)


def open_lesson(session: Session, lesson_id: str) -> None:
    """Go to a lesson."""
    session.lesson = lesson_id
    st.switch_page(LESSONS)
