"""One run of a generation and everybody who listens to it."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace

from procoder_model_host.errors import DeadlineExceededError, RequestError
from procoder_model_host.messages import Accepted, Delta, Finished, Prefilled, Priority
from procoder_model_host.scheduling.generation import AnswerEvent, Generation, Observer


class Flight:
    """What happened in a run so far; each listener sees every event, from the first."""

    def __init__(self, generation: Generation, client: str) -> None:
        self.generation = generation
        self.client = client
        self.priority: Priority = generation.priority
        """The most urgent of those who listen."""
        self.arrived = asyncio.get_running_loop().time()
        self.listeners = 0
        self.task: asyncio.Task[None] | None = None
        """Set once the run has begun."""
        self.parting: RequestError | None = None
        """What listeners are told when the run is broken off from outside."""
        self.done = False
        self._events: list[AnswerEvent] = []
        self._error: RequestError | None = None
        self._changed = asyncio.Event()

    def add(self, event: AnswerEvent) -> None:
        """Something happened."""
        self._events.append(event)
        self._wake()

    def end(self, error: RequestError | None = None) -> None:
        """It is over; only the first end counts."""
        if not self.done:
            self.done = True
            self._error = error
            self._wake()

    async def follow(self, until: float | None) -> AsyncGenerator[AnswerEvent, None]:
        """Yield what happened and what happens, then raise what ended it.

        Raises DeadlineExceededError at `until` (in the loop's time).
        """
        seen = 0
        while True:
            while seen < len(self._events):
                seen += 1
                yield self._events[seen - 1]
            if self.done:
                break
            try:
                async with asyncio.timeout_at(until):
                    await self._changed.wait()
            except TimeoutError:
                where = "in the queue" if self.task is None else "before the answer was complete"
                raise DeadlineExceededError(f"the deadline passed {where}") from None
        if self._error is not None:
            raise self._error.copy()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


async def relay(
    generate: Callable[[Generation], AsyncGenerator[AnswerEvent, None]],
    flight: Flight,
    observer: Observer,
) -> None:
    """Hand the engine's events to the listeners, and their figures to the observer."""
    clock = asyncio.get_running_loop().time
    last: float | None = None
    accepted: Accepted | None = None
    prefilled: Prefilled | None = None
    # It may have become more urgent than when it was asked for.
    generation = replace(flight.generation, priority=flight.priority)
    async with contextlib.aclosing(generate(generation)) as events:
        async for event in events:
            flight.add(event)
            match event:
                case Accepted():
                    accepted = event
                case Prefilled():
                    prefilled = event
                case Delta(text=text) if text:
                    now = clock()
                    if last is None:
                        observer.first_token(flight.priority, now - flight.arrived)
                    else:
                        observer.token(flight.priority, now - last)
                    last = now
                case Finished():
                    if accepted is not None and prefilled is not None:
                        observer.finished(flight.priority, accepted, prefilled, event)
    flight.end()
