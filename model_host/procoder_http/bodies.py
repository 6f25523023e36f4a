"""Bodies of requests, held to a limit."""

from collections.abc import Callable

from starlette.types import Message, Receive


def limited(receive: Receive, limit: int, too_large: Callable[[], Exception]) -> Receive:
    """Return `receive` that raises `too_large()` once a body has more bytes than `limit`.

    A body may not have announced its length, or another one.
    """
    seen = 0

    async def receive_limited() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > limit:
                raise too_large()
        return message

    return receive_limited
