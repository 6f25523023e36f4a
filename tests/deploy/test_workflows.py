"""The workflows of CI, by GitHub's schema and by zizmor; what they call is there."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

WORKFLOWS = ("images", "release", "tests")


@pytest.fixture
def workflows(repository: Path) -> Path:
    return repository / ".github" / "workflows"


def _finds_nothing(*command: str | Path) -> None:
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr


def test_they_fit_githubs_schema(workflows: Path, tools: Path) -> None:
    files = sorted(workflows.glob("*.yml"))
    assert [file.stem for file in files] == list(WORKFLOWS)
    checker = tools / "check-jsonschema"
    _finds_nothing(checker, "--builtin-schema", "vendor.github-workflows", *files)
    dependabot = workflows.parent / "dependabot.yml"
    _finds_nothing(checker, "--builtin-schema", "vendor.dependabot", dependabot)


def test_zizmor_finds_nothing(repository: Path, tools: Path) -> None:
    _finds_nothing(tools / "zizmor", "--offline", "--pedantic", "--quiet", repository / ".github")


@pytest.mark.parametrize("name", WORKFLOWS)
def test_actions_are_pinned_and_rights_are_few(workflows: Path, name: str) -> None:
    workflow: dict[str, Any] = yaml.safe_load((workflows / f"{name}.yml").read_text())
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"]
        assert job["timeout-minutes"]
        for step in job["steps"]:
            if "uses" in step:
                assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step["uses"])


@pytest.mark.parametrize("name", WORKFLOWS)
def test_make_targets_and_scripts_exist(repository: Path, workflows: Path, name: str) -> None:
    makefile = (repository / "Makefile").read_text()
    text = (workflows / f"{name}.yml").read_text()
    for line in re.findall(r"run: make (.+)", text):
        for target in line.split():
            assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    for script in re.findall(r"run: (\.\S+/\S+)", text):
        assert (repository / script).exists() or script.startswith(".venv/")
    for lock in re.findall(r"requirements/(\w+\.lock)", text):
        assert (repository / "requirements" / lock).exists()
