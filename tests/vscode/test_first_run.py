"""Nothing is there but the extension: an environment is made, a model fetched, code explained."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from shared_host import end_shared_host
from vscode_workbench import CodeServer, browse

MINUTES_MS = 240_000


@pytest.fixture
def environment(
    isolated_environment: Mapping[str, str], tmp_path: Path
) -> Iterator[Mapping[str, str]]:
    """An empty model store, and a runtime folder of one's own: no host has a model."""
    runtime = tmp_path / "runtime"
    data = tmp_path / "store"
    yield {
        **isolated_environment,
        "PROCODER_DATA_DIR": str(data),
        "PROCODER_RUNTIME_DIR": str(runtime),
    }
    end_shared_host(runtime)


def test_set_up_model_and_first_hover(
    fresh_server: CodeServer, folder: Path, pictures: Path
) -> None:
    fresh_server.configure()
    fresh_server.start("--disable-workspace-trust")
    with browse(fresh_server, folder) as window:
        window.open("sample.py")
        window.status_bar("set up")
        offer = window.notification("set up a Python environment of its own")
        window.screenshot(pictures / "set-up.png")
        offer.get_by_role("button", name="Set Up").click()
        window.notification("Setting up ProCoder")
        offer = window.notification("For explanations it needs a model", MINUTES_MS)
        window.hover("merge", "Raises ValueError")
        offer.get_by_role("button", name="Fetch It").click()
        window.notification("smollm2-135m explains from now on", MINUTES_MS)
        window.hover("merge", re.compile(r"\d of \d checked"))
        assert window.outside == []
