"""The built extension in a real workbench, with the real server, host and small model."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from vscode_workbench import CodeServer, Workbench, browse


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
def code_server(
    tools: Path,
    vsix: Path,
    repository: Path,
    isolated_environment: Mapping[str, str],
    tmp_path: Path,
) -> Iterator[CodeServer]:
    """A code-server with the extension, not started; its workspace holds examples/bank.py."""
    server = CodeServer(tools, tmp_path, isolated_environment)
    shutil.copy(repository / "examples" / "bank.py", server.workspace)
    server.configure(procoder__server__interpreter=sys.executable)
    server.install(vsix)
    yield server
    server.stop()


@pytest.fixture
def workbench(code_server: CodeServer) -> Iterator[Workbench]:
    """A window with bank.py open, in which the server runs."""
    code_server.start("--disable-workspace-trust")
    with browse(code_server) as window:
        window.open("bank.py")
        window.status_bar("smollm2-135m")
        yield window
        assert window.outside == []
