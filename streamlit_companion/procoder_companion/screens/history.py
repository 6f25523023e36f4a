"""The history: conversations from editors and from here, to search, read, keep and delete."""

import re

import streamlit as st

from procoder_companion.asking import exchanges_of, resume
from procoder_companion.safe_markdown import safe_markdown
from procoder_companion.screens.names import TUTOR
from procoder_companion.state import Session, session
from procoder_companion.values import Conversation, ConversationTurns
from procoder_companion.widgets.acting import attempt, show_trouble, telling
from procoder_companion.widgets.reply import show_reply

_SHOWN = "conversation"
"""Key of the id of the conversation that is read."""
_PAGES = "history-pages"


def page(tab: Session) -> None:
    """Draw the page."""
    show_trouble(tab)
    left, right = st.columns([4, 9], gap="large")
    with telling():
        with left:
            listed = _list(tab)
            _delete_everything(tab)
        with right:
            shown = st.session_state.get(_SHOWN)
            if shown is not None:
                _conversation(tab, tab.api().conversation(shown))
            elif listed:
                st.caption("Choose a conversation to read it, go on with it, or keep a copy.")


def _list(tab: Session) -> list[Conversation]:
    """Draw search and list; return what is listed."""
    words = st.text_input(
        "Search what was said",
        placeholder="Search what was said",
        icon=":material/search:",
        label_visibility="collapsed",
    )
    listed, more = _found(tab, words.strip()), False
    if not words.strip():
        listed, more = _pages(tab)
    if not listed:
        st.markdown(
            "No turn has all of these words."
            if words.strip()
            else "Nothing yet. What you ask here or in your editor is kept on this page."
        )
    with st.container(gap="xxsmall"):
        for it in listed:
            st.button(
                safe_markdown(it.title),
                key=f"open-{it.id}",
                icon=":material/public:" if it.document is None else ":material/code:",
                help=_origin(it),
                type="tertiary",
                on_click=_open,
                args=(it.id,),
            )
    if more:
        st.button("Show more", icon=":material/expand_more:", on_click=_show_more)
    return listed


def _found(tab: Session, words: str) -> list[Conversation]:
    if not words:
        return []
    return list(
        {it.conversation.id: it.conversation for it in tab.api().search(words).items}.values()
    )


def _pages(tab: Session) -> tuple[list[Conversation], bool]:
    """Return the pages that were opened so far, and whether there is another one."""
    listed: list[Conversation] = []
    cursor = None
    for _ in range(st.session_state.get(_PAGES, 1)):
        found = tab.api().conversations(cursor)
        listed += found.items
        cursor = found.next
        if cursor is None:
            return listed, False
    return listed, True


def _show_more() -> None:
    st.session_state[_PAGES] = st.session_state.get(_PAGES, 1) + 1


def _open(conversation_id: str) -> None:
    st.session_state[_SHOWN] = conversation_id


def _conversation(tab: Session, kept: ConversationTurns) -> None:
    about = kept.conversation
    st.markdown(f"### {safe_markdown(about.title)}")
    st.caption(f"{_origin(about)} · begun on {about.created:%d %B %Y, %H:%M} UTC")
    with st.container(horizontal=True):
        if st.button("Go on", type="primary", icon=":material/forum:"):
            resume(tab, kept)
            st.switch_page(TUTOR)
        st.download_button(
            "Export",
            tab.api().export(about.id),
            file_name=f"{_file_name(about.title)}.md",
            mime="text/markdown",
            icon=":material/download:",
        )
        with st.popover("Delete", icon=":material/delete:"):
            st.markdown("The conversation and its text are gone for good.")
            st.button("Delete it", key="delete-one", on_click=_delete, args=(tab, about.id))
    for number, exchange in enumerate(exchanges_of(kept.turns)):
        with st.chat_message("user", avatar=":material/person:"):
            st.markdown(safe_markdown(exchange.question))
        with st.chat_message("assistant", avatar=":material/school:"):
            show_reply(tab.code, exchange, f"kept-{number}", first=False)


def _delete(tab: Session, conversation_id: str) -> None:
    attempt(tab, lambda: tab.api().delete(conversation_id))
    st.session_state[_SHOWN] = None
    if tab.conversation is not None and tab.conversation.id == conversation_id:
        tab.begin_anew()


def _delete_everything(tab: Session) -> None:
    st.space("medium")
    with st.popover("Delete everything about me", icon=":material/delete_forever:"):
        st.markdown(
            "This deletes all conversations, of your editor too, the lessons that you have "
            "finished, and how far you are with hints. It cannot be undone."
        )
        sure = st.checkbox("I am sure")
        st.button("Delete everything", disabled=not sure, on_click=_forget, args=(tab,))


def _forget(tab: Session) -> None:
    attempt(tab, lambda: tab.api().delete_everything())
    st.session_state[_SHOWN] = None
    tab.begin_anew()


def _origin(conversation: Conversation) -> str:
    if conversation.document is None:
        return "From the companion"
    return f"From your editor: {conversation.document.rsplit('/', 1)[-1]}"


def _file_name(title: str) -> str:
    return re.sub(r"[^\w-]+", "-", title).strip("-") or "conversation"


page(session())
