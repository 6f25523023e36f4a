"""An id, a log line and a count for every request: the outermost ASGI layer."""

import logging
import time
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from procoder_http.json_logs import REQUEST_ID, request_id

log = logging.getLogger("procoder_http.requests")

OPEN_PATHS = frozenset({"/healthz", "/readyz"})
"""Probes carry no token, and are not logged."""
CANCELLED = "cancelled"
_CLIENT_ERROR = 400
_HEADER = b"x-request-id"


class Trace:
    """What is known about a request so far; the layers inside fill it in."""

    def __init__(self) -> None:
        self.client = ""
        """Name of the key."""
        self.outcome = ""
        """Error code on the wire, or `cancelled`; empty when nothing went wrong."""
        self.details: dict[str, object] = {}
        """What else the service says about it in its log, by name."""


def trace_of(scope: Scope) -> Trace:
    """Return the trace of a request."""
    trace: Trace = scope.setdefault("state", {}).setdefault("trace", Trace())
    return trace


class TracingMiddleware:
    """Returns `X-Request-Id`, logs one line and counts once when the answer is complete."""

    def __init__(self, app: ASGIApp, *, count: Callable[[str, str], None]) -> None:
        """`count` takes route and outcome."""
        self._app = app
        self._count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request with an id of its own."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == _HEADER), None)
        identifier = request_id(given)
        trace, status, arrived = trace_of(scope), 0, time.perf_counter()

        async def traced(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (_HEADER, identifier.encode())]
            await send(message)

        token = REQUEST_ID.set(identifier)
        try:
            await self._app(scope, receive, traced)
        finally:
            route = getattr(scope.get("route"), "path", "unmatched")
            outcome = trace.outcome or ("error" if status >= _CLIENT_ERROR else "ok")
            self._count(route, outcome)
            if scope["path"] not in OPEN_PATHS:
                self._log(scope, trace, route, outcome, status, time.perf_counter() - arrived)
            REQUEST_ID.reset(token)

    @staticmethod
    def _log(  # noqa: PLR0913, PLR0917 - the fields of a line
        scope: Scope, trace: Trace, route: str, outcome: str, status: int, seconds: float
    ) -> None:
        fields = {
            "route": route,
            "status": status,
            "outcome": outcome,
            "client": trace.client,
            "duration_ms": round(seconds * 1000, 1),
            **trace.details,
        }
        log.info("%s %s: %s", scope["method"], route, outcome, extra=fields)
