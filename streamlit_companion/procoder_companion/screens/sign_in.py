"""The way in where many people share an API: everybody has a key of their own."""

import streamlit as st

from procoder_companion.errors import CompanionError
from procoder_companion.state import Session, session


def page(tab: Session) -> None:
    """Draw the page."""
    with st.container(width=460):
        st.markdown("### Sign in")
        st.markdown("This tutor is shared. Enter the key that you were given.")
        with st.form("sign-in", border=False):
            key = st.text_input("Key", type="password")
            sent = st.form_submit_button("Sign in", type="primary")
        if sent:
            _try(tab, key.strip())


def _try(tab: Session, key: str) -> None:
    tab.key = key
    try:
        tab.api().lessons()
    except CompanionError as error:
        tab.key = ""
        st.error(str(error), icon=":material/error:")
    else:
        st.rerun()


page(session())
