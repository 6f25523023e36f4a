"""A task that does one step after another: at once when there is work, else when it is woken."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress


class WakingTask:
    """Repeats a step in the background; belongs to one event loop."""

    def __init__(self, step: Callable[[], Awaitable[bool]], rest_seconds: float) -> None:
        """`step` tells whether to go on at once; else it rests, at most `rest_seconds`."""
        self._step = step
        self._rest_seconds = rest_seconds
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run())

    def wake(self) -> None:
        """End the rest: there is work."""
        self._woken.set()

    async def aclose(self) -> None:
        """Cancel the step that is being done, and wait until it has ended."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            if await self._step():
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), self._rest_seconds)
