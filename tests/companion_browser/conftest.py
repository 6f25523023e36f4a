"""The companion in a real browser, with the real API, host and small model behind it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from companion_process import PATIENCE_MS, Tab, browse, companion
from playwright.sync_api import expect

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def environment(isolated_environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """Conversations of this test only."""
    return {
        **isolated_environment,
        "PROCODER_CONVERSATIONS_PATH": str(tmp_path / "conversations.sqlite3"),
    }


@pytest.fixture
def tab(environment: dict[str, str]) -> Iterator[Tab]:
    """A tab on a companion of this test."""
    with companion(environment) as url, browse(url) as opened:
        yield opened


@pytest.fixture
def pictures(repository: Path, tmp_path: Path) -> Path:
    """Where pictures go: into the documentation when that is asked for, see docs/companion.md."""
    return repository / "docs" / "images" if os.environ.get("PROCODER_PICTURES") else tmp_path
