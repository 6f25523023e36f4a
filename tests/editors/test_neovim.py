"""Neovim, old and new, with the recipe of docs/editors/neovim.md, on the real server and model.

Neovim plays the scenarios of neovim/scenarios and tells what it saw. `PROCODER_NVIM_0_7` and
`PROCODER_NVIM_0_10` name the editors.
"""

import ast
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Play = Callable[..., dict[str, Any]]
DRIVER = Path(__file__).parent / "neovim"
PATIENCE = 600.0
"""Seconds for a whole scenario; the driver gives up sooner, and says at what."""


@pytest.fixture(params=["0.7", "0.10"])
def version(request: pytest.FixtureRequest) -> str:
    number: str = request.param
    return number


@pytest.fixture
def neovim(version: str, editors: Path) -> str:
    default = editors / f"neovim-{version}" / "nvim"
    command = os.environ.get(f"PROCODER_NVIM_{version.replace('.', '_')}", str(default))
    found = shutil.which(command)
    assert found, f"{command} is not there: run tests/editors/install_neovim.sh"
    return found


@pytest.fixture
def recipe(repository: Path) -> Path:
    return repository / "docs" / "editors" / "neovim"


@pytest.fixture
def configuration(editor_environment: dict[str, str], recipe: Path, version: str) -> Path:
    """The user's folder, with everything that the page says."""
    folder = Path(editor_environment["HOME"]) / ".config" / "nvim"
    shutil.copytree(recipe / "lua", folder / "lua")
    start = recipe / f"start_{version.replace('.', '_')}.lua"
    snippets = [path.read_text() for path in (start, recipe / "commands.lua")]
    (folder / "init.lua").write_text("\n".join([*snippets, 'require("procoder.chat").setup()\n']))
    return folder


@pytest.fixture
def play(
    neovim: str, configuration: Path, editor_environment: dict[str, str], tmp_path: Path
) -> Play:
    """Plays a scenario in a Neovim that shows a text; returns what that saw."""

    def play(scenario: str, text: str) -> dict[str, Any]:
        file, report = tmp_path / "bank.py", tmp_path / "report.json"
        file.write_text(text)
        subprocess.run(
            [neovim, "--headless", "-n", str(file), "-c", f"luafile {DRIVER / 'run.lua'}"],
            env={
                **editor_environment,
                "PROCODER_IDLE_ENABLED": "false",  # it would explain code before it is hovered
                "SCENARIO": scenario,
                "REPORT": str(report),
            },
            check=True,
            timeout=PATIENCE,
        )
        seen: dict[str, Any] = json.loads(report.read_text())
        assert "failure" not in seen, "\n".join(seen.values())
        return seen

    return play


@pytest.fixture
def bank(repository: Path) -> str:
    return (repository / "examples" / "bank.py").read_text()


def test_the_page_has_the_text_of_the_files(recipe: Path) -> None:
    page = (recipe.parent / "neovim.md").read_text()
    for path in recipe.glob("*.lua"):
        assert f"```lua\n{path.read_text()}```" in page
    assert '```lua\nrequire("procoder.chat").setup()\n```' in page


def test_a_hover_and_its_explanation(play: Play, bank: str) -> None:
    seen = play("hover", bank)
    assert "merge(intervals: list[tuple[int, int]])" in seen["first"]
    assert "ValueError" in seen["first"]
    assert "Writing the explanation" in seen["first"]
    assert "smollm2-135m" in seen["second"]


def test_diagnostics(play: Play, bank: str) -> None:
    seen = play("diagnostics", f"import os\n{bank}")
    assert (seen["line"], seen["source"]) == (0, "procoder")
    assert "`os`" in seen["message"].replace("'", "`")


def test_code_actions_change_the_buffer(play: Play, bank: str) -> None:
    seen = play("code_actions", f"import os\n{bank}")
    assert seen["fix"]["text"] + "\n" == bank
    before, after = ast.parse(bank), ast.parse(seen["document"]["text"])
    (compound,) = (node for node in after.body if getattr(node, "name", "") == "compound")
    assert isinstance(compound, ast.FunctionDef)
    assert ast.get_docstring(compound)
    del compound.body[0]
    assert ast.dump(after) == ast.dump(before)


def test_a_command_with_progress(play: Play, bank: str) -> None:
    seen = play("command", bank)
    result = seen["result"]
    assert result["facts"]["recursion"] is True
    assert (result["model"], result["cached"]) == ("smollm2-135m", False)
    shown = [row for row in seen["progress"] if row["title"] == "Explaining compound"]
    assert shown[0]["message"] == "reading the code"
    assert shown[-1]["done"]
    pieces = [row["message"] for row in shown[:-1] if row["message"] != "reading the code"]
    assert pieces
    assert all(piece.strip() in result["explanation"] for piece in pieces)
    assert seen["level"] == "beginner"


def test_answers_take_turns_in_the_preview_window(play: Play, bank: str) -> None:
    seen = play("show", f"import os\n{bank}")
    assert "smollm2-135m" in seen["explanation"]
    assert all(hint.startswith("# Hint for line 1\n") for hint in seen["hints"])
    assert (seen["windows"], seen["stays"]) == (2, True)


def test_a_lens(play: Play, bank: str) -> None:
    seen = play("lens", bank)
    assert seen["titles"] == ["Explain", "Document"]
    assert "smollm2-135m" in seen["page"]


def test_a_killed_server_is_started_again(play: Play, bank: str) -> None:
    seen = play("restart", bank)
    for hover in (seen["before"], seen["after"]):
        assert "merge(intervals" in hover
    assert ":ProcoderRestart" in seen["advice"]
    assert "*Stopped.*" in seen["chat"]
    assert len(set(seen["servers"])) == 3


def test_a_chat(play: Play, bank: str) -> None:
    seen = play("chat", bank)
    assert seen["kept"].count("## You") == 2
    assert seen["text"].count("## You") == 3
    assert re.search(r"## ProCoder\n\nLines? \d.+\n\n\*Stopped\.\*$", seen["text"], re.DOTALL)
    assert seen["windows"] == 2


def test_the_other_commands_of_the_recipe(play: Play, bank: str) -> None:
    seen = play("commands", f"import os\n{bank}")
    assert "`F401`" in seen["problem"]
    explaining = [row for row in seen["progress"] if row["title"] == "Explaining this code"]
    assert explaining[-1]["message"] == "Stopped"
    assert "smollm2-135m" in seen["answer"]


def test_an_editor_without_the_recipe(
    play: Play, configuration: Path, bank: str, version: str
) -> None:
    shutil.copy(DRIVER / "bare_init.lua", configuration / "init.lua")
    seen = play("bare", f"import os\n{bank}")
    before = {"0.7": "LSP[procoder][Info] ", "0.10": "# "}[version]
    assert seen["explanation"].startswith(f"{before}merge")
    first, second = seen["hints"]
    assert first.startswith(f"{before}Hint for line 1")
    assert second.startswith(f"{before}Hint for line 1")
    assert first != second
