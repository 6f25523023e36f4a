"""Real Neovim, old and new, with the recipe of docs/editors/neovim.md and the real server."""

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[2]
RECIPE = REPOSITORY / "docs" / "editors" / "neovim"
DRIVER = Path(__file__).parent / "neovim" / "run.lua"
EDITORS = Path(os.environ.get("PROCODER_EDITORS", REPOSITORY / ".venv" / "editors"))
PATIENCE = 600.0
"""Seconds for a whole scenario, each step of which gives up sooner."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of Neovim, and the part of the recipe that is for it."""

    number: str
    start: str

    @property
    def executable(self) -> Path:
        """Where it is: the install script's place, or that of the environment."""
        default = EDITORS / f"neovim-{self.number}" / "nvim"
        variable = f"PROCODER_NVIM_{self.number.replace('.', '_')}"
        path = Path(os.environ.get(variable, default))
        assert path.exists(), f"no {path}: run tests/editors/install_neovim.sh, or set {variable}"
        return path


VERSIONS = [Version("0.7", "start_0_7.lua"), Version("0.10", "start_0_10.lua")]


@pytest.fixture(params=VERSIONS, ids=lambda version: version.number)
def version(request: pytest.FixtureRequest) -> Version:
    return request.param


@pytest.fixture
def play(
    version: Version, isolated_environment: dict[str, str], tmp_path: Path
) -> Callable[..., Any]:
    """Plays a scenario of tests/editors/neovim in an editor that shows `text`."""
    configuration = tmp_path / "config" / "nvim"
    shutil.copytree(RECIPE / "lua", configuration / "lua")
    snippets = [(RECIPE / name).read_text() for name in (version.start, "commands.lua")]
    snippets.append('require("procoder.chat").setup()\n')
    (configuration / "init.lua").write_text("\n".join(snippets))
    environment = {
        **isolated_environment,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        **{f"XDG_{name.upper()}_HOME": str(tmp_path / name) for name in ("config", "data", "state")},
        "REPORT": str(tmp_path / "report.json"),
    }

    def play(scenario: str, text: str) -> Any:
        file = tmp_path / "bank.py"
        file.write_text(text)
        command = [version.executable, "--headless", "-n", file, "-c", f"luafile {DRIVER}"]
        subprocess.run(
            command,
            check=True,
            cwd=tmp_path,
            env={**environment, "SCENARIO": scenario},
            timeout=PATIENCE,
        )
        report = json.loads((tmp_path / "report.json").read_text())
        assert "failure" not in report, "\n".join(report.values())
        return report

    return play


@pytest.fixture
def bank() -> str:
    return (REPOSITORY / "examples" / "bank.py").read_text()


def test_the_page_has_the_text_of_the_files() -> None:
    page = (RECIPE.parent / "neovim.md").read_text()
    for name in ("start_0_7.lua", "start_0_10.lua", "commands.lua"):
        assert f"```lua\n{(RECIPE / name).read_text()}```" in page
    assert '```lua\nrequire("procoder.chat").setup()\n```' in page


def test_a_hover(play, bank, version) -> None:
    name = f"merge_{version.number.replace('.', '_')}"
    seen = play("hover", bank.replace("merge", name))
    assert f"def {name}(" in seen["first"]
    assert "ValueError" in seen["first"]
    assert "smollm2-135m" not in seen["first"]
    assert "smollm2-135m" in seen["second"]


def test_diagnostics(play, bank) -> None:
    seen = play("diagnostics", f"import os\n{bank}")
    assert (seen["line"], seen["source"]) == (0, "procoder")
    assert "os" in seen["message"]


def test_code_actions(play, bank) -> None:
    seen = play("code_actions", f"import os\n{bank}")
    assert seen["fix"]["text"] + "\n" == bank
    before, after = ast.parse(bank), ast.parse(seen["document"]["text"])
    (compound,) = (node for node in after.body if getattr(node, "name", "") == "compound")
    assert ast.get_docstring(compound)
    del compound.body[0]
    assert ast.dump(after) == ast.dump(before)


def test_a_command(play, bank) -> None:
    seen = play("command", bank)
    result = seen["result"]
    assert result["facts"]["recursion"] is True
    assert (result["model"], result["cached"]) == ("smollm2-135m", False)
    shown = [row for row in seen["progress"] if row["title"] == "Explaining compound"]
    pieces = [row["message"] for row in shown[1:-1]]
    assert len(pieces) > 1
    assert all(piece.strip() in result["explanation"] for piece in pieces)
    assert shown[-1]["done"]
    assert seen["level"] == "beginner"


def test_answers_are_shown(play, bank, version) -> None:
    seen = play("show", f"import os\n{bank}")
    print(seen)
    assert seen["windows"] == (1 if version.number == "0.7" else 2)


def test_a_lens(play, bank) -> None:
    seen = play("lens", bank)
    assert (seen["title"][:7], seen["command"]) == ("Explain", "procoder.explain")


def test_a_killed_server_is_started_again(play, bank) -> None:
    seen = play("restart", bank)
    for hover in (seen["before"], seen["after"]):
        assert "merge(intervals" in hover
    assert ":ProcoderRestart" in seen["advice"]
    assert len(set(seen["servers"])) == 3


def test_a_chat(play, bank) -> None:
    seen = play("chat", bank)
    assert len(seen["grown"]) > 3
    assert seen["kept"].count("## You") == 2
    assert seen["text"].count("## You") == 3
    assert seen["text"].endswith("*Stopped.*")
    assert seen["windows"] == 2
