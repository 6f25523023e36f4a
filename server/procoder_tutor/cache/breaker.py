"""Leaves a service in trouble alone, and looks in the background whether it is well again."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import chain, repeat

RESTS_SECONDS = (5.0, 10.0, 30.0, 60.0)
"""Before each look; the last one again and again."""


class Breaker:
    """A circuit breaker: open, which means "do not call", from a failure until a good look."""

    def __init__(
        self, probe: Callable[[], Awaitable[bool]], rests: Sequence[float] = RESTS_SECONDS
    ):
        self._probe = probe
        self._rests = rests
        self._restoring: asyncio.Task[None] | None = None

    @property
    def open(self) -> bool:
        """Whether the service is to be left alone."""
        return self._restoring is not None and not self._restoring.done()

    def trip(self) -> None:
        """Note a failure."""
        if not self.open:
            self._restoring = asyncio.create_task(self._restore())

    async def restored(self) -> None:
        """Wait until the service is well."""
        if self._restoring is not None:
            await asyncio.wait([self._restoring])

    async def aclose(self) -> None:
        """Look no more."""
        if self._restoring is not None:
            self._restoring.cancel()
            await asyncio.wait([self._restoring])

    async def _restore(self) -> None:
        for seconds in chain(self._rests, repeat(self._rests[-1])):
            await asyncio.sleep(seconds)
            if await self._probe():
                return
