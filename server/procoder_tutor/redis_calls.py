"""Calls of a Redis that must be answered; imported only where one is set up."""

from typing import Any

from redis.exceptions import RedisError

from procoder_tutor.errors import StorageError

CALL_SECONDS = 5.0
"""To connect, and for an answer."""


async def replied(call: Any, what: str) -> Any:
    """Wait for Redis; raises StorageError, without the URL, which may hold a password.

    `what` begins the sentence, e.g. `Conversations cannot be kept`. The client's annotations fit
    its synchronous half too, and say nothing of what is awaited.
    """
    try:
        return await call
    except (RedisError, OSError, ValueError) as error:
        # ValueError: what an answer that is not of the protocol becomes in the client.
        raise StorageError(
            f"{what}: Redis does not answer ({type(error).__name__})", "Try again in a moment."
        ) from error
