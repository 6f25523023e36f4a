"""The tutor that a server works with: opened in the background, replaced when settings change."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from procoder_tutor.conversations import Conversations
    from procoder_tutor.events import Event, Explanation
    from procoder_tutor.facts.model import Facts
    from procoder_tutor.questions import Question
    from procoder_tutor.settings import Settings
    from procoder_tutor.symbols import Document, Symbol

logger = logging.getLogger(__name__)

CLOSE_SECONDS = 3.0


class Tutor(Protocol):
    """What the server needs of a tutor; `procoder_tutor.tutor.Tutor` is one."""

    @property
    def conversations(self) -> "Conversations":
        """What was asked and answered before."""
        ...

    async def facts(
        self, document: "Document", symbol: "Symbol", *, budget: float | None = 0.1
    ) -> "Facts":
        """Return what is known within `budget` seconds."""
        ...

    async def cached(self, document: "Document", question: "Question") -> "Explanation | None":
        """Return the kept answer; starts nothing."""
        ...

    def ask(self, document: "Document", question: "Question") -> "AsyncIterator[Event]":
        """Answer; closing the iterator stops the model."""
        ...

    async def warm_up(self) -> None:
        """Find or start the model host; raises BackendError."""
        ...

    async def aclose(self) -> None:
        """Release what was opened; the shared host stays."""
        ...


@asynccontextmanager
async def answering(
    tutor: Tutor, document: "Document", question: "Question"
) -> "AsyncIterator[AsyncIterator[Event]]":
    """Ask, and close the iterator on leaving: however that happens, the model then stops."""
    events = tutor.ask(document, question)
    try:
        yield events
    finally:
        if isinstance(events, AsyncGenerator):
            await events.aclose()


TutorFactory = Callable[["Settings"], Tutor]


@dataclass(frozen=True, slots=True)
class Session:
    """One set of settings and the tutor made from it."""

    settings: "Settings"
    problems: tuple[str, ...]
    """What was wrong with the settings, one sentence each."""
    tutor: Tutor


class Sessions:
    """Holds the current session; whoever needs it waits for it."""

    def __init__(self, factory: TutorFactory | None) -> None:
        self._factory = factory
        self._opening: asyncio.Task[Session] | None = None
        self._options: Mapping[str, Any] = {}

    def open(self, options: Mapping[str, Any]) -> "asyncio.Task[Session]":
        """Begin to open a session with these settings, in place of the current one."""
        if self._opening is None or options != self._options:
            self._options = options
            self._opening = asyncio.create_task(self._open(options, self._opening))
        return self._opening

    async def get(self) -> Session:
        """Return the session, waiting until it is open."""
        return await asyncio.shield(self.open(self._options))

    async def close(self) -> None:
        """Close the tutor; gives up after a while, so that leaving never hangs."""
        opening, self._opening = self._opening, None
        if opening is not None:
            await _close(opening)

    async def _open(
        self, options: Mapping[str, Any], previous: "asyncio.Task[Session] | None"
    ) -> Session:
        load, create = await asyncio.to_thread(_import_tutor, self._factory)
        settings, problems = load(options)
        session = Session(settings, problems, create(settings))
        if previous is not None:
            await _close(previous)
        return session


def _import_tutor(factory: TutorFactory | None) -> tuple[Any, TutorFactory]:
    """Import the pipeline when it is needed: `initialize` is answered sooner without it."""
    import_module("procoder_server.cards")
    load_settings = import_module("procoder_tutor.settings").load_settings
    return load_settings, factory or import_module("procoder_tutor.tutor").create_tutor


async def _close(opening: "asyncio.Task[Session]") -> None:
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            session = await asyncio.shield(opening)
            await session.tutor.aclose()
    except Exception:
        logger.warning("the tutor did not close", exc_info=True)
