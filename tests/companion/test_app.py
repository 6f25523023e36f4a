"""The way in, and what happens when the API is not there."""

from pathlib import Path

import pytest
from api_in_thread import key_of
from companion_pages import PACKAGE, Open, texts
from running_api import Api
from streamlit.testing.v1 import AppTest

PAGES = ("screens/tutor.py", "screens/lessons.py", "screens/history.py")


def test_a_shared_api_asks_for_a_key(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCODER_API_URL", api.url)
    app = AppTest.from_file(PACKAGE / "app.py", default_timeout=60).run()
    assert not app.exception
    app.text_input[0].set_value("wrong")
    app.button[0].click().run()
    assert "missing, wrong or revoked" in texts(app)
    app.text_input[0].set_value(key_of(api))
    app.button[0].click().run()
    assert not app.exception
    assert "pick up where your editor left off" in texts(app)


@pytest.mark.parametrize(
    ("given", "shown"),
    [({"key": "right"}, "pick up where"), ({"key": "wrong"}, "it carries a key"), ({}, "a key")],
)
def test_ones_own_page_wants_its_secret(
    given: dict[str, str], shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROCODER_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("PROCODER_COMPANION_KEY", "right")
    app = AppTest.from_file(PACKAGE / "app.py", default_timeout=60)
    for name, value in given.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    assert shown in texts(app)


@pytest.mark.parametrize("page", PAGES)
def test_without_an_api_every_page_says_what_to_do(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROCODER_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("PROCODER_API_URL", raising=False)
    app = AppTest.from_file(PACKAGE / page, default_timeout=60).run()
    assert not app.exception
    assert "Start `procoder companion` again" in texts(app)


@pytest.mark.parametrize("page", PAGES)
def test_pages_work_with_an_empty_account(page: str, open_page: Open) -> None:
    assert not open_page(page).error
