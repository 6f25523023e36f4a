"""Where docker/ is, the programs that check it, and a deployment in small: host, API, keys."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from deployment import Deployment, deployed


@pytest.fixture(scope="session")
def docker(repository: Path) -> Path:
    return repository / "docker"


@pytest.fixture(scope="session")
def tools(repository: Path) -> Path:
    """The folder of programs that tests/deploy/install.sh makes."""
    folder = Path(os.environ.get("PROCODER_DEPLOY_TOOLS", repository / ".venv-deploy")) / "bin"
    assert folder.is_dir(), "run tests/deploy/install.sh"
    return folder


@pytest.fixture(scope="session")
def deployment(
    isolated_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    """One host and one API, with keys as docker/compose.yaml gives them out."""
    with deployed(isolated_environment, tmp_path_factory.mktemp("deployment")) as running:
        yield running
