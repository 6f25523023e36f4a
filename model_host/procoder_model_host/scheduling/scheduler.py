"""Who is answered when: priorities, fairness, a bounded queue, deadlines, shared answers.

The engine child itself lets an urgent request preempt the others from the next token on. It is
given no more requests of a priority than it can work on at once; all others wait here, where
they can be refused, reordered, shared and forgotten.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Callable, Hashable
from dataclasses import dataclass
from typing import Protocol

from procoder_model_host.errors import (
    EngineFailedError,
    EngineLoadingError,
    HostLeavingError,
    InternalError,
    QueueFullError,
    RequestError,
)
from procoder_model_host.messages import Priority
from procoder_model_host.scheduling.flights import Flight, relay
from procoder_model_host.scheduling.generation import (
    AnswerEvent,
    Generation,
    Observer,
    SilentObserver,
)
from procoder_model_host.scheduling.waiting import PRIORITIES, Pace, WaitingLine

log = logging.getLogger(__name__)

MAX_QUEUED = 32
"""Requests that wait for their turn, over all priorities."""


class Engine(Protocol):
    """What the scheduler needs of engine_process.EngineProcess."""

    load_patience: float

    @property
    def ready(self) -> bool:
        """True while a model is loaded."""

    @property
    def parallel(self) -> int:
        """Requests of one priority that it works on at the same time."""

    def subscribe(self, listener: Callable[[str | None], None]) -> None:
        """Call back when it becomes ready, is lost (with the reason) or fails."""

    def require_hope(self) -> None:
        """Raise EngineFailedError while waiting for it is in vain."""

    def generate(self, generation: Generation) -> AsyncGenerator[AnswerEvent, None]:
        """Answer; closing the iterator breaks off and returns when the engine is free."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How things stand."""

    queued: dict[Priority, int]
    running: dict[Priority, int]
    ready: bool
    draining: bool
    answer_seconds: float
    """What an answer takes, averaged over the latest ones."""


