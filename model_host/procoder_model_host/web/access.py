"""Who may talk to the host: an ASGI layer around everything else."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from procoder_http.bodies import limited
from procoder_http.keys import Keyring
from procoder_http.names import AllowedNames
from procoder_http.tracing import OPEN_PATHS, trace_of
from procoder_model_host.errors import (
    InvalidRequestError,
    RequestError,
    RequestTooLargeError,
    UnauthorizedError,
)
from procoder_model_host.web.replies import error_response

BODY_LIMIT = 4 * 1024 * 1024
"""Bytes; a context window of any model here is far smaller."""


@dataclass(frozen=True, slots=True)
class AccessRules:
    """Who may use the host, and by which names."""

    keyring: Keyring
    names: AllowedNames


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
        await self._app(scope, limited(receive, BODY_LIMIT, _too_large), send)

    def _refusal(self, scope: Scope, headers: Mapping[bytes, bytes]) -> RequestError | None:
        objection = self._rules.names.objection(headers.get(b"host", b""), headers.get(b"origin"))
        if objection is not None:
            return InvalidRequestError(objection)
        if scope["path"] not in OPEN_PATHS:
            key = self._rules.keyring.find(headers.get(b"authorization", b""))
            if key is None or key.scopes is not None:  # those with scopes are for other services
                return UnauthorizedError(
                    "the bearer token is missing or wrong: send the content of the host's token "
                    "file, or a key of your own"
                )
            trace_of(scope).client = key.name
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > BODY_LIMIT:
            return _too_large()
        return None


def _too_large() -> RequestTooLargeError:
    return RequestTooLargeError(f"the body exceeds {BODY_LIMIT} bytes")
