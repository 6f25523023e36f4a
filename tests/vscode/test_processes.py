"""The server's process: it comes back, is given up with a reason, and goes with its window."""

import json
import os
import signal
import venv
from pathlib import Path

from playwright.sync_api import expect
from vscode_workbench import STATUS, CodeServer, Workbench, browse, is_alive, wait_until

SERVER = "procoder_cli lsp"
DELAYS = 4
"""As many as src/server/backoff.ts has."""


def test_a_killed_server_comes_back(workbench: Workbench) -> None:
    before = workbench.server.descendants(SERVER)
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    workbench.status_bar("starting again")
    workbench.status_bar("smollm2-135m")
    assert not set(before) & set(workbench.server.descendants(SERVER))
    workbench.hover("merge", "Raises ValueError")


def test_one_that_keeps_ending_is_given_up_and_started_by_hand(workbench: Workbench) -> None:
    status = workbench.page.locator(STATUS)
    for _ in range(DELAYS + 1):
        workbench.status_bar("smollm2-135m")
        for pid in workbench.server.descendants(SERVER):
            os.kill(pid, signal.SIGKILL)
        expect(status).not_to_contain_text("smollm2-135m")
    workbench.status_bar("stopped")
    told = workbench.notification("it ended again and again, last with SIGKILL")
    told.get_by_role("button", name="Restart").click()
    workbench.status_bar("smollm2-135m")


def test_a_python_without_procoder_is_told(code_server: CodeServer, folder: Path) -> None:
    bare = folder / "bare"
    venv.create(bare, symlinks=True)
    (folder / ".vscode").mkdir()
    chosen = {"procoder.server.interpreter": str(bare / "bin/python")}
    (folder / ".vscode/settings.json").write_text(json.dumps(chosen))
    with browse(code_server, folder) as window:
        window.open("sample.py")
        window.status_bar("set up")
        window.command("ProCoder: Explain")
        window.notification("cannot run it: it has no ProCoder installed")


def test_the_server_goes_with_its_window(workbench: Workbench) -> None:
    servers = workbench.server.descendants(SERVER)
    workbench.page.goto("about:blank")
    wait_until(lambda: not any(map(is_alive, servers)))


def test_nothing_stays_behind_when_the_extension_host_dies(workbench: Workbench) -> None:
    servers = workbench.server.descendants(SERVER)
    for pid in workbench.server.descendants("type=extensionHost"):
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not any(map(is_alive, servers)))
