"""Errors of the model host and its model store.

ModelHostError
├── ModelFileError        a model file is malformed, damaged, or not what an engine can load
├── ModelNotFoundError    no such model in the catalogue, or it is not in the store yet
├── DownloadError         a model could not be fetched
├── StoreError            the store's folder cannot be used (no space, no permission, in use)
├── ProfileError          a correction to a model's profile cannot be
├── TokenizerError        the model's tokenizer is malformed or of a kind not known here
├── EngineError           the engine cannot load the model, or failed to evaluate
└── RequestError          a request cannot be answered; carries its code on the wire
    ├── InvalidRequestError, UnknownModelError, RequestTooLargeError
    ├── UnauthorizedError, ForbiddenError
    ├── QueueFullError, DeadlineExceededError
    ├── HostLeavingError, ModelSwitchedError
    ├── EngineLoadingError, EngineCrashedError, EngineFailedError
    └── InternalError
"""

from pathlib import Path
from typing import Self

from procoder_protocol.errors import ErrorCode


class ModelHostError(Exception):
    """Base of all errors here; `str()` is a sentence for the user, `advice` says what to do."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


class ModelFileError(ModelHostError):
    """A model file is malformed, damaged, or not what the engine can load."""

    def __init__(self, path: Path, reason: str, advice: str = "") -> None:
        super().__init__(f"{path}: {reason}", advice)
        self.path = path
        self.reason = reason


class ModelNotFoundError(ModelHostError):
    """The catalogue has no such model, or it has not been pulled yet."""


class DownloadError(ModelHostError):
    """A model could not be fetched; what was received is kept where that helps."""


class StoreError(ModelHostError):
    """The store's folder cannot be used: no space, no permission, or in use."""


class ProfileError(ModelHostError):
    """A user's correction to a model's profile cannot be."""


class TokenizerError(ModelHostError):
    """The model's tokenizer is malformed or of a kind that is not known here."""


class EngineError(ModelHostError):
    """The engine cannot load the model or failed to evaluate; the message says what failed."""


class RequestError(ModelHostError):
    """A request cannot be answered; `code` is what the client sees beside the message."""

    code: ErrorCode = ErrorCode.INVALID_REQUEST

    def __init__(
        self,
        message: str,
        *,
        param: str | None = None,
        code: ErrorCode | None = None,
        retry_after: float | None = None,
    ) -> None:
        """`retry_after`: seconds after which asking again is worth it, where that is known."""
        super().__init__(message)
        self.param = param
        self.code = code or type(self).code
        self.retry_after = retry_after

    def copy(self) -> Self:
        """Return an equal error: each of several waiting callers raises its own."""
        return type(self)(str(self), param=self.param, code=self.code, retry_after=self.retry_after)


class InvalidRequestError(RequestError):
    """The body is malformed, or asks for what this host cannot do."""


class UnauthorizedError(RequestError):
    """The bearer token is missing or wrong."""

    code = ErrorCode.UNAUTHORIZED


class ForbiddenError(RequestError):
    """Only the host's owner may do this."""

    code = ErrorCode.FORBIDDEN


class UnknownModelError(RequestError):
    """The request names a model that this host does not serve."""

    code = ErrorCode.MODEL_NOT_FOUND


class RequestTooLargeError(RequestError):
    """The body exceeds the host's limit."""

    code = ErrorCode.REQUEST_TOO_LARGE


class QueueFullError(RequestError):
    """Too many requests wait."""

    code = ErrorCode.QUEUE_FULL


class DeadlineExceededError(RequestError):
    """The caller's deadline passed, in the queue or while the answer was made."""

    code = ErrorCode.DEADLINE_EXCEEDED


class HostLeavingError(RequestError):
    """The host drains: what runs may finish, nothing new begins."""

    code = ErrorCode.HOST_LEAVING


class ModelSwitchedError(RequestError):
    """The host changes to another model than the one this request was written for."""

    code = ErrorCode.MODEL_SWITCHED


class EngineLoadingError(RequestError):
    """The model is still being loaded."""

    code = ErrorCode.ENGINE_LOADING


class EngineCrashedError(RequestError):
    """The engine process died while it answered; the host restarts it."""

    code = ErrorCode.ENGINE_CRASHED


class EngineFailedError(RequestError):
    """The engine cannot load the model."""

    code = ErrorCode.ENGINE_FAILED


class InternalError(RequestError):
    """A fault of the host; its log says more."""

    code = ErrorCode.INTERNAL_ERROR

    def __init__(
        self,
        message: str = "the host has a fault; its log says more",
        *,
        param: str | None = None,
        code: ErrorCode | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, param=param, code=code, retry_after=retry_after)
