"""HTTP responses of the host: errors, and event streams that notice when nobody listens."""

import contextlib
import json
import logging
import math
from collections.abc import AsyncGenerator, Mapping

from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from procoder_http.streams import Emitter, StreamedResponse
from procoder_http.tracing import trace_of
from procoder_model_host.errors import InternalError, RequestError
from procoder_protocol.errors import ErrorCode
from procoder_protocol.wire import ErrorBody

log = logging.getLogger(__name__)

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


class EventStream(StreamedResponse):
    """OpenAI's chunks from an async iterator, then `[DONE]` or the error that ended them."""

    def __init__(self, events: AsyncGenerator[Mapping[str, object], None]) -> None:
        super().__init__()
        self._events = events

    async def send_events(self, emitter: Emitter, scope: Scope) -> str:
        """See StreamedResponse."""
        trace, last = trace_of(scope), "[DONE]"
        async with contextlib.aclosing(self._events) as events:
            try:
                async for event in events:
                    await emitter.emit(_data(json.dumps(event, ensure_ascii=False)))
            except RequestError as error:
                trace.outcome = error.code.value
                last = json.dumps(error_body(error))
            except Exception:
                log.exception("a stream broke")
                trace.outcome = InternalError.code.value
                last = json.dumps(error_body(InternalError()))
        return _data(last)


def _data(data: str) -> str:
    return f"data: {data}\n\n"
