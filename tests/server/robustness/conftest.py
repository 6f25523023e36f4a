"""What the servers of these tests may know of the machine."""

import os

import pytest


@pytest.fixture(scope="session")
def without_model(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a server that finds no model and starts no host."""
    folder = tmp_path_factory.mktemp("empty")
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PROCODER_")}
    return {
        **inherited,
        "HOME": str(folder),
        "PROCODER_DATA_DIR": str(folder / "data"),
        "PROCODER_RUNTIME_DIR": str(folder / "runtime"),
        "PROCODER_CACHE_PATH": str(folder / "explanations.sqlite3"),
        "PROCODER_CONVERSATIONS_PATH": str(folder / "conversations.sqlite3"),
        "PROCODER_HOST_START": "false",
    }
