"""Buttons that do something, and what becomes of it when it fails."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from procoder_companion.errors import CompanionError
from procoder_companion.state import Session


def attempt(session: Session, action: Callable[[], object]) -> None:
    """Do something; what goes wrong is told at the top of the page."""
    session.trouble = ""
    try:
        action()
    except CompanionError as error:
        session.trouble = str(error)


@contextmanager
def telling() -> Iterator[None]:
    """Tell in its place what goes wrong with a part of a page; the rest is drawn."""
    try:
        yield
    except CompanionError as error:
        st.error(str(error), icon=":material/error:")


def action_button(
    session: Session, label: str, key: str, action: Callable[[], object], icon: str | None = None
) -> None:
    """Draw a button that does something."""
    st.button(label, key=key, icon=icon, on_click=attempt, args=(session, action))


def quiet_button(
    session: Session, label: str, key: str, action: Callable[[], object], icon: str | None = None
) -> None:
    """Draw a button without a border, for one of many."""
    args = (session, action)
    st.button(label, key=key, icon=icon, type="tertiary", on_click=attempt, args=args)


def show_trouble(session: Session) -> None:
    """Tell what went wrong with the last action, if anything did."""
    if session.trouble:
        st.error(session.trouble, icon=":material/error:")
