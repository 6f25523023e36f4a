"""The server's process: it comes back, is given up with a reason, and goes with its window."""

import os
import signal

from vscode_workbench import Workbench, is_alive, wait_until

SERVER = "procoder_cli lsp"


def test_a_killed_server_comes_back(workbench: Workbench) -> None:
    before = workbench.server.descendants(SERVER)
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    workbench.status_bar("starting again")
    workbench.status_bar("smollm2-135m")
    assert not set(before) & set(workbench.server.descendants(SERVER))
    workbench.hover("merge", "Raises ValueError")


def test_nothing_stays_behind_when_the_extension_host_dies(workbench: Workbench) -> None:
    servers = workbench.server.descendants(SERVER)
    for pid in workbench.server.descendants("type=extensionHost"):
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not any(map(is_alive, servers)))
