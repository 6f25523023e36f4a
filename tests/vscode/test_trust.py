"""Restricted Mode: what a folder says that nobody trusts is neither run nor followed."""

import json
import sys
from pathlib import Path

from vscode_workbench import CodeServer, browse, wait_until


def test_a_folder_cannot_choose_what_is_run_or_asked_before_it_is_trusted(
    fresh_server: CodeServer, folder: Path
) -> None:
    touched = folder / "touched"
    intruder = folder / "python"
    intruder.write_text(f"#!/bin/sh\ntouch {touched}\n")
    intruder.chmod(0o755)
    (folder / ".vscode").mkdir()
    chosen = {"procoder.server.interpreter": str(intruder), "procoder.level": "expert"}
    (folder / ".vscode/settings.json").write_text(json.dumps(chosen))
    fresh_server.configure(
        procoder__server__interpreter=sys.executable,
        security__workspace__trust__enabled=True,
        security__workspace__trust__startupPrompt="never",
    )
    fresh_server.start()
    with browse(fresh_server, folder) as window:
        window.open("sample.py")
        restricted = window.page.locator(".statusbar-item", has_text="Restricted Mode")
        restricted.wait_for()
        window.status_bar("smollm2-135m")
        window.hover("merge", "Raises ValueError")
        assert not touched.exists()

        restricted.click()
        editor = window.page.locator(".workspace-trust-editor")
        editor.get_by_role("button", name="Trust").first.click()
        restricted.wait_for(state="hidden")
        wait_until(touched.exists)
        window.status_bar("set up")