class Scheduler:
    """The only way to the engine's generations; belongs to one event loop."""

    def __init__(
        self, engine: Engine, *, max_queued: int = MAX_QUEUED, observer: Observer | None = None
    ) -> None:
        self._engine = engine
        self._max_queued = max_queued
        self._observer: Observer = observer if observer is not None else SilentObserver()
        self._lines = {priority: WaitingLine[Flight]() for priority in PRIORITIES}
        self._running: dict[Priority, set[Flight]] = {priority: set() for priority in PRIORITIES}
        self._shared: dict[Hashable, Flight] = {}
        self._pace = Pace()
        self._held = False
        self._refusal: RequestError | None = None
        self._changed = asyncio.Event()
        engine.subscribe(self._on_engine)

    def snapshot(self) -> Snapshot:
        """Return the figures for gauges."""
        return Snapshot(
            queued={priority: len(line) for priority, line in self._lines.items()},
            running={priority: len(flights) for priority, flights in self._running.items()},
            ready=self._engine.ready,
            draining=self._refusal is not None or self._held,
            answer_seconds=self._pace.seconds,
        )

    async def generate(
        self, generation: Generation, *, client: str = "", deadline: float | None = None
    ) -> AsyncGenerator[AnswerEvent, None]:
        """Answer a prompt: Accepted, Prefilled, Delta…, Finished. Raises RequestError.

        `client`: a name; within a priority, clients take turns. `deadline`: seconds from now.
        Equal greedy requests share one run, which ends when the last listener leaves. Closing
        the iterator frees the engine within one token, or one batch of the prompt.
        """
        until = None if deadline is None else asyncio.get_running_loop().time() + deadline
        flight = self._board(generation, client)
        flight.listeners += 1
        try:
            async with contextlib.aclosing(flight.follow(until)) as events:
                async for event in events:
                    yield event
        finally:
            flight.listeners -= 1
            if flight.listeners == 0:
                self._abandon(flight)

    def refuse(self, error: RequestError) -> None:
        """Answer every new request with this error from now on."""
        self._refusal = error

    def check_open(self) -> None:
        """Raise the error that new requests are refused with, if they are."""
        if self._refusal is not None:
            raise self._refusal.copy()

    def hold(self) -> None:
        """Let new requests wait until `release`."""
        self._held = True

    def release(self) -> None:
        """Serve those who wait."""
        self._held = False
        self._dispatch()

    async def drain(self, error: RequestError, grace: float) -> None:
        """Tell all who wait `error`, let what runs finish for `grace` seconds, end the rest.

        Prefetches end at once. Nothing new must begin meanwhile: `refuse` or `hold` before.
        """
        self._fail_queued(error)
        # What runs may be the answer of a model that is about to be replaced.
        self._shared.clear()
        self._break_off(self._running["prefetch"], error)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await self._until_idle()
        for flights in self._running.values():
            self._break_off(flights, error)

    async def _until_idle(self) -> None:
        while any(self._running.values()):
            self._changed.clear()
            await self._changed.wait()

    def _board(self, generation: Generation, client: str) -> Flight:
        """Return the run to listen to: one under way, or a new one. Raises RequestError."""
        self.check_open()
        identity = generation.identity()
        flight = self._shared.get(identity) if identity is not None else None
        if flight is not None and self._promoted(flight, generation.priority):
            return flight
        if not self._held:
            self._engine.require_hope()
        flight = Flight(generation, client)
        self._lines[flight.priority].push(client, flight)
        self._dispatch()
        if flight.task is None:
            self._make_room(flight)
            self._observer.queued(flight.priority)
            if not self._engine.ready or self._held:
                self._remind(flight)
        if identity is not None:
            self._shared[identity] = flight
        return flight

    def _promoted(self, flight: Flight, priority: Priority) -> bool:
        """Make a run as urgent as one more listener; False if it is too late for that."""
        if PRIORITIES.index(flight.priority) <= PRIORITIES.index(priority):
            return True
        # The engine does not change the lane of a prompt that it works on: somebody who
        # waits does better with a run of their own, which preempts that one.
        if not self._lines[flight.priority].remove(flight):
            return False
        flight.priority = priority
        self._lines[priority].push(flight.client, flight)
        self._dispatch()
        return True

    def _make_room(self, arrival: Flight) -> None:
        """Refuse whoever is least urgent and came last; raises QueueFullError if that is us."""
        queued = sum(len(line) for line in self._lines.values())
        if queued <= self._max_queued:
            return
        priority = next(name for name in reversed(PRIORITIES) if self._lines[name])
        last = self._lines[priority].newest()
        now = asyncio.get_running_loop().time()
        retry_after = self._pace.retry_after(now, self._engine.parallel, self._max_queued)
        error = QueueFullError(
            f"{self._max_queued} requests wait for the model already", retry_after=retry_after
        )
        self._lines[priority].remove(last)
        self._finish(last, error)
        if last is arrival:
            raise error

    def _dispatch(self) -> None:
        """Start what may start."""
        if not self._engine.ready or self._held:
            return
        for priority in PRIORITIES:
            line, running = self._lines[priority], self._running[priority]
            while line and len(running) < self._engine.parallel:
                flight = line.pop()
                running.add(flight)
                flight.task = asyncio.create_task(self._run(flight), name=f"{priority} answer")

    async def _run(self, flight: Flight) -> None:
        """Have the engine answer; whatever happens, the place is free afterwards."""
        started = asyncio.get_running_loop().time()
        self._observer.started(flight.priority, started - flight.arrived)
        error: RequestError | None = None
        try:
            await relay(self._engine.generate, flight, self._observer)
            self._pace.measure(asyncio.get_running_loop().time() - started)
        except RequestError as caught:
            error = caught
        except asyncio.CancelledError:
            error = flight.parting
            if flight.listeners and error is None:
                error = HostLeavingError("the host is leaving")
                raise
        except Exception:
            log.exception("an answer broke")
            error = InternalError()
        finally:
            self._running[flight.priority].discard(flight)
            self._changed.set()
            self._finish(flight, error)
            self._dispatch()

    def _finish(self, flight: Flight, error: RequestError | None) -> None:
        """Tell the listeners and the observer that a run is over, once."""
        self._forget(flight)
        if not flight.done:
            flight.end(error)
            self._observer.failed(flight.priority, error)

    def _abandon(self, flight: Flight) -> None:
        """Nobody listens any more."""
        self._forget(flight)
        if self._lines[flight.priority].remove(flight):
            self._finish(flight, None)
        elif flight.task is not None and not flight.done:
            flight.task.cancel()

    def _forget(self, flight: Flight) -> None:
        """Let nobody join from now on."""
        identity = flight.generation.identity()
        if self._shared.get(identity) is flight:
            del self._shared[identity]

    def _break_off(self, flights: set[Flight], error: RequestError) -> None:
        for flight in flights:
            flight.parting = error
            self._finish(flight, error)
            if flight.task is not None:
                flight.task.cancel()

    def _fail_queued(self, error: RequestError) -> None:
        for line in self._lines.values():
            for flight in line.items():
                line.remove(flight)
                self._finish(flight, error)

    def _on_engine(self, reason: str | None) -> None:
        """The engine became ready, was lost, or failed."""
        if reason is not None:
            self._observer.child_restarted(reason)
        if self._engine.ready:
            self._dispatch()
            return
        try:
            if not self._held:
                self._engine.require_hope()
        except EngineFailedError as error:
            self._fail_queued(error)
        for line in self._lines.values():
            for flight in line.items():
                self._remind(flight)

    def _remind(self, flight: Flight) -> None:
        """Send a request away when the model is still not there after the patience."""

        def look() -> None:
            away = self._held or not self._engine.ready
            if away and self._lines[flight.priority].remove(flight):
                self._finish(flight, EngineLoadingError("the model is still being loaded"))

        asyncio.get_running_loop().call_later(self._engine.load_patience, look)
