"""Who is let in: an ASGI layer around everything else."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from procoder_api.callers import Caller, remember
from procoder_api.door import Door
from procoder_api.errors import (
    ApiError,
    BadRequestError,
    TooLargeError,
    UnauthorizedError,
)
from procoder_api.limits import Limits
from procoder_api.problems import problem_response, tutor_response
from procoder_http.bodies import limited
from procoder_http.keys import Keyring
from procoder_http.names import AllowedNames
from procoder_http.tracing import OPEN_PATHS, trace_of
from procoder_tutor.errors import TutorError

BODY_LIMIT = 16 * 1024 * 1024
"""Bytes of a request: a document of the permitted length in JSON, even with all of it escaped."""
UPLOAD_LIMIT = 32 * 1024 * 1024
"""Bytes of a request that brings files."""
_UPLOADS = "/v1/batches"


@dataclass(frozen=True, slots=True)
class AccessRules:
    """Who may use the service, by which names, and how much."""

    keyring: Keyring
    names: AllowedNames
    limits: Limits
    door: Door


class AccessMiddleware:
    """Demands a key, a Host and an Origin that fit, a bearable body and bearable frequency."""

    def __init__(self, app: ASGIApp, *, rules: AccessRules) -> None:
        self._app = app
        self._rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        try:
            caller = self._caller(scope, headers)
            if caller is None:
                await self._app(scope, receive, send)
                return
            limit = _check_length(scope, headers)
            receive = limited(receive, limit, lambda: TooLargeError(limit))
            with self._rules.door.passing():
                async with self._rules.limits.admitted(caller.key):
                    await self._app(scope, receive, send)
        except ApiError as refusal:
            trace_of(scope).outcome = refusal.code
            await problem_response(refusal)(scope, receive, send)
        except TutorError as error:
            # Of the layers inside, before there is an answer: the routes' own errors end there.
            await tutor_response(error, scope)(scope, receive, send)

    def _caller(self, scope: Scope, headers: Mapping[bytes, bytes]) -> Caller | None:
        """Return who asks, None for a probe; raises ApiError."""
        objection = self._rules.names.objection(headers.get(b"host", b""), headers.get(b"origin"))
        if objection is not None:
            raise BadRequestError(f"{objection[0].upper()}{objection[1:]}.")
        if scope["path"] in OPEN_PATHS:
            return None
        key = self._rules.keyring.find(headers.get(b"authorization", b""))
        if key is None:
            raise UnauthorizedError
        caller = Caller.of(key)
        trace_of(scope).client = key.name
        remember(scope, caller)
        return caller


def _check_length(scope: Scope, headers: Mapping[bytes, bytes]) -> int:
    """Return how many bytes the body may have; raises TooLargeError when it announces more."""
    limit = UPLOAD_LIMIT if scope["path"] == _UPLOADS else BODY_LIMIT
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length) > limit:
        raise TooLargeError(limit)
    return limit
