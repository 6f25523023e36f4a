"""Who may talk to the host: an ASGI layer around everything else."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from procoder_model_host.errors import (
    InvalidRequestError,
    RequestError,
    RequestTooLargeError,
    UnauthorizedError,
)
from procoder_model_host.web.keys import Keyring
from procoder_model_host.web.replies import error_response
from procoder_model_host.web.tracing import OPEN_PATHS, trace_of

BODY_LIMIT = 4 * 1024 * 1024
"""Bytes; a context window of any model here is far smaller."""


@dataclass(frozen=True, slots=True)
class AccessRules:
    """Which names a request may call the host by."""

    keyring: Keyring
    loopback: bool
    """Only this machine can reach the host."""
    allowed_hosts: frozenset[str] = frozenset()
    """Names, in lower case, by which a proxy or other machines may call it."""

    def refusal_of_names(self, host: bytes, origin: bytes | None) -> RequestError | None:
        """Keep web pages away that reach this host through a browser (DNS rebinding).

        A host that is open to others and was given no names answers to all of them, but only to
        pages of the same name.
        """
        name = _hostname(b"//" + host)
        named = self.loopback or self.allowed_hosts
        if name is None or (named and not self._knows(name)):
            return InvalidRequestError("the Host header does not name this host")
        if origin is None:
            return None
        source = _hostname(origin)
        if source is None or not (self._knows(source) if named else source == name):
            return InvalidRequestError("the Origin header is not of this host")
        return None

    def _knows(self, name: str) -> bool:
        return _is_local(name) or name in self.allowed_hosts


class AccessMiddleware:
    """Demands the bearer token, a Host and an Origin that fit, and a body of bearable size."""

    def __init__(self, app: ASGIApp, *, rules: AccessRules) -> None:
        self._app = app
        self._rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            trace_of(scope).outcome = refusal.code.value
            await error_response(refusal)(scope, receive, send)
            return
        await self._app(scope, _limited(receive), send)

    def _refusal(self, scope: Scope, headers: Mapping[bytes, bytes]) -> RequestError | None:
        refusal = self._rules.refusal_of_names(headers.get(b"host", b""), headers.get(b"origin"))
        if refusal is not None:
            return refusal
        if scope["path"] not in OPEN_PATHS:
            client = self._rules.keyring.client(headers.get(b"authorization", b""))
            if client is None:
                return UnauthorizedError(
                    "the bearer token is missing or wrong: send the content of the host's token "
                    "file, or a key of your own"
                )
            trace_of(scope).client = client
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


def _hostname(url: bytes) -> str | None:
    try:
        return urlsplit(url.decode("ascii")).hostname
    except ValueError:
        return None


def _is_local(name: str) -> bool:
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
