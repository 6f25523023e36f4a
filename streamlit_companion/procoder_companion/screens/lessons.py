"""The lessons: what there is, what comes next, and one of them to read."""

from datetime import datetime

import streamlit as st

from procoder_companion.safe_markdown import safe_markdown
from procoder_companion.screens.names import TUTOR
from procoder_companion.state import Session, session
from procoder_companion.values import Lesson, LessonText, LessonTitle
from procoder_companion.widgets.acting import action_button, attempt, show_trouble, telling
from procoder_companion.widgets.progress_plot import progress_plot

_NEXT = 6
"""Lessons that are offered as next."""


def page(tab: Session) -> None:
    """Draw the page."""
    show_trouble(tab)
    left, right = st.columns([4, 9], gap="large")
    with telling():
        with left:
            titles = _library(tab)
        with right:
            if tab.lesson is None:
                tab.lesson = next((it.id for it in titles if it.finished is None), None)
            if tab.lesson is not None:
                _lesson(tab, tab.lesson, titles)


def _library(tab: Session) -> tuple[LessonTitle, ...]:
    """Draw search, progress and the list; return all lessons."""
    everything = tab.api().lessons().items
    words = st.text_input(
        "Search the lessons",
        placeholder="Search: loop, error, class …",
        icon=":material/search:",
        label_visibility="collapsed",
    )
    if words.strip():
        found = tab.api().lessons(words).items
        st.caption(f"{len(found)} found" if found else "No lesson has these words.")
        _titles(tab, found, "found")
        return everything
    done = [it for it in everything if it.finished is not None]
    _progress([it.finished for it in done if it.finished is not None], len(everything))
    left = [it for it in everything if it.finished is None]
    st.markdown("##### Next")
    _titles(tab, left[:_NEXT], "next")
    if done:
        with st.expander(f"Finished · {len(done)}"):
            _titles(tab, done, "done")
    with st.expander(f"All lessons · {len(everything)}"):
        _titles(tab, sorted(everything, key=lambda it: it.title.casefold()), "all")
    return everything


def _progress(times: list[datetime], total: int) -> None:
    st.progress(len(times) / max(total, 1), text=f"{len(times)} of {total} finished")
    if times:
        progress_plot(times, total)


def _titles(tab: Session, titles: list[LessonTitle] | tuple[LessonTitle, ...], key: str) -> None:
    with st.container(gap="xxsmall"):
        for it in titles:
            done = it.finished is not None
            st.button(
                _capital(it.title),
                key=f"{key}-{it.id}",
                icon=":material/check_circle:" if done else ":material/radio_button_unchecked:",
                type="tertiary",
                on_click=_open,
                args=(tab, it.id),
            )


def _open(tab: Session, lesson_id: str) -> None:
    tab.lesson = lesson_id


def _lesson(tab: Session, lesson_id: str, titles: tuple[LessonTitle, ...]) -> None:
    wants_solution = bool(st.session_state.get(f"solution-{lesson_id}"))
    read = tab.api().lesson(lesson_id, solution=wants_solution)
    lesson = read.lesson
    st.markdown(f"### {_capital(lesson.title)}")
    _before(tab, lesson, titles)
    st.markdown(safe_markdown(lesson.text))
    st.markdown("##### Example")
    st.code(lesson.example.strip("\n"), language="python")
    st.caption("It prints")
    st.code(lesson.output.rstrip("\n"), language=None)
    st.markdown("##### Exercise")
    st.markdown(safe_markdown(lesson.exercise))
    st.code(lesson.starter.strip("\n"), language="python")
    _ways_on(tab, read)
    st.toggle("Show a solution", key=f"solution-{lesson_id}")
    if lesson.solution:
        st.code(lesson.solution.strip("\n"), language="python")


def _before(tab: Session, lesson: Lesson, titles: tuple[LessonTitle, ...]) -> None:
    """Name the lessons that this one builds on."""
    before = [it for it in titles if it.id in lesson.prerequisites]
    if not before:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("Builds on", width="content")
        for it in before:
            done = it.finished is not None
            st.button(
                it.title,
                key=f"before-{it.id}",
                icon=":material/check_circle:" if done else None,
                type="tertiary",
                on_click=_open,
                args=(tab, it.id),
            )


def _ways_on(tab: Session, read: LessonText) -> None:
    """Draw what can be done with a lesson."""
    lesson = read.lesson
    with st.container(horizontal=True):
        if st.button("Try it in the tutor", icon=":material/edit:"):
            tab.begin_anew()
            tab.code.put(lesson.starter.strip("\n") + "\n", f"{lesson.id.replace('-', '_')}.py")
            st.switch_page(TUTOR)
        if read.finished is None:
            st.button(
                "I have finished this lesson",
                type="primary",
                icon=":material/check:",
                on_click=attempt,
                args=(tab, lambda: _finish(tab, lesson.id)),
            )
        else:
            action_button(
                tab,
                "Not finished after all",
                "reopen",
                lambda: tab.api().reopen_lesson(lesson.id),
                icon=":material/undo:",
            )
        if lesson.url:
            st.link_button("Python's documentation", lesson.url, icon=":material/open_in_new:")
    if read.finished is not None:
        st.caption(f":material/check_circle: Finished on {read.finished:%d %B %Y}")


def _finish(tab: Session, lesson_id: str) -> None:
    tab.api().finish_lesson(lesson_id)
    st.toast("Noted. The next lesson is at the top of the list.", icon=":material/check:")


def _capital(title: str) -> str:
    return title[:1].upper() + title[1:]


page(session())
