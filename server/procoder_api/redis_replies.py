"""Answers to repeated requests in a Redis, for servers that share their users.

Imported only where one is set up.
"""

from typing import Any

from redis.asyncio import Redis

from procoder_api.replies import ABANDONED_SECONDS, KEPT_SECONDS, Before
from procoder_tutor.redis_calls import CALL_SECONDS, replied

_PREFIX = "procoder:reply:1:"
"""The number is that of the format."""
_HEAD = b"\n"
"""Ends the fingerprint; the sealed answer follows, once there is one."""


class RedisReplies:
    """See ReplyStore."""

    def __init__(self, url: str) -> None:
        self._client = Redis.from_url(
            url, socket_connect_timeout=CALL_SECONDS, socket_timeout=CALL_SECONDS
        )

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
    return await replied(call, "Requests cannot be remembered")
