"""What Streamlit runs for every tab: the pages, and which of them may be seen."""

from pathlib import Path

import streamlit as st

from procoder_companion.admission import admitted
from procoder_companion.endpoint import configured_url
from procoder_companion.screens.names import HISTORY, LESSONS, TUTOR
from procoder_companion.state import session

_ICON = Path(__file__).with_name("assets") / "icon.svg"


def main() -> None:
    """Draw the chosen page below the names of all."""
    st.set_page_config(page_title="ProCoder", page_icon=_ICON, layout="wide")
    st.logo(_ICON, size="large")
    if configured_url():
        door = None if session().key else st.Page("screens/sign_in.py", title="Sign in")
    else:
        door = None if admitted(session()) else st.Page("screens/locked.py", title="Locked")
    if door is not None:
        st.navigation([door], position="hidden").run()
        return
    pages = [
        st.Page(TUTOR, title="Tutor", icon=":material/forum:", default=True),
        st.Page(LESSONS, title="Lessons", icon=":material/school:"),
        st.Page(HISTORY, title="History", icon=":material/history:"),
    ]
    st.navigation(pages, position="top").run()


main()
