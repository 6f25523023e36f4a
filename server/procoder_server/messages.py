"""Bodies of messages, read as far as JSON-RPC goes; what is no message at all ends here.

Source: the JSON-RPC 2.0 specification, and LSP's section "Base Protocol": an id is a string or an
integer, and there are no batches.
"""

import json
from dataclasses import dataclass
from typing import Any

from lsprotocol.types import ErrorCodes

VERSION = "2.0"


class MalformedMessageError(Exception):
    """A body is no message; the text of the error is for the client."""

    def __init__(self, code: ErrorCodes, text: str, identity: int | str | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.identity = identity
        """Of the request that it was meant to be, where that can be told."""


@dataclass(frozen=True, slots=True)
class Message:
    """A request (method and id), a notification (method alone) or a response (no method)."""

    data: dict[str, Any]
    method: str | None
    identity: int | str | None


def read_message(body: bytes) -> Message:
    """Read a body; raises MalformedMessageError."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise MalformedMessageError(
            ErrorCodes.ParseError, "The message is not valid JSON."
        ) from None
    if not isinstance(data, dict):
        raise MalformedMessageError(ErrorCodes.InvalidRequest, "This is not JSON-RPC 2.0.")
    identity, method = data.get("id"), data.get("method")
    known = identity if _is_identity(identity) else None
    if data.get("jsonrpc") != VERSION:
        raise MalformedMessageError(ErrorCodes.InvalidRequest, "This is not JSON-RPC 2.0.", known)
    if "method" not in data and not data.keys() & {"result", "error"}:
        raise MalformedMessageError(
            ErrorCodes.InvalidRequest, "The message has neither a method nor a result.", known
        )
    if "method" in data and not isinstance(method, str):
        raise MalformedMessageError(
            ErrorCodes.InvalidRequest, "The method of the message is not a string.", known
        )
    if method is not None and "id" in data and known is None:
        raise MalformedMessageError(
            ErrorCodes.InvalidRequest, "The id of the request is neither a string nor an integer."
        )
    return Message(data, method, known)


def _is_identity(value: object) -> bool:
    return isinstance(value, int | str) and not isinstance(value, bool)
