"""Errors as problem documents (RFC 9457), each with the id of its request."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from procoder_api.errors import ApiError
from procoder_http.json_logs import REQUEST_ID
from procoder_http.streams import DisconnectedError
from procoder_http.tracing import CANCELLED, trace_of
from procoder_tutor.errors import (
    BackendRefusedError,
    BackendUnavailableError,
    InputError,
    NoConversationError,
    NoLessonError,
    NoSymbolError,
    StorageError,
    TutorError,
    describe,
)

MEDIA_TYPE = "application/problem+json"
_TYPE = "urn:procoder:problem:"
_INTERNAL = 500
_INVALID = 422
_RETRY_SECONDS = "5"
_CLIENT_GONE = 499
"""nginx's status for a client that closed the connection; nobody reads it."""
_TUTOR: tuple[tuple[type[TutorError], int, str], ...] = (
    (NoConversationError, 404, "no-conversation"),
    (NoLessonError, 404, "no-lesson"),
    (NoSymbolError, 422, "no-symbol"),
    (InputError, 422, "unusable"),
    (BackendUnavailableError, 503, "model-unavailable"),
    (BackendRefusedError, 502, "model-refused"),
    (StorageError, 503, "storage"),
)
"""Status and code of each error of the tutor; the more special one first."""


class FieldProblem(BaseModel):
    """What is wrong with one value of a request."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    place: list[str | int]
    """Where it is, e.g. `["body", "line"]`."""
    detail: str


class Problem(BaseModel):
    """An error (RFC 9457)."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    type: str
    """`urn:procoder:problem:` and a stable code."""
    title: str
    """What the status means."""
    status: int
    detail: str
    """What happened and what to do, in a sentence or two."""
    request_id: str | None = None
    """As in the answer's `X-Request-Id`, and in the log."""
    errors: list[FieldProblem] = []
    """Of a request that does not fit its schema."""


def problem_response(error: ApiError) -> Response:
    """Return the answer for an error of the API."""
    return _response(error.code, error.status_code, error.detail, headers=error.headers)


def tutor_problem(error: TutorError) -> tuple[int, Problem]:
    """Return status and problem of an error of the tutor."""
    known = ((status, code) for kind, status, code in _TUTOR if isinstance(error, kind))
    status, code = next(known, (_INTERNAL, "internal-error"))
    return status, _problem(code, status, describe(error))


def tutor_response(error: TutorError, scope: Scope) -> Response:
    """Return the answer for an error of the tutor."""
    status, problem = tutor_problem(error)
    trace_of(scope).outcome = problem.type.removeprefix(_TYPE)
    headers = {"Retry-After": _RETRY_SECONDS} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    return _render(problem, headers)


def fault() -> Problem:
    """Return the problem of what should not happen."""
    detail = "A fault of this server; its log says more under the id of this request."
    return _problem("internal-error", _INTERNAL, detail)


def handle_errors(app: FastAPI) -> None:
    """Let every error of an application become a problem document."""
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(TutorError, _on_tutor_error)
    app.add_exception_handler(DisconnectedError, _on_disconnect)
    app.add_exception_handler(ClientDisconnect, _on_disconnect)
    app.add_exception_handler(Exception, _on_fault)


async def _on_http_error(request: Request, error: Exception) -> Response:
    if isinstance(error, ApiError):
        trace_of(request.scope).outcome = error.code
        return problem_response(error)
    status = error.status_code if isinstance(error, HTTPException) else _INTERNAL
    words = {
        404: f"There is nothing at {request.url.path}.",
        405: f"{request.url.path} does not take {request.method}.",
    }
    code = HTTPStatus(status).phrase.lower().replace(" ", "-")
    trace_of(request.scope).outcome = code
    headers = error.headers if isinstance(error, HTTPException) else None
    return _response(code, status, words.get(status, str(getattr(error, "detail", ""))), headers)


async def _on_invalid(request: Request, error: Exception) -> Response:
    """Say what does not fit, without repeating it: it may be code, or a secret."""
    trace_of(request.scope).outcome = "invalid"
    details = error.errors() if isinstance(error, RequestValidationError) else []
    errors = [FieldProblem(place=list(d["loc"]), detail=str(d["msg"])) for d in details]
    return _response("invalid", _INVALID, "The request does not fit its schema.", errors=errors)


async def _on_tutor_error(request: Request, error: Exception) -> Response:
    known = error if isinstance(error, TutorError) else TutorError("An error")
    return tutor_response(known, request.scope)


async def _on_fault(request: Request, _: Exception) -> Response:
    trace_of(request.scope).outcome = "internal-error"
    return _render(fault(), None)


async def _on_disconnect(request: Request, _: Exception) -> Response:
    trace_of(request.scope).outcome = CANCELLED
    return Response(status_code=_CLIENT_GONE)


def _response(
    code: str,
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    errors: list[FieldProblem] | None = None,
) -> Response:
    return _render(_problem(code, status, detail, errors), headers)


def _problem(
    code: str, status: int, detail: str, errors: list[FieldProblem] | None = None
) -> Problem:
    return Problem(
        type=_TYPE + code,
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        request_id=REQUEST_ID.get(),
        errors=errors or [],
    )


def _render(problem: Problem, headers: Mapping[str, str] | None) -> Response:
    content: dict[str, Any] = problem.model_dump(exclude_none=True, exclude_defaults=True)
    return JSONResponse(content, problem.status, headers, media_type=MEDIA_TYPE)
