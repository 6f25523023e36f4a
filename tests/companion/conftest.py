"""The pages as Streamlit's own test runner draws them, over a real API with a scripted model."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from api_in_thread import api_in_thread, key_of
from companion_pages import PACKAGE, Open
from running_api import Api
from streamlit.testing.v1 import AppTest

from procoder_companion.state import Session


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with api_in_thread(tmp_path) as running:
        yield running


@pytest.fixture
def open_page(api: Api, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Open a page in a tab of its own; `session` is what the tab works on already."""
    monkeypatch.setenv("PROCODER_API_URL", api.url)
    keys: dict[str, str] = {}
    with ExitStack() as tabs:

        def opened(page: str, session: Session | None = None, user: str = "ada") -> AppTest:
            tab = session or Session()
            tab.key = keys.setdefault(user, key_of(api, user)) if user not in keys else keys[user]
            app = AppTest.from_file(PACKAGE / page, default_timeout=60)
            app.session_state["procoder"] = tab
            tabs.callback(tab.stop)
            app.run()
            assert not app.exception
            return app

        yield opened
