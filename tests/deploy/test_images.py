"""The Dockerfile, by hadolint, and what it promises: a user without rights, pinned, labelled."""

import re
import subprocess
from pathlib import Path

import pytest

TARGETS = ("host", "api", "worker", "companion")


def test_hadolint_finds_nothing(docker: Path, tools: Path) -> None:
    said = subprocess.run(
        [tools / "hadolint", "--failure-threshold", "style", docker / "Dockerfile"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stdout


@pytest.fixture
def dockerfile(docker: Path) -> str:
    return (docker / "Dockerfile").read_text(encoding="utf-8")


@pytest.mark.parametrize("target", TARGETS)
def test_every_image_runs_without_rights(dockerfile: str, target: str) -> None:
    assert f"FROM runtime AS {target}\n" in dockerfile
    runtime = dockerfile.split("AS runtime\n")[1].split("\nFROM ", maxsplit=1)[0]
    assert "USER 10001:10001" in runtime
    stage = dockerfile.split(f"FROM runtime AS {target}\n")[1].split("\nFROM ", maxsplit=1)[0]
    assert "USER" not in stage
    assert "HEALTHCHECK" in stage


def test_base_images_are_pinned(dockerfile: str) -> None:
    bases = re.findall(r"^ARG (?:PYTHON|NODE)=(\S+)", dockerfile, re.MULTILINE)
    assert len(bases) == 2
    for base in bases:
        assert re.search(r":\d+\.\d+\.\d+-", base)


@pytest.mark.parametrize("lock", ["build", "host", "api", "companion"])
def test_images_install_what_is_pinned(dockerfile: str, repository: Path, lock: str) -> None:
    assert f"--require-hashes -r {'' if lock == 'build' else '/'}{lock}.lock" in dockerfile
    pinned = _versions(repository / "requirements" / f"{lock}.lock")
    tested = _versions(repository / "requirements" / "dev.lock")
    assert pinned
    assert pinned.items() <= tested.items()


def _versions(lock: Path) -> dict[str, str]:
    """Return the versions of a lock by package; of two for different platforms, the last."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock.read_text(), re.MULTILINE))


def test_nothing_else_goes_into_images(repository: Path) -> None:
    lines = (repository / ".dockerignore").read_text().splitlines()
    allowed = [line[1:] for line in lines if line.startswith("!")]
    assert lines[1] == "*"
    assert {"server", "model_host"} <= set(allowed)
    assert not any(word in line for line in allowed for word in ("git", "docker", "secret", "env"))
