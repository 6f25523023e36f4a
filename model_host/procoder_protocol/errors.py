"""Error codes that cross the wire, in the `code` field of an OpenAI error body."""

from enum import StrEnum


class ErrorCode(StrEnum):
    """Why a host refused or broke off a request; values are stable wire strings."""

    INVALID_REQUEST = "invalid_request"
    """400: the body is malformed, or asks for what this host cannot do."""
    CONTEXT_LENGTH_EXCEEDED = "context_length_exceeded"
    """400: prompt plus `max_tokens` does not fit the context window."""
    UNAUTHORIZED = "unauthorized"
    """401: the bearer token is missing or wrong."""
    MODEL_NOT_FOUND = "model_not_found"
    """404: the request names a model that this host does not serve."""
    REQUEST_TOO_LARGE = "request_too_large"
    """413: the body exceeds the host's limit."""
    QUEUE_FULL = "queue_full"
    """429: too many requests wait; Retry-After says when to come back."""
    ENGINE_LOADING = "engine_loading"
    """503: the model is being loaded; Retry-After says when to come back."""
    ENGINE_CRASHED = "engine_crashed"
    """502: the engine process died while it answered; the host restarts it."""
    ENGINE_FAILED = "engine_failed"
    """503: the engine cannot start; the message says why."""
    HOST_LEAVING = "host_leaving"
    """503: this host drains and ends; another one, or its successor, answers."""
    MODEL_SWITCHED = "model_switched"
    """409: the host changes to another model, and this request was for the former one."""
    DEADLINE_EXCEEDED = "deadline_exceeded"
    """504: the caller's own deadline passed before the answer was complete."""
    INTERNAL_ERROR = "internal_error"
    """500: a fault of the host; its log says more."""
