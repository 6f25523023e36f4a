"""Errors of the REST API. Each is an answer: a status, a code and a sentence.

ApiError (an HTTPException, so that the framework lets it pass wherever it is raised)
├── BadRequestError         400  a header or a cursor cannot be used
├── UnauthorizedError       401  no key, or one that is unknown or revoked
├── ForbiddenError          403  the key may not be used for this
├── MissingError            404  no such thing, or it is somebody else's
├── ConflictError           409  the same request is still being answered
├── TooLargeError           413  the body is too large
├── UnusableError           422  what was sent cannot be worked with
├── TooManyRequestsError    429  more than the limits of this key allow
└── LeavingError            503  the service is being stopped
"""

import math
from collections.abc import Mapping
from typing import ClassVar

from starlette.exceptions import HTTPException


class ApiError(HTTPException):
    """Base of all errors here; `detail` is a sentence for the caller, with what to do."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal-error"
    """Stable; the last part of the problem's type."""

    def __init__(self, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(self.status, detail, headers)


class BadRequestError(ApiError):
    """A header or a cursor cannot be used."""

    status = 400
    code = "bad-request"


class UnauthorizedError(ApiError):
    """No key was sent, or one that is unknown or revoked."""

    status = 401
    code = "unauthorized"

    def __init__(self) -> None:
        super().__init__(
            "The bearer key is missing, wrong or revoked. Send one as `Authorization: Bearer …`.",
            {"WWW-Authenticate": "Bearer"},
        )


class ForbiddenError(ApiError):
    """The key may not be used for this."""

    status = 403
    code = "forbidden"


class MissingError(ApiError):
    """There is no such thing, or it is somebody else's."""

    status = 404
    code = "not-found"


class ConflictError(ApiError):
    """What was asked for does not fit what is going on."""

    status = 409
    code = "conflict"


class TooLargeError(ApiError):
    """The body is too large."""

    status = 413
    code = "too-large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body exceeds {limit:,} bytes. Send less at once.")


class UnusableError(ApiError):
    """What was sent is well-formed, but cannot be worked with."""

    status = 422
    code = "unusable"


class TooManyRequestsError(ApiError):
    """More than the limits of this key allow."""

    status = 429
    code = "too-many-requests"

    def __init__(self, detail: str, retry_after: float) -> None:
        """`retry_after` is in seconds."""
        super().__init__(detail, {"Retry-After": str(max(math.ceil(retry_after), 1))})


class LeavingError(ApiError):
    """The service is being stopped."""

    status = 503
    code = "leaving"

    def __init__(self) -> None:
        super().__init__("This server is being stopped. Try again.", {"Retry-After": "1"})
