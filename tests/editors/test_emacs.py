"""Emacs with Eglot, the newest and an old one, on the real server, host and model.

Emacs does what emacs/driver.el says, with the snippet of docs/editors/emacs.md, and tells what it
saw. `PROCODER_EMACS` names the old Emacs, `PROCODER_EMACS_30` the new one.
"""

import ast
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., dict[str, Any]]
DRIVER = Path(__file__).parent / "emacs" / "driver.el"
PROMPT = "Ask ProCoder: "
"""Emacs prints it, without a line end, where it asks for a line."""
PATIENCE = 240.0
"""Seconds for a whole scenario; the driver gives up sooner, and says at what."""


@pytest.fixture(params=["eglot 1.9", "eglot 1.17"])
def emacs(request: pytest.FixtureRequest, editors: Path) -> str:
    if request.param == "eglot 1.9":
        command = os.environ.get("PROCODER_EMACS", "emacs")
    else:
        command = os.environ.get("PROCODER_EMACS_30", str(editors / "emacs-30" / "emacs"))
    found = shutil.which(command)
    assert found, f"{command} is not there: run tests/editors/install_emacs_helix.sh"
    return found


@pytest.fixture
def snippet(repository: Path) -> Path:
    return repository / "docs" / "editors" / "emacs" / "procoder.el"


@pytest.fixture
def run(emacs: str, editor_environment: dict[str, str], bank: Path, snippet: Path) -> Run:
    """Runs a scenario of the driver, with lines that the user types; returns what Emacs saw."""

    def run(scenario: str, typed: str = "") -> dict[str, Any]:
        done = subprocess.run(
            [emacs, "-Q", "--batch", "-l", str(DRIVER), "-f", scenario],
            env={
                **editor_environment,
                "PROCODER_TEST_FILE": str(bank),
                "PROCODER_TEST_SNIPPET": str(snippet),
            },
            input=typed,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        seen: dict[str, Any] = json.loads(done.stdout.splitlines()[-1].removeprefix(PROMPT))
        return seen

    return run


def test_the_page_has_the_text_of_the_file(snippet: Path) -> None:
    page = snippet.parent.with_suffix(".md").read_text(encoding="utf-8")
    assert f"```elisp\n{snippet.read_text(encoding='utf-8')}```" in page


def test_settings(run: Run) -> None:
    assert run("settings")["level"] == "beginner"


def test_hovers(run: Run) -> None:
    seen = run("hover")
    assert "Raises ValueError when not intervals" in seen["first"]
    assert "Writing the explanation" in seen["first"]
    assert "Raises ValueError" in seen["explained"]
    assert "smollm2-135m" in seen["explained"]


def test_diagnostics(run: Run) -> None:
    problems = dict(run("diagnostics")["problems"])
    assert "F401" in problems["os"]
    assert "F841" in problems["fee"]


def test_a_fix_is_applied(run: Run, bank: Path) -> None:
    before = bank.read_text(encoding="utf-8")
    after = run("fix")["text"]
    assert after != before
    assert after.replace(" ", "") == before.replace("; import os", "").replace(" ", "")


def test_what_a_model_writes_is_applied(run: Run) -> None:
    functions = {
        node.name: node
        for node in ast.parse(run("docstring")["text"]).body
        if isinstance(node, ast.FunctionDef)
    }
    assert ast.get_docstring(functions["compound"])


def test_an_action_shows_its_answer(run: Run) -> None:
    shown = run("explain-action")["shown"]
    assert ("Server reports (type=3): compound: " in shown) or shown.startswith("# compound\n")


def test_an_explanation_streams(run: Run) -> None:
    seen = run("explain")
    assert "Calls itself (recursive)" in seen["answer"]
    assert seen["streamed"]
    assert seen["streamed"].strip() in seen["answer"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("What can go wrong here?", "smollm2-135m"), ("/new", "This is a new conversation")],
)
def test_a_chat(run: Run, typed: str, expected: str) -> None:
    assert expected in run("chat", f"{typed}\n")["answer"]


def test_stopping(run: Run) -> None:
    messages = run("stop", "What can go wrong here?\n")["messages"]
    assert "ProCoder: This was stopped." in messages


def test_a_killed_server_is_restarted(run: Run) -> None:
    seen = run("restart")
    assert seen["restarted"] is True
    assert "Raises ValueError" in seen["hover"]
