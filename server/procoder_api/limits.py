"""How much one key may ask: requests in a time, and requests at once."""

import logging
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError

from procoder_api.errors import TooManyRequestsError

log = logging.getLogger(__name__)

_BUSY_SECONDS = 1.0
_REDIS_SECONDS = 1.0
"""For Redis to answer, before this server counts alone."""


class Limits:
    """Counts what each key asks; with a Redis all servers count together what is asked in a time.

    What runs at once is counted by each server for itself. A Redis in trouble stops nobody.
    """

    def __init__(self, rate: str, at_once: int, redis_url: str | None = None) -> None:
        """`rate` is like `120/minute`; raises ValueError when it is not."""
        self._item: RateLimitItem = parse(rate)
        self._rate = rate
        self._at_once = at_once
        self._alone = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._pool = None if redis_url is None else _pool(redis_url)
        self._together = None if redis_url is None else _together(redis_url, self._pool)
        self._running: Counter[str] = Counter()

    @asynccontextmanager
    async def admitted(self, key: str) -> AsyncIterator[None]:
        """Count a request while it is answered; raises TooManyRequestsError."""
        if self._running[key] >= self._at_once:
            raise TooManyRequestsError(
                f"{self._at_once} requests of this key are being answered. Wait for one to end.",
                _BUSY_SECONDS,
            )
        self._running[key] += 1
        try:
            wait = await self._wait(key)
            if wait is not None:
                raise TooManyRequestsError(f"This key may ask {self._rate}.", wait)
            yield
        finally:
            self._running[key] -= 1
            if not self._running[key]:
                del self._running[key]

    async def aclose(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            await self._pool.aclose()

    async def _wait(self, key: str) -> float | None:
        """Count a request; return the seconds after which it may be asked, None for now."""
        if self._together is not None:
            try:
                return await self._counted(self._together, key)
            except StorageError as error:
                log.warning("requests are not counted together: %s", type(error).__name__)
        return await self._counted(self._alone, key)

    async def _counted(self, limiter: SlidingWindowCounterRateLimiter, key: str) -> float | None:
        if await limiter.hit(self._item, key):
            return None
        window = await limiter.get_window_stats(self._item, key)
        return window.reset_time - time.time()


def _pool(redis_url: str) -> Any:
    """Return connections of our own: the library closes none. The client is an extra."""
    pools = import_module("redis.asyncio").ConnectionPool
    return pools.from_url(
        redis_url, socket_connect_timeout=_REDIS_SECONDS, socket_timeout=_REDIS_SECONDS
    )


def _together(redis_url: str, pool: Any) -> SlidingWindowCounterRateLimiter:
    storage = RedisStorage(
        f"async+{redis_url}",
        wrap_exceptions=True,
        implementation="redispy",
        key_prefix="procoder:limits",
        connection_pool=pool,
    )
    return SlidingWindowCounterRateLimiter(storage)
