"""The last layer: a Redis that machines share. Imported only where one is configured.

Whoever can write to it could write anything, so what comes from it is validated and sanitized.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from procoder_tutor.cache.breaker import RESTS_SECONDS, Breaker
from procoder_tutor.cache.entries import decode, encode
from procoder_tutor.events import Explanation
from procoder_tutor.sanitize import sanitize

log = logging.getLogger(__name__)

BUDGET_SECONDS = 0.045
"""For connecting, waiting and reading in all: with what it takes to give up, less than 50 ms."""
_PROBE_SECONDS = 1.0
"""Nobody waits for a look: it also connects to a Redis that is far away, for later calls."""
_EXPIRY_SECONDS = 30 * 24 * 3600
_LONGEST = 256 * 1024
"""Bytes of an answer. Longer ones are not ours."""
_PREFIX = "procoder:answer:1:"
"""The number is that of the format of the values."""
_TROUBLE = (RedisError, OSError, ValueError)
"""ValueError: what an answer that is not of the protocol becomes in the client."""
T = TypeVar("T")


class RedisStore:
    """Answers that others have made too."""

    def __init__(self, url: str, *, rests: Sequence[float] = RESTS_SECONDS) -> None:
        self._client = Redis.from_url(
            url,
            protocol=2,
            retry=Retry(NoBackoff(), 0),
            socket_connect_timeout=_PROBE_SECONDS,
            socket_timeout=_PROBE_SECONDS,
        )
        self.breaker = Breaker(self.is_well, rests)

    async def get(self, key: str) -> Explanation | None:
        """Return a kept answer."""
        value = await self._attempt(lambda: self._client.get(_PREFIX + key))
        if not isinstance(value, bytes) or len(value) > _LONGEST:
            return None
        explanation = decode(value)
        if explanation is None:
            return None
        return replace(
            explanation,
            markdown=sanitize(explanation.markdown),
            blocks=tuple(map(sanitize, explanation.blocks)),
        )

    async def put(self, key: str, explanation: Explanation) -> None:
        """Keep an answer for a month."""
        value = encode(explanation).encode()
        if len(value) <= _LONGEST:
            name = _PREFIX + key
            await self._attempt(lambda: self._client.set(name, value, ex=_EXPIRY_SECONDS))

    async def is_well(self) -> bool:
        """Tell whether Redis answers; takes its time."""
        try:
            async with asyncio.timeout(_PROBE_SECONDS):
                await self._client.ping()
        except _TROUBLE:
            return False
        log.info("Redis answers again")
        return True

    async def aclose(self) -> None:
        """Close the connections."""
        await self.breaker.aclose()
        with suppress(*_TROUBLE):
            async with asyncio.timeout(_PROBE_SECONDS):
                await self._client.aclose()

    async def _attempt(self, call: Callable[[], Awaitable[T]]) -> T | None:
        """Make a call within the budget, unless Redis was in trouble lately."""
        if self.breaker.open:
            return None
        try:
            async with asyncio.timeout(BUDGET_SECONDS):
                return await call()
        except _TROUBLE as error:
            # The kind of error only: its text may repeat the URL.
            log.warning("Redis is left alone for a while: %s", type(error).__name__)
            self.breaker.trip()
            return None
