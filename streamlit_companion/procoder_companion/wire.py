"""Requests to the API and its refusals: what whole answers and streams share."""

import json
from typing import TypeVar

import httpx2
from pydantic import BaseModel, ValidationError

from procoder_companion.endpoint import Endpoint
from procoder_companion.errors import (
    CompanionError,
    RefusedError,
    UnknownKeyError,
    UnreachableError,
)

V = TypeVar("V", bound=BaseModel)
_UNAUTHORIZED = 401
_CONNECT_SECONDS = 5.0
_SILENCE_SECONDS = 300.0
"""A large prompt on a small machine is read for minutes before the first word comes."""
TIMEOUT = httpx2.Timeout(_SILENCE_SECONDS, connect=_CONNECT_SECONDS)


def authorization(endpoint: Endpoint) -> dict[str, str]:
    """Return the header that carries the key."""
    return {"Authorization": f"Bearer {endpoint.key}"}


def parse(kind: type[V], body: str | bytes) -> V:
    """Read an answer; raises UnreachableError for one of another shape."""
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise UnreachableError(
            "The API's answer cannot be read. Is it of the same version as the companion?"
        ) from error


def problem(body: str | bytes, status: int) -> CompanionError:
    """Return the error that a problem document, or whatever came instead of one, tells."""
    try:
        detail = json.loads(body)["detail"]
    except (ValueError, KeyError, TypeError):
        detail = f"The API answered with status {status}."
    kind = UnknownKeyError if status == _UNAUTHORIZED else RefusedError
    return kind(str(detail), status)


def unreachable(error: httpx2.TransportError) -> UnreachableError:
    """Return the error for a connection that failed."""
    if isinstance(error, httpx2.TimeoutException):
        return UnreachableError("The tutor's API does not answer. Try again in a moment.")
    return UnreachableError(
        "The connection to the tutor's API was lost. Try again; if that does not help, start "
        "`procoder companion` again."
    )
