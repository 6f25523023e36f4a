"""What a client has asked for and is being worked on: listed for it, and stopped for it."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Work:
    """Something that is being done."""

    title: str
    seconds: float
    """Since it began."""


class Running:
    """The requests under way that keep a model busy."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun: dict[asyncio.Task[object], tuple[str, float]] = {}

    @contextmanager
    def listed(self, title: str) -> Iterator[None]:
        """List the current task while it is inside."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("only tasks can be listed")
        self._begun[task] = (title, self._clock())
        try:
            yield
        finally:
            del self._begun[task]

    @property
    def work(self) -> tuple[Work, ...]:
        """What is being done, the oldest first."""
        now = self._clock()
        return tuple(Work(title, now - begun) for title, begun in self._begun.values())

    async def stop(self) -> int:
        """Cancel all of it and wait until it has ended; returns how much there was."""
        tasks = list(self._begun)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return len(tasks)
