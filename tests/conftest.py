"""Shared by all tests: a store that holds the real default model, and isolated folders."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sample_models import write_gguf
from shared_host import end_shared_host

from procoder_protocol.discovery import HostAddress

REPOSITORY = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout: examples and goldens are read from here."""
    return REPOSITORY


@pytest.fixture(scope="session")
def model_store() -> Path:
    """The data folder with `smollm2-135m` in its store, pulled once and kept between runs."""
    folder = Path(os.environ.get("PROCODER_DATA_DIR", REPOSITORY / ".venv" / "procoder-data"))
    command = [sys.executable, "-m", "procoder_cli", "models", "pull", "smollm2-135m"]
    environment = {**os.environ, "PROCODER_DATA_DIR": str(folder)}
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def isolated_environment(
    model_store: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """Environment for ProCoder's processes: real model, but folders of this session only."""
    folder = tmp_path_factory.mktemp("procoder")
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PROCODER_")}
    yield {
        **inherited,
        "PROCODER_DATA_DIR": str(model_store),
        "PROCODER_RUNTIME_DIR": str(folder / "runtime"),
        "PROCODER_CACHE_PATH": str(folder / "explanations.sqlite3"),
        "PROCODER_CONVERSATIONS_PATH": str(folder / "conversations.sqlite3"),
    }
    end_shared_host(folder / "runtime")


@pytest.fixture
def code_llama(isolated_environment: dict[str, str], tmp_path: Path) -> Iterator[HostAddress]:
    """A host of its own with a tiny model of Code Llama's shape and random weights."""
    file = write_gguf(tmp_path / "tiny-code-llama.gguf")
    command = [sys.executable, "-P", "-m", "procoder_cli", "host", "--model", str(file)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=isolated_environment
    ) as process:
        assert process.stdout is not None
        yield HostAddress.from_json(process.stdout.readline())
        process.terminate()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failure: what is not run proves nothing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if skipped and os.environ.get("CI"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
