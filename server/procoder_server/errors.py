"""Errors that requests are answered with.

JsonRpcException (pygls)
├── RequestFailedError      understood, but cannot be done; the message is for the user
│   └── UnreadableError     a document that is neither open nor a text on the disk
└── InvalidArgumentsError   the arguments of a command are not what it takes
"""

from collections.abc import Iterator
from contextlib import contextmanager

from lsprotocol.types import ErrorCodes, LSPErrorCodes, ResponseError
from pygls.exceptions import JsonRpcException

from procoder_tutor.errors import TutorError, describe


class RequestFailedError(JsonRpcException):
    """The request was understood and cannot be done; the message is for the user."""

    CODE = LSPErrorCodes.RequestFailed.value

    @classmethod
    def from_tutor(cls, error: TutorError) -> "RequestFailedError":
        """Carry a tutor's error to the client: what happened, then what to do."""
        return cls(message=describe(error), data={"error": type(error).__name__})


class UnreadableError(RequestFailedError):
    """A document is neither open nor a text on the disk: it may have been closed meanwhile."""

    MESSAGE = "The document is neither open nor readable as UTF-8. Open it in the editor first."


class InvalidArgumentsError(JsonRpcException):
    """The arguments of a command are not what it takes; the message says what it takes."""

    CODE = ErrorCodes.InvalidParams.value


@contextmanager
def carrying_tutor_errors() -> Iterator[None]:
    """Turn errors of the tutor into those of the protocol."""
    try:
        yield
    except TutorError as error:
        raise RequestFailedError.from_tutor(error) from error


def response_error(code: ErrorCodes | LSPErrorCodes, message: str) -> ResponseError:
    """Build the error part of a response."""
    return ResponseError(code=code.value, message=message)


def for_users(error: ResponseError) -> ResponseError:
    """Replace what was not written for users, and may quote code: editors show it to them."""
    match error.code:
        case ErrorCodes.InternalError.value:
            sentence = "ProCoder met an error it did not expect; its log says where."
            return response_error(ErrorCodes.InternalError, sentence)
        case LSPErrorCodes.RequestCancelled.value:
            return response_error(LSPErrorCodes.RequestCancelled, "This was stopped.")
        case _:
            return error
