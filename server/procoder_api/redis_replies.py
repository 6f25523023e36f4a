"""Answers to repeated requests in a Redis, for servers that share their users.

Imported only where one is set up.
"""

from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from procoder_api.replies import ABANDONED_SECONDS, KEPT_SECONDS, Before
from procoder_tutor.errors import StorageError

_PREFIX = "procoder:reply:1:"
"""The number is that of the format."""
_SECONDS = 5.0
"""To connect, and for an answer."""
_HEAD = b"\n"
"""Ends the fingerprint; the sealed answer follows, once there is one."""


class RedisReplies:
    """See ReplyStore."""

    def __init__(self, url: str) -> None:
        self._client = Redis.from_url(url, socket_connect_timeout=_SECONDS, socket_timeout=_SECONDS)

    async def begin(self, key: str, fingerprint: str) -> Before | None:
        """See ReplyStore."""
        taken = await _done(
            self._client.set(
                _PREFIX + key,
                fingerprint.encode() + _HEAD,
                nx=True,
                get=True,
                ex=round(ABANDONED_SECONDS),
            )
        )
        if taken is None:
            return None
        found, _, sealed = bytes(taken).partition(_HEAD)
        return Before(found.decode(), sealed or None)

    async def finish(self, key: str, sealed: bytes) -> None:
        """See ReplyStore."""
        value = await _done(self._client.get(_PREFIX + key))
        if value is not None:
            head = bytes(value).partition(_HEAD)[0] + _HEAD
            await _done(self._client.set(_PREFIX + key, head + sealed, ex=round(KEPT_SECONDS)))

    async def forget(self, key: str) -> None:
        """See ReplyStore."""
        await _done(self._client.delete(_PREFIX + key))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


async def _done(call: Any) -> Any:
    """Wait for Redis; raises StorageError, without the URL, which may hold a password."""
    try:
        return await call
    except (RedisError, OSError) as error:
        raise StorageError(
            f"Requests cannot be remembered: Redis does not answer ({type(error).__name__})",
            "Try again in a moment.",
        ) from error
