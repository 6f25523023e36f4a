"""What the linter found: each with its meaning, the ladder of hints and a repair."""

import streamlit as st

from procoder_companion.asking import Wish, ask, hint
from procoder_companion.safe_markdown import safe_markdown
from procoder_companion.state import Session
from procoder_companion.values import ExplainedFinding, Lines
from procoder_companion.widgets.acting import quiet_button

_ICONS = {
    "error": ":red[:material/error:]",
    "warning": ":orange[:material/warning:]",
    "hint": ":gray[:material/info:]",
}
_SHOWN = 5


def finding_list(session: Session) -> None:
    """Draw the first findings, and say how many more there are."""
    found = session.findings
    for number, explained in enumerate(found.findings[:_SHOWN]):
        _finding(session, explained, f"finding-{number}")
    more = len(found.findings) + found.omitted - _SHOWN
    if more > 0:
        st.caption(f"{more} more further down; the editor marks them.")


def _finding(session: Session, explained: ExplainedFinding, key: str) -> None:
    finding = explained.finding
    place = Lines(line=finding.line, end_line=finding.end_line)
    with st.container(border=True, gap="xsmall"):
        title = safe_markdown(explained.title)
        st.markdown(f"{_ICONS[finding.severity]} **Line {place.label}** \u2002{title}")
        with st.container(horizontal=True, gap="medium"):
            quiet_button(
                session,
                "Hint",
                f"{key}-hint",
                lambda: hint(session, finding.line),
                icon=":material/lightbulb:",
            )
            quiet_button(
                session,
                "What does it mean?",
                f"{key}-error",
                lambda: ask(
                    session,
                    Wish(f"What is wrong in line {finding.line}?", "error", line=finding.line),
                ),
                icon=":material/help:",
            )
            quiet_button(
                session,
                "Repair",
                f"{key}-fix",
                lambda: ask(
                    session, Wish(f"Repair line {finding.line}.", "fix", line=finding.line)
                ),
                icon=":material/build:",
            )
