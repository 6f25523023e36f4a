"""The built extension in a real workbench, with the real server, host and small model."""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import expect
from vscode_workbench import PATIENCE_MS, CodeServer, Workbench, browse

expect.set_options(timeout=PATIENCE_MS)

SAMPLE = """\
import json


def merge(intervals: list[tuple[int, int]]) -> list[tuple[int, int]]:
    if not intervals:
        raise ValueError("nothing to merge")
    intervals.sort()
    merged = [intervals[0]]
    for start, end in intervals[1:]:
        last_start, last_end = merged[-1]
        if start <= last_end:
            merged[-1] = (last_start, max(last_end, end))
        else:
            merged.append((start, end))
    return merged


def deposit(balance: int, amount: int) -> int:
    if amount <= 0:
        raise ValueError("nothing to deposit")
    return balance + amount
"""
"""Fits on a screen; its import is not used."""


@pytest.fixture(scope="session")
def vsix(repository: Path) -> Path:
    """The extension as `make vsix` writes it."""
    file = repository / "client-vscode" / "procoder.vsix"
    assert file.exists(), "run `make vsix` first"
    return file


@pytest.fixture(scope="session")
def tools(repository: Path) -> Path:
    """The folder that install.sh fills."""
    return Path(os.environ.get("PROCODER_VSCODE_TOOLS", repository / ".venv-vscode"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of the user's with the sample."""
    place = tmp_path / "work"
    place.mkdir()
    (place / "sample.py").write_text(SAMPLE)
    return place


@pytest.fixture
def environment(isolated_environment: Mapping[str, str]) -> Mapping[str, str]:
    """The environment of a `fresh_server`."""
    return isolated_environment


@pytest.fixture
def fresh_server(
    tools: Path, vsix: Path, environment: Mapping[str, str], tmp_path: Path
) -> Iterator[CodeServer]:
    """A code-server of one's own with the extension, neither configured nor started."""
    server = CodeServer(tools, tmp_path / "code-server", environment)
    server.install(vsix)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def code_server(
    tools: Path,
    vsix: Path,
    isolated_environment: Mapping[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[CodeServer]:
    """A code-server with the extension, for windows that need nothing of their own."""
    server = CodeServer(tools, tmp_path_factory.mktemp("code-server"), isolated_environment)
    server.configure(procoder__server__interpreter=sys.executable)
    server.install(vsix)
    server.start("--disable-workspace-trust")
    yield server
    server.stop()


@pytest.fixture
def workbench(code_server: CodeServer, folder: Path) -> Iterator[Workbench]:
    """A window with the sample open, in which the server runs."""
    with browse(code_server, folder) as window:
        window.open("sample.py")
        window.status_bar("smollm2-135m")
        yield window
        assert window.outside == []
