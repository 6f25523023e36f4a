"""What real editors are started with: the real server on the path, and a home of their own."""

import os
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def editors(repository: Path) -> Path:
    """The folder into which the install scripts unpack editors."""
    return Path(os.environ.get("PROCODER_EDITORS", repository / ".venv" / "editors"))


@pytest.fixture
def editor_environment(isolated_environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The environment of an editor whose user has asked nothing yet."""
    home, programs = tmp_path / "home", tmp_path / "bin"
    home.mkdir()
    programs.mkdir()
    # Of our environment's programs only this one: Helix would start ruff as well.
    (programs / "procoder").symlink_to(Path(sys.executable).parent / "procoder")
    inherited = {k: v for k, v in isolated_environment.items() if not k.startswith("XDG_")}
    return {
        **inherited,
        "HOME": str(home),
        "PATH": os.pathsep.join([str(programs), isolated_environment["PATH"]]),
        "PROCODER_PROSE": "all",  # something is to be seen whatever the small model writes
        "PROCODER_CACHE_PATH": str(tmp_path / "explanations.sqlite3"),
        "PROCODER_CONVERSATIONS_PATH": str(tmp_path / "conversations.sqlite3"),
    }


@pytest.fixture
def bank(repository: Path, tmp_path: Path) -> Path:
    """A project with the example in it, below a line that has a problem and a wide character."""
    project = tmp_path / "project"
    (project / ".git").mkdir(parents=True)
    example = (repository / "examples" / "bank.py").read_text(encoding="utf-8")
    file = project / "bank.py"
    file.write_text(
        example.replace("import csv\n", 'FACE = "😀"; import os\nimport csv\n'), encoding="utf-8"
    )
    return file
