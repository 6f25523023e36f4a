"""Helix in a terminal, on the real server, host and model, with the snippets of docs/editors.

`PROCODER_HELIX` names the Helix.
"""

import ast
import os
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from terminal import Terminal

AGAIN = "hover again"
CHOSEN = re.compile(r"\x1b\[(?:\d+;)*7m(?:\x1b\[[\d;]*m)* (\w[^\x1b]*)")
"""An entry of a menu in reversed colours; the cursor's character has them too, but no space."""
MOST_ENTRIES = 12
"""Of a menu, more than there are."""
MOST_HOVERS = 200
"""Before an explanation is given up, each as quick as Helix and the machine are."""
PROBLEMS = "●"
"""Stands in the status line with the number of problems: the server has read the file."""
RAISES = "Raises ValueError when not intervals"
UNSAVED = "[+]"
UNUSED = "'os' imported but unused"


class Helix:
    """One Helix with one file, as its user sees it."""

    def __init__(self, terminal: Terminal, file: Path) -> None:
        self.terminal = terminal
        self._file = file
        terminal.until_shown("A small bank")
        terminal.until_shown(PROBLEMS)

    def go(self, text: str) -> None:
        """Search from the beginning; the cursor is then on the last character."""
        self.terminal.press("g", "g")
        self.terminal.type(f"/{text}")
        self.terminal.press("Enter")

    def hover(self, text: str) -> str:
        """Hover until a text is there; returns the screen."""
        for _ in range(MOST_HOVERS):
            self.terminal.press("Space", "k")
            screen = self.terminal.until_shown(text, AGAIN)
            if text in screen:
                return screen
            self.terminal.press("Escape")
            self.terminal.until_gone(AGAIN)
        raise AssertionError(f"{text} is not in the hover")

    def choose(self, *titles: str) -> None:
        """Choose a code action at the cursor, by any of its titles."""
        self.terminal.press("Space", "a")
        self.terminal.until_shown(*titles)
        for _ in range(MOST_ENTRIES):
            chosen = self._chosen()
            if chosen.startswith(titles):
                self.terminal.press("Enter")
                return
            self.terminal.press("Down")
            self.terminal.until(lambda _, left=chosen: self._chosen() not in {left, ""})
        raise AssertionError(f"{titles} cannot be chosen")

    def run(self, command: str) -> None:
        """Run one of Helix's own commands."""
        self.terminal.type(f":{command}")
        self.terminal.press("Enter")

    def saved(self) -> str:
        """Save the file; returns its text."""
        self.run("write")
        self.terminal.until_gone(UNSAVED)
        return self._file.read_text(encoding="utf-8")

    def kill_server(self) -> None:
        """Kill the language server as an out-of-memory killer would."""
        threads = Path(f"/proc/{self.terminal.pid}/task").glob("*/children")
        (server,) = [int(child) for thread in threads for child in thread.read_text().split()]
        os.kill(server, signal.SIGKILL)

    def _chosen(self) -> str:
        """Return the entry of a menu that is highlighted; empty where none is."""
        found = CHOSEN.search(self.terminal.screen(colours=True))
        return found[1] if found else ""


@pytest.fixture
def recipe(repository: Path) -> Path:
    return repository / "docs" / "editors" / "helix"


@pytest.fixture
def helix(
    editors: Path, editor_environment: dict[str, str], bank: Path, recipe: Path
) -> Iterator[Helix]:
    command = os.environ.get("PROCODER_HELIX", str(editors / "helix" / "hx"))
    for needed in (command, "tmux"):
        found = shutil.which(needed)
        assert found, f"{needed} is not there: run tests/editors/install_emacs_helix.sh"
    configuration = Path(editor_environment["HOME"]) / ".config" / "helix"
    shutil.copytree(recipe, configuration)
    terminal = Terminal([command, bank.name], editor_environment, bank.parent)
    try:
        yield Helix(terminal, bank)
    finally:
        terminal.close()


def test_the_page_has_the_text_of_the_files(recipe: Path) -> None:
    page = recipe.with_suffix(".md").read_text(encoding="utf-8")
    for file in recipe.glob("*.toml"):
        assert f"```toml\n{file.read_text(encoding='utf-8')}```" in page


def test_settings(helix: Helix) -> None:
    helix.go("def merge")
    assert "Work: O(n log n)" not in helix.hover("Sorts the items of intervals")


def test_hovers(helix: Helix) -> None:
    helix.go("def merge")
    assert "merge(intervals: list[tuple[int, int]])" in helix.hover(RAISES)
    helix.terminal.press("Escape")
    helix.terminal.until_gone(RAISES)
    assert RAISES in helix.hover("the model's reading")


def test_diagnostics(helix: Helix) -> None:
    helix.go("import os")
    helix.terminal.until_shown(UNUSED)


def test_a_fix_is_applied(helix: Helix, bank: Path) -> None:
    before = bank.read_text(encoding="utf-8")
    helix.go("import os")
    helix.choose("Remove the unused import os", "Fix: ")  # the latter on a busy machine
    helix.terminal.until_gone("import os")
    assert helix.saved().replace(" ", "") == before.replace("; import os", "").replace(" ", "")


def test_what_a_model_writes_is_applied(helix: Helix) -> None:
    helix.go("def compound")
    helix.choose("Add a docstring to compound")
    helix.terminal.until_shown(UNSAVED)
    functions = {
        node.name: node
        for node in ast.parse(helix.saved()).body
        if isinstance(node, ast.FunctionDef)
    }
    assert ast.get_docstring(functions["compound"])


def test_an_explanation_opens_beside_the_code(helix: Helix) -> None:
    helix.go("def compound")
    helix.choose("Explain this: compound")
    assert "Calls itself (recursive)" in helix.terminal.until_shown("# compound")


def test_progress(helix: Helix) -> None:
    helix.go("def compound")
    helix.choose("Explain this: compound")
    helix.terminal.until(re.compile(r"\[procoder-\w{6}\] .* checked").search)


def test_a_command(helix: Helix) -> None:
    helix.go("import os")
    helix.terminal.until_shown(UNUSED)
    helix.run("lsp-workspace-command procoder.toggle")
    helix.terminal.until_gone(UNUSED)
    helix.run("lsp-workspace-command procoder.toggle")
    helix.terminal.until_shown(UNUSED)


def test_why_a_command_failed_is_shown(helix: Helix) -> None:
    helix.go("def merge")
    helix.choose("Ask about merge")
    helix.terminal.until_shown("This editor shows no questions to choose from")


def test_a_killed_server_is_restarted(helix: Helix) -> None:
    helix.go("def merge")
    helix.kill_server()
    helix.terminal.until_gone(PROBLEMS)
    helix.run("set-language python")  # :lsp-restart of 25.01 restarts only what still runs
    helix.terminal.until_shown(PROBLEMS)
    helix.hover(RAISES)
