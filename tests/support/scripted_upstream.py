"""A model server of the user's that answers every chat with what it was told to say."""

import http.server
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Thread
from typing import Any


@contextmanager
def scripted_upstream(answers: Sequence[str]) -> Iterator[str]:
    """Serve the part of OpenAI's API that a chat needs; yields the URL.

    The n-th chat is answered with the n-th answer, those after the last with the last.
    """
    left = list(answers)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            models = {"object": "list", "data": [{"id": "scripted", "object": "model"}]}
            self._send(200, "application/json", json.dumps(models).encode())

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            if self.path != "/v1/chat/completions":
                self._send(404, "application/json", b"{}")
                return
            answer = left.pop(0) if len(left) > 1 else left[0]
            events = "".join(f"data: {json.dumps(event)}\n\n" for event in _events(answer))
            self._send(200, "text/event-stream", f"{events}data: [DONE]\n\n".encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _events(answer: str) -> Iterator[dict[str, Any]]:
    yield {"choices": [{"index": 0, "delta": {"content": answer}, "finish_reason": None}]}
    yield {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
