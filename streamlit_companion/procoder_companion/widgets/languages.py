"""The choice of the language that answers are in."""

import streamlit as st

from procoder_companion.state import Session

_LANGUAGES = {"en": "English", "de": "Deutsch", "es": "Español", "fr": "Français"}
"""BCP 47 codes of what the tutor can ask a model for, with each language's name in itself."""
_WIDTH = 130


def language_picker(session: Session) -> None:
    """Draw the choice."""
    codes = list(_LANGUAGES)
    session.language = st.selectbox(
        "Language of the answers",
        codes,
        key="language",
        index=codes.index(session.language),
        format_func=_LANGUAGES.__getitem__,
        label_visibility="collapsed",
        width=_WIDTH,
    )
