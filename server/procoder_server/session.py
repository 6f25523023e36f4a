"""The tutors that a server works with: opened in the background, replaced when theirs change."""

import asyncio
import logging
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Mapping,
)
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from procoder_server.late import importing
from procoder_server.layers import Layers, folder_of

if TYPE_CHECKING:
    from procoder_server.resolving import Resolved
    from procoder_server.settings import ServerSettings
    from procoder_tutor.answering.previewing import Preview
    from procoder_tutor.conversations import Conversations
    from procoder_tutor.events import Event, Explanation
    from procoder_tutor.facts.model import Facts
    from procoder_tutor.infilling.gap import Gap, Suggestion
    from procoder_tutor.privacy import Privacy
    from procoder_tutor.questions import Level, Question
    from procoder_tutor.settings import Settings
    from procoder_tutor.symbols import Document, Symbol
    from procoder_tutor.targets import Target

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

    async def target(
        self, document: "Document", line: int, column: int, *, budget: float | None
    ) -> "Target | None":
        """Return the function or class that a name refers to, if known within the budget."""
        ...

    async def cached(self, document: "Document", question: "Question") -> "Explanation | None":
        """Return the kept answer; starts nothing."""
        ...

    def ask(self, document: "Document", question: "Question") -> "AsyncIterator[Event]":
        """Answer; closing the iterator stops the model."""
        ...

    async def preview(
        self, document: "Document", question: "Question", texts: Mapping[str, str]
    ) -> "Preview":
        """Return what would be sent for a question, and the tokens of the texts in it.

        Raises what asking raises.
        """
        ...

    def infill(self, gap: "Gap") -> "AsyncGenerator[str | Suggestion, None]":
        """Write code for a gap; closing the iterator stops the model."""
        ...

    async def privacy(self, document: "Document") -> "Privacy":
        """Return a document without its secrets."""
        ...

    async def warm_up(self, level: "Level", language: str) -> None:
        """Find or start the model host, and prepare it for answers to such an asker.

        Raises BackendError.
        """
        ...

    async def clear_cache(self) -> int:
        """Delete the kept answers of this machine; returns how many there were."""
        ...

    async def cache_size(self) -> tuple[int, int]:
        """Return how many answers are kept on disk, and their bytes."""
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


Voice = tuple["Level", str]
"""A level, and a language as a code."""
TutorFactory = Callable[["Settings"], Tutor]


@dataclass(frozen=True, slots=True)
class Session:
    """Settings and the tutor that works by them."""

    settings: "ServerSettings"
    tutor: Tutor

    @property
    def voice(self) -> "Voice":
        """Whom answers are for: what decides how their prompts begin."""
        return self.settings.level, self.settings.language

    async def warm_up(self) -> None:
        """Have the tutor ready for the questions of these settings; raises BackendError."""
        await self.tutor.warm_up(*self.voice)


@dataclass(frozen=True, slots=True)
class Opened:
    """The sessions of one configuration."""

    everywhere: Session
    folders: Mapping[str, Session]
    """By the folder's URI."""
    problems: tuple[str, ...]
    """What was wrong with the settings, one sentence each."""

    def session(self, uri: str | None) -> Session:
        """Return the session of the folder that a document lies in."""
        folder = folder_of(uri, self.folders) if uri is not None else None
        return self.everywhere if folder is None else self.folders[folder]

    def all(self) -> tuple[Session, ...]:
        """Return every session; several may have the same tutor."""
        return (self.everywhere, *self.folders.values())


class Sessions:
    """Holds the current sessions; whoever needs one waits for it.

    Folders whose tutor has the same settings share it, and it outlives a configuration that does
    not concern it, with all that it is working on.
    """

    def __init__(self, factory: TutorFactory | None) -> None:
        self._factory = factory
        self._tutors: dict[Settings, Tutor] = {}
        self._latest: asyncio.Task[Opened] | None = None
        self._current: Opened | None = None
        self._one_at_a_time = asyncio.Lock()
        self._openings: set[asyncio.Task[Opened]] = set()
        self._closings: set[asyncio.Task[None]] = set()

    def open(self, layers: Layers | Callable[[], Awaitable[Layers]]) -> "asyncio.Task[Opened]":
        """Begin to open sessions with these settings, in place of the current ones."""
        self._latest = asyncio.create_task(self._open(layers))
        self._openings.add(self._latest)
        self._latest.add_done_callback(self._openings.discard)
        return self._latest

    async def get(self, uri: str | None = None) -> Session:
        """Return the session for a document, or that of no folder, waiting until it is open."""
        while True:
            latest = self._latest or self.open(Layers())
            opened = await asyncio.shield(latest)
            if self._latest is latest:
                return opened.session(uri)

    def settings(self, uri: str | None = None) -> "ServerSettings | None":
        """Return the settings for a document, None while none are known."""
        return self._current.session(uri).settings if self._current is not None else None

    @property
    def tutors(self) -> tuple[Tutor, ...]:
        """Every tutor that is open; folders with settings of their own may have one each."""
        return tuple(self._tutors.values())

    @property
    def problems(self) -> tuple[str, ...]:
        """What was wrong with the settings, one sentence each."""
        return self._current.problems if self._current is not None else ()

    async def close(self) -> None:
        """Close the tutors; gives up after a while, so that leaving never hangs."""
        self._latest = None
        for opening in self._openings:
            opening.cancel()
        await asyncio.gather(*self._openings, return_exceptions=True)
        tutors, self._tutors = self._tutors, {}
        await asyncio.gather(*self._closings, *map(_close, tutors.values()))

    async def _open(self, layers: Layers | Callable[[], Awaitable[Layers]]) -> Opened:
        async with self._one_at_a_time:
            said = layers if isinstance(layers, Layers) else await layers()
            resolve, create = await asyncio.to_thread(_import_tutor, self._factory)
            resolved = await asyncio.to_thread(resolve, said)
            tutors: dict[Settings, Tutor] = {}

            def session(settings: "ServerSettings") -> Session:
                part = settings.tutor
                if part not in tutors:
                    tutors[part] = self._tutors.get(part) or create(settings)
                return Session(settings, tutors[part])

            everywhere = session(resolved.everywhere)
            folders = {uri: session(settings) for uri, settings in resolved.folders.items()}
            self._current = Opened(everywhere, folders, resolved.problems)
            unused = [tutor for part, tutor in self._tutors.items() if part not in tutors]
            self._tutors = tutors
            for tutor in unused:
                self._close_later(tutor)
            return self._current

    def _close_later(self, tutor: Tutor) -> None:
        closing = asyncio.create_task(_close(tutor))
        self._closings.add(closing)
        closing.add_done_callback(self._closings.discard)


def _import_tutor(
    factory: TutorFactory | None,
) -> tuple[Callable[[Layers], "Resolved"], TutorFactory]:
    """Import the pipeline when it is needed: `initialize` is answered sooner without it."""
    with importing():
        import_module("procoder_server.cards")
        resolve = import_module("procoder_server.resolving").resolve
        return resolve, factory or import_module("procoder_tutor.tutor").create_tutor


async def _close(tutor: Tutor) -> None:
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await tutor.aclose()
    except Exception:
        logger.warning("the tutor did not close", exc_info=True)
