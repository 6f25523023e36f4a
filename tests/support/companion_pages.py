"""Pages of the companion as Streamlit's own test runner draws them: what tests do with them."""

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

import procoder_companion
from procoder_companion.state import Session

PACKAGE = Path(procoder_companion.__file__).parent
Open = Callable[..., AppTest]
"""Opens a page, for a session and a user."""


def session_of(app: AppTest) -> Session:
    session: Session = app.session_state["procoder"]
    return session


def settle(app: AppTest) -> Session:
    """Wait for what is being written, and draw it."""
    session = session_of(app)
    for exchange in session.exchanges:
        if exchange.answering is not None:
            exchange.answering.wait()
    app.run()
    assert not app.exception
    return session


def press(app: AppTest, label: str) -> None:
    """Press the last button that is labelled so, and draw the page."""
    next(button for button in reversed(app.button) if button.label == label).click().run()
    assert not app.exception, app.exception


def texts(app: AppTest) -> str:
    """All that is written on a page."""
    kinds = (app.markdown, app.caption, app.code, app.warning, app.error, app.info)
    return "\n".join(str(element.value) for kind in kinds for element in kind)
