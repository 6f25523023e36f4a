"""Single flight: one run of a question, however many ask it; each listener sees every event."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Hashable
from contextlib import aclosing
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
E = TypeVar("E")


class _Run(Generic[E]):
    """One run: everything that happened in it, and who listens."""

    def __init__(self) -> None:
        self.events: list[E] = []
        self.changed = asyncio.Event()
        self.listeners = 0
        self.task: asyncio.Task[None] | None = None

    def add(self, event: E) -> None:
        """Take note of something that happened."""
        self.events.append(event)
        self.wake()

    def wake(self) -> None:
        """Tell all listeners that something happened."""
        self.changed.set()
        self.changed = asyncio.Event()


class Flights(Generic[K, E]):
    """The runs under way, by question."""

    def __init__(self) -> None:
        self._runs: dict[K, _Run[E]] = {}

    async def join(
        self, key: K, start: Callable[[Callable[[E], None]], AsyncGenerator[E, None]]
    ) -> AsyncGenerator[E, None]:
        """Yield the events of the run of `key`, from its first; start it if there is none.

        `start` is given what adds an event from inside, between those that it yields. The run is
        cancelled when its last listener leaves, and its own error reaches all.
        """
        run = self._runs.get(key)
        if run is None:
            run = self._runs[key] = _Run()
            run.task = asyncio.create_task(self._drive(key, run, start))
        run.listeners += 1
        try:
            async with aclosing(_follow(run)) as events:
                async for event in events:
                    yield event
        finally:
            run.listeners -= 1
            if run.listeners == 0 and run.task is not None and not run.task.done():
                if self._runs.get(key) is run:
                    del self._runs[key]
                run.task.cancel()
                await asyncio.wait([run.task])

    async def aclose(self) -> None:
        """Cancel every run."""
        tasks = [run.task for run in self._runs.values() if run.task is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _drive(
        self,
        key: K,
        run: _Run[E],
        start: Callable[[Callable[[E], None]], AsyncGenerator[E, None]],
    ) -> None:
        try:
            async with aclosing(start(run.add)) as events:
                async for event in events:
                    run.add(event)
        finally:
            if self._runs.get(key) is run:
                del self._runs[key]
            run.wake()


async def _follow(run: _Run[E]) -> AsyncGenerator[E, None]:
    """Yield what happened and what happens, then raise what the run raised."""
    seen = 0
    task = run.task
    while True:
        while seen < len(run.events):
            seen += 1
            yield run.events[seen - 1]
        if task is None or task.done():
            break
        changed = asyncio.ensure_future(run.changed.wait())
        try:
            await asyncio.wait({changed, task}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            changed.cancel()
    if task is not None and seen == len(run.events):
        await task
