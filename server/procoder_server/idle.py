"""Idle work: while nothing is asked, the explanations of the code in view are written in advance.

What is in view is told by the lenses that the client resolves, by where the cursor rests and the
mouse hovers, or by the notification `procoder/visibleRanges`. The work begins when nothing has
happened for a while, nearest to the cursor first, and gives way to every question. Within a budget:
so many explanations a minute, and never more than half of the time, however slow the model is.
"""

import asyncio
import logging
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from procoder_server.background import explanation_of
from procoder_server.battery import on_battery
from procoder_tutor.errors import InputError, TutorError
from procoder_tutor.symbols import Document, Symbol

if TYPE_CHECKING:
    from procoder_server.server import ProcoderServer
    from procoder_server.session import Session, Tutor, Voice

logger = logging.getLogger(__name__)

QUIET_SECONDS = 3.0
"""Without a sign of the user, after which the work begins."""
WARM_SECONDS = 300.0
"""Between two warm-ups: the host leaves when it is not used, and forgets its prefix for others."""
NEAR_LINES = 40
"""Around the cursor, that count as in view where the client does not say what is."""
MOST_SYMBOLS = 12
"""Of one document, nearest to the cursor: what is further away is rarely asked for next."""
_REMEMBERED_LENSES = 32


@dataclass(slots=True)
class View:
    """What is known of where somebody looks in a document; lines are 1-based."""

    cursor: int = 1
    lenses: list[int] = field(default_factory=list)
    """First lines of symbols whose lenses were seen, the latest last."""
    ranges: tuple[tuple[int, int], ...] = ()
    """First and last lines in view, as the client told."""

    def symbols(self, document: Document) -> list[Symbol]:
        """Return the symbols in view, nearest to the cursor first, the innermost before others."""
        found = [symbol for symbol in document.symbols if self._shows(symbol)]
        found.sort(key=lambda symbol: (self._distance(symbol), symbol.end_line - symbol.line))
        return found[:MOST_SYMBOLS]

    def _shows(self, symbol: Symbol) -> bool:
        if self.ranges:
            return any(
                symbol.line <= last and first <= symbol.end_line for first, last in self.ranges
            )
        return symbol.line in self.lenses or self._distance(symbol) <= NEAR_LINES

    def _distance(self, symbol: Symbol) -> int:
        if symbol.line <= self.cursor <= symbol.end_line:
            return 0
        return min(abs(symbol.line - self.cursor), abs(symbol.end_line - self.cursor))


class IdleWork:
    """Writes one explanation after the other while nothing else happens."""

    def __init__(
        self,
        server: "ProcoderServer",
        *,
        clock: Callable[[], float] = time.monotonic,
        is_on_battery: Callable[[], bool] = on_battery,
    ) -> None:
        self.quiet_seconds = QUIET_SECONDS
        self._server = server
        self._clock = clock
        self._is_on_battery = is_on_battery
        self._views: dict[str, View] = {}
        self._covered: WeakKeyDictionary[Document, set[Symbol]] = WeakKeyDictionary()
        """Symbols whose explanations are there, or were tried."""
        self._touched = asyncio.Event()
        self._uri = ""
        self._task: asyncio.Task[None] | None = None
        self._next_at = 0.0
        self._warmed: WeakKeyDictionary[Tutor, dict[Voice, tuple[float, bool]]] = (
            WeakKeyDictionary()
        )
        """When each tutor was warmed up last for a voice, and whether it had a model."""

    def rests(self, uri: str, line: int) -> None:
        """Take note that the cursor or the mouse rests on a line."""
        self._view(uri).cursor = line
        self.touched(uri)

    def sees(self, symbol: Symbol) -> None:
        """Take note that the lens of a symbol is in view."""
        uri = symbol.snapshot.uri
        lenses = self._view(uri).lenses
        lenses.append(symbol.line)
        del lenses[:-_REMEMBERED_LENSES]
        self.touched(uri)

    def shows(self, uri: str, ranges: Sequence[tuple[int, int]]) -> None:
        """Take note of the lines in view."""
        self._view(uri).ranges = tuple(ranges)
        self.touched(uri)

    def touched(self, uri: str) -> None:
        """Take note of a sign of the user in a document: the work begins when there is no more.

        An explanation that is being written is not disturbed.
        """
        self._view(uri)
        self._uri = uri
        self._touched.set()
        if self._task is None:
            self._task = asyncio.create_task(self._work())

    def forget(self, uri: str) -> None:
        """Take note that a document was closed."""
        self._views.pop(uri, None)

    async def aclose(self) -> None:
        """Do no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def _view(self, uri: str) -> View:
        return self._views.setdefault(uri, View())

    async def _work(self) -> None:
        while True:
            await self._quiet()
            try:
                await self._write_all(self._uri)
            except InputError:
                continue
            except Exception:
                logger.exception("idle work failed")

    async def _quiet(self) -> None:
        """Wait until there was a sign of the user, and then none for a while."""
        await self._touched.wait()
        while self._touched.is_set():
            self._touched.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(self.quiet_seconds):
                    await self._touched.wait()

    async def _write_all(self, uri: str) -> None:
        """Write what is in view of a document, until somebody asks or does something."""
        session = await self._server.sessions.get(uri)
        while not self._touched.is_set() and await self._may_work(session, uri):
            document = await self._server.analyses.document(uri)
            symbol = await self._next(session, document, self._views[uri])
            if symbol is None or not await self._warm(session):
                return
            await asyncio.sleep(max(0.0, self._next_at - self._clock()))
            if not await self._write(session, document, symbol):
                return

    async def _next(self, session: "Session", document: Document, view: View) -> Symbol | None:
        """Return the nearest symbol whose explanation is not there."""
        for symbol in self._uncovered(document, view):
            question = explanation_of(session, symbol)
            known = self._server.background.knows(session.tutor, question)
            if not known and await session.tutor.cached(document, question) is None:
                return symbol
            self._covered[document].add(symbol)
        return None

    def _uncovered(self, document: Document, view: View) -> Iterator[Symbol]:
        covered = self._covered.setdefault(document, set())
        return (symbol for symbol in view.symbols(document) if symbol not in covered)

    async def _write(self, session: "Session", document: Document, symbol: Symbol) -> bool:
        """Write one explanation; False when somebody waits for the model."""
        if self._touched.is_set() or self._server.running.work:
            return False
        question = explanation_of(session, symbol)
        job = self._server.background.prefetch(session.tutor, document, question)
        if job is None:
            return False
        began = self._clock()
        await job.finished.wait()
        self._covered.setdefault(document, set()).add(symbol)
        now = self._clock()
        least = 60.0 / session.settings.idle.explanations_per_minute
        self._next_at = max(began + least, now + (now - began))
        return job.error is None

    async def _may_work(self, session: "Session", uri: str) -> bool:
        idle = session.settings.idle
        if not (idle.enabled and idle.explanations_per_minute and self._server.is_on(uri)):
            return False
        if uri not in self._views or self._server.running.work:
            return False
        return idle.on_battery or not await asyncio.to_thread(self._is_on_battery)

    async def _warm(self, session: "Session") -> bool:
        """Have the model ready; False when there is none, which is looked for as rarely."""
        now = self._clock()
        warmed = self._warmed.setdefault(session.tutor, {})
        at, ready = warmed.get(session.voice, (-math.inf, False))
        if now - at < WARM_SECONDS:
            return ready
        try:
            await session.warm_up()
        except TutorError:
            ready = False
        else:
            ready = True
        warmed[session.voice] = now, ready
        return ready
