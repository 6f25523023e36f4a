"""A key is asked for, kept in the secret storage, and sent to a model server of the user's."""

import http.server
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from vscode_workbench import CodeServer, browse, wait_until

KEY = "k3y-that-nobody-reads"


class ModelServer:
    """Answers `GET /v1/models`, and remembers who asked."""

    def __init__(self) -> None:
        authorizations: list[str] = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                authorizations.append(self.headers.get("Authorization", ""))
                body = json.dumps({"object": "list", "data": []}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.authorizations = authorizations
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http.server_port}"


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    server = ModelServer()
    thread = Thread(target=server.http.serve_forever)
    thread.start()
    yield server
    server.http.shutdown()
    thread.join()
    server.http.server_close()


def test_a_key_reaches_the_server_and_no_file(
    fresh_server: CodeServer, folder: Path, model_server: ModelServer
) -> None:
    fresh_server.configure(
        procoder__server__interpreter=sys.executable,
        procoder__host__url=model_server.url,
        procoder__trace__server="messages",
    )
    fresh_server.start("--disable-workspace-trust")
    with browse(fresh_server, folder) as window:
        window.open("sample.py")
        window.status_bar("smollm2-135m")
        wait_until(lambda: bool(model_server.authorizations))
        assert set(model_server.authorizations) == {""}
        window.command("ProCoder: Set the Token of the Model Server")
        box = window.page.locator(".quick-input-widget input[type=password]")
        box.fill(KEY)
        box.press("Enter")
        wait_until(lambda: f"Bearer {KEY}" in model_server.authorizations)
    written = [file for file in fresh_server.folder.rglob("*") if file.is_file()]
    assert not [file for file in written if KEY.encode() in file.read_bytes()]
