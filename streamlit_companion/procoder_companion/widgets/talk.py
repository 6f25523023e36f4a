"""The talk: what was asked and answered, and what can be done next."""

from functools import partial

import streamlit as st

from procoder_companion.asking import LEVELS, Wish, ask, ask_again, deeper, simpler
from procoder_companion.safe_markdown import safe_markdown
from procoder_companion.state import Exchange, Session
from procoder_companion.values import Facts
from procoder_companion.widgets.acting import action_button, attempt, quiet_button
from procoder_companion.widgets.ladder import show_hint
from procoder_companion.widgets.reply import show_reply

_REFRESH_SECONDS = 0.4
_TUTOR_AVATAR, _READER_AVATAR = ":material/school:", ":material/person:"


def talk(session: Session) -> None:
    """Draw all exchanges; the one under way is drawn again as it grows."""
    settled = session.exchanges
    if settled and settled[-1].running:
        settled = settled[:-1]
        growing = st.fragment(_growing, run_every=_REFRESH_SECONDS)
    else:
        growing = None
    for number, exchange in enumerate(settled):
        last = number + 1 == len(session.exchanges)
        _exchange(session, exchange, number, last=last)
    if growing is not None:
        growing(session)


def _growing(session: Session) -> None:
    number = len(session.exchanges) - 1
    exchange = session.exchanges[number]
    if not exchange.running:
        st.rerun()
    _exchange(session, exchange, number, last=False)
    st.button("Stop", key=f"stop-{number}", icon=":material/stop_circle:", on_click=session.stop)


def _exchange(session: Session, exchange: Exchange, number: int, *, last: bool) -> None:
    key = f"turn-{number}"
    if exchange.question:
        with st.chat_message("user", avatar=_READER_AVATAR):
            st.markdown(safe_markdown(exchange.question))
    with st.chat_message("assistant", avatar=_TUTOR_AVATAR):
        if exchange.hint is not None:
            show_hint(session, exchange, key, last=last)
            return
        show_reply(session.code, exchange, key, first=number == 0)
        if last and exchange.body:
            _next_steps(session, exchange, key)


def _next_steps(session: Session, exchange: Exchange, key: str) -> None:
    """Offer the same again, more simply or deeper, and questions that suggest themselves."""
    level = str(exchange.body["level"])
    with st.container(horizontal=True, gap="xsmall"):
        for words, icon, other in (
            ("Simpler", ":material/child_care:", simpler(level)),
            ("In more depth", ":material/psychology:", deeper(level)),
        ):
            if other is not None:
                wish = Wish(f"{words}, please.", "blocks", level=other)
                action_button(session, words, f"{key}-{other}", partial(ask, session, wish), icon)
        action_button(
            session,
            "Write it again",
            f"{key}-again",
            lambda: ask_again(session, exchange),
            ":material/refresh:",
        )
    known = exchange.reply.known
    if known is not None:
        with st.container(gap="xxsmall"):
            for number, wish in enumerate(follow_ups(known.facts)):
                asking = partial(ask, session, wish)
                quiet_button(session, wish.words, f"{key}-next-{number}", asking)


def follow_ups(facts: Facts) -> tuple[Wish, ...]:
    """Return what somebody may want to know next about some code."""
    name = facts.name
    if facts.kind in {"function", "method"}:
        question = f"When would I call `{name}`?"
        return (
            Wish(question, "chat", text=question),
            Wish(f"Write a docstring for `{name}`.", "document"),
            Wish(f"Write tests for `{name}`.", "tests"),
        )
    if facts.members:
        question = "What happens first when this file is run?"
        return (Wish(question, "chat", text=question),)
    return ()


def question_box(session: Session) -> None:
    """Draw the field for questions in the reader's own words."""
    words = st.chat_input("Ask about the code", disabled=not session.code.text.strip())
    if words:
        attempt(session, lambda: ask(session, Wish(words, "chat", text=words)))
        st.rerun()


def level_picker(session: Session) -> None:
    """Draw the choice of whom answers are for."""
    chosen = st.segmented_control(
        "Level",
        LEVELS,
        default=session.level,
        key="level",
        format_func=str.capitalize,
        required=True,
        label_visibility="collapsed",
    )
    session.level = str(chosen)
