"""HTTP responses of the host: errors, and event streams that notice when nobody listens."""

import asyncio
import contextlib
import json
import logging
import math
import time
from collections.abc import AsyncGenerator, Coroutine, Mapping
from typing import Any, TypeVar

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from procoder_http.tracing import CANCELLED, Trace, trace_of
from procoder_model_host.errors import InternalError, RequestError
from procoder_protocol.errors import ErrorCode
from procoder_protocol.wire import ErrorBody

log = logging.getLogger(__name__)

T = TypeVar("T")

KEEP_ALIVE_SECONDS = 10.0
"""Of silence in a stream, before a comment is sent."""

STATUS: Mapping[ErrorCode, int] = {
    ErrorCode.INVALID_REQUEST: 400,
    ErrorCode.CONTEXT_LENGTH_EXCEEDED: 400,
    ErrorCode.UNAUTHORIZED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.MODEL_NOT_FOUND: 404,
    ErrorCode.REQUEST_TOO_LARGE: 413,
    ErrorCode.QUEUE_FULL: 429,
    ErrorCode.INTERNAL_ERROR: 500,
    ErrorCode.ENGINE_CRASHED: 502,
    ErrorCode.ENGINE_LOADING: 503,
    ErrorCode.ENGINE_FAILED: 503,
    ErrorCode.OUT_OF_MEMORY: 503,
    ErrorCode.HOST_LEAVING: 503,
    ErrorCode.MODEL_SWITCHED: 409,
    ErrorCode.DEADLINE_EXCEEDED: 504,
}
"""HTTP status of each error code."""

_RETRY_AFTER = {ErrorCode.QUEUE_FULL: 5, ErrorCode.ENGINE_LOADING: 2, ErrorCode.ENGINE_CRASHED: 1}
"""Seconds, where the error itself does not know better."""


class DisconnectedError(Exception):
    """The client is gone; there is nobody to answer."""


def error_body(error: RequestError) -> ErrorBody:
    """Return the OpenAI error body of an error."""
    status = STATUS[error.code]
    if status == STATUS[ErrorCode.UNAUTHORIZED]:
        kind = "authentication_error"
    else:
        kind = "invalid_request_error" if status < STATUS[ErrorCode.INTERNAL_ERROR] else "api_error"
    return {
        "error": {
            "message": str(error),
            "type": kind,
            "code": error.code.value,
            "param": error.param,
        }
    }


def error_response(
    error: RequestError, status: int | None = None, extra: Mapping[str, str] | None = None
) -> Response:
    """Return the HTTP response of an error; `status` overrides the one of its code."""
    headers = dict(extra or {})
    retry_after = error.retry_after or _RETRY_AFTER.get(error.code)
    if retry_after is not None:
        headers["Retry-After"] = str(math.ceil(retry_after))
    if error.code is ErrorCode.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(error_body(error), status or STATUS[error.code], headers)


async def until_disconnect(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """Run `work`, and cancel it when the client leaves; then raises DisconnectedError.

    The body of the request must have been read before.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_disconnect(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise DisconnectedError
        return working.result()
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class EventStream(Response):
    """Server-sent events from an async iterator, which is closed when the client leaves."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncGenerator[Mapping[str, object], None]) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events; an error becomes the last of them."""
        await send(
            {
                "type": "http.response.start",
                "status": self.status_code,
                "headers": self.raw_headers,
            }
        )
        try:
            await until_disconnect(receive, self._send_events(_Emitter(send), trace_of(scope)))
        except DisconnectedError:
            trace_of(scope).outcome = CANCELLED

    async def _send_events(self, emitter: "_Emitter", trace: Trace) -> None:
        reminding = asyncio.create_task(emitter.remind())
        last = "[DONE]"
        async with contextlib.aclosing(self._events) as events:
            try:
                async for event in events:
                    await emitter.data(json.dumps(event, ensure_ascii=False))
            except RequestError as error:
                trace.outcome = error.code.value
                last = json.dumps(error_body(error))
            except Exception:
                log.exception("a stream broke")
                trace.outcome = InternalError.code.value
                last = json.dumps(error_body(InternalError()))
            finally:
                reminding.cancel()
                await asyncio.gather(reminding, return_exceptions=True)
        await emitter.data(last, more=False)


class _Emitter:
    """Sends events, and comments when there was none for a while: clients ignore those."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._quiet_since = time.monotonic()

    async def data(self, data: str, *, more: bool = True) -> None:
        """Send an event."""
        await self._emit(f"data: {data}\n\n", more=more)

    async def remind(self) -> None:
        """Send a comment whenever nothing else was sent for KEEP_ALIVE_SECONDS."""
        while True:
            rest = self._quiet_since + KEEP_ALIVE_SECONDS - time.monotonic()
            if rest <= 0:
                await self._emit(": waiting\n\n", more=True)
            else:
                await asyncio.sleep(rest)

    async def _emit(self, text: str, *, more: bool) -> None:
        self._quiet_since = time.monotonic()
        await self._send({"type": "http.response.body", "body": text.encode(), "more_body": more})
