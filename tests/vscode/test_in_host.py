"""in_host/index.js, run inside the extension host beside the installed extension."""

import json
import sys
from pathlib import Path
from urllib.parse import urlencode

from vscode_workbench import CodeServer, browse, wait_until

SECONDS = 180


def test_in_the_extension_host(fresh_server: CodeServer, folder: Path) -> None:
    fresh_server.configure(procoder__server__interpreter=sys.executable)
    fresh_server.start("--disable-workspace-trust", "--vscode-option", "enable-smoke-test-driver")
    remote = f"vscode-remote://127.0.0.1:{fresh_server.port}"
    tests = f"{remote}{Path(__file__).parent / 'in_host'}"
    payload = [["extensionDevelopmentPath", tests], ["extensionTestsPath", f"{tests}/index.js"]]
    query = urlencode({"folder": str(folder), "payload": json.dumps(payload)})
    codes: list[int] = []
    said: list[str] = []
    with browse(fresh_server, folder) as window:
        page = window.page
        page.expose_function("codeAutomationLog", lambda _kind, _arguments: None)
        page.expose_function("codeAutomationExit", lambda code, _logs=None: codes.append(code))
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"http://127.0.0.1:{fresh_server.port}/?{query}")

        def finished() -> bool:
            page.wait_for_timeout(100)  # lets Playwright hand over what the page called
            return bool(codes)

        wait_until(finished, SECONDS)
    assert codes == [0], "\n".join(text for text in said if "AssertionError" in text)
