"""Who may talk to the host: an ASGI layer around everything else."""

import hmac
import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from procoder_model_host.errors import InvalidRequestError, RequestTooLargeError, UnauthorizedError
from procoder_model_host.replies import error_response

OPEN_PATHS = frozenset({"/healthz", "/readyz"})
"""Probes carry no token."""
BODY_LIMIT = 4 * 1024 * 1024
"""Bytes; a context window of any model here is far smaller."""


class AccessMiddleware:
    """Demands the bearer token, and on a loopback bind a local Host and Origin.

    The latter two keep web pages in a browser on this machine away (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, *, token: str, loopback: bool) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()
        self._loopback = loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        refusal = self._refusal(scope["path"], headers)
        if refusal is not None:
            await error_response(refusal)(scope, receive, send)
            return
        await self._app(scope, _limited(receive), send)

    def _refusal(
        self, path: str, headers: Mapping[bytes, bytes]
    ) -> InvalidRequestError | UnauthorizedError | RequestTooLargeError | None:
        if self._loopback and not _is_local(b"//" + headers.get(b"host", b"")):
            return InvalidRequestError("the Host header does not name this machine")
        origin = headers.get(b"origin")
        if self._loopback and origin is not None and not _is_local(origin):
            return InvalidRequestError("the Origin header is not of this machine")
        given = headers.get(b"authorization", b"")
        if path not in OPEN_PATHS and not hmac.compare_digest(given, self._expected):
            return UnauthorizedError(
                "the bearer token is missing or wrong: send the content of the host's token file"
            )
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > BODY_LIMIT:
            return RequestTooLargeError(f"the body exceeds {BODY_LIMIT} bytes")
        return None


def _limited(receive: Receive) -> Receive:
    """Hold a body to the limit that did not announce its length."""
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > BODY_LIMIT:
                raise RequestTooLargeError(f"the body exceeds {BODY_LIMIT} bytes")
        return message

    return limited


def _is_local(url: bytes) -> bool:
    try:
        name = urlsplit(url.decode("ascii")).hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
