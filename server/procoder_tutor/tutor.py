"""The tutor: one pipeline from a question about code to a checked answer."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, suppress

from procoder_tutor.answering.previewing import Preview
from procoder_tutor.answering.replaying import restored
from procoder_tutor.answering.stages import Report
from procoder_tutor.backend import Backend, CompletionJob, ModelInfo
from procoder_tutor.cache import ExplanationCache
from procoder_tutor.clock import Clock
from procoder_tutor.conversations import LOCAL_OWNER, Conversations, ConversationStore, Store
from procoder_tutor.errors import BackendRefusedError
from procoder_tutor.events import Event, Explanation
from procoder_tutor.facts.model import Facts
from procoder_tutor.flight import Flights
from procoder_tutor.infilling.gap import Gap, Suggestion
from procoder_tutor.infilling.writing import infilling
from procoder_tutor.launcher import HostLauncher
from procoder_tutor.openai_backend import OpenAIBackend
from procoder_tutor.pipeline import Case, Pipeline
from procoder_tutor.privacy import Privacy
from procoder_tutor.prompts import profile_for
from procoder_tutor.questions import Level, Question
from procoder_tutor.resolver import Resolver
from procoder_tutor.settings import Settings
from procoder_tutor.symbols import Document, Symbol
from procoder_tutor.targets import Target


def create_tutor(
    settings: Settings,
    *,
    backend: Backend | None = None,
    on_host_start: Callable[[], None] | None = None,
    store: Store | None = None,
) -> "Tutor":
    """Build a tutor whose model is the host of `settings`; nothing is started yet.

    Conversations are kept in the file of `settings` unless another `store` is given.
    """
    if backend is None:
        backend = create_backend(settings, on_host_start)
    return Tutor(
        settings,
        backend,
        ExplanationCache(settings.cache, settings.redis),
        Resolver(),
        store or ConversationStore(settings.conversations),
    )


def create_backend(settings: Settings, on_host_start: Callable[[], None] | None = None) -> Backend:
    """Build the client of the host of `settings`, which finds or starts that host when asked."""
    launcher = HostLauncher(settings.model, settings.host, on_start=on_host_start)
    return OpenAIBackend(
        settings.model,
        launcher.locate,
        load_seconds=settings.host.start_timeout,
        aclose_host=launcher.aclose,
    )


class Tutor:
    """Answers questions about code; belongs to one event loop."""

    def __init__(
        self,
        settings: Settings,
        backend: Backend,
        cache: ExplanationCache,
        resolver: Resolver,
        store: Store,
    ) -> None:
        self.settings = settings
        self.conversations: Conversations = store.of(LOCAL_OWNER)
        """What was asked and answered before, on a machine of one user."""
        self._store = store
        self._pruned = False
        self._backend = backend
        self._cache = cache
        self._resolver = resolver
        self._pipeline = Pipeline(settings, backend, cache, resolver)
        self._flights: Flights[tuple[str, Question], Event] = Flights()

    async def facts(
        self, document: Document, symbol: Symbol, *, budget: float | None = 0.1
    ) -> Facts:
        """Return the facts, completed by jedi if it needs at most `budget` seconds."""
        facts = await self._pipeline.derived.facts(document, symbol)
        return await self._resolver.complete(document, symbol, facts, budget=budget)

    async def target(
        self, document: Document, line: int, column: int, *, budget: float | None
    ) -> Target | None:
        """Return the function or class that the name at a place refers to, if known in time."""
        return await self._resolver.target(document, line, column, budget=budget)

    async def cached(self, document: Document, question: Question) -> Explanation | None:
        """Return the kept answer, if there is one; asks no host, not even which model it has."""
        kept = await self._pipeline.kept(document, question)
        return kept and restored(kept, await self.privacy(document))

    def ask(
        self, document: Document, question: Question, owner: str = LOCAL_OWNER
    ) -> AsyncGenerator[Event, None]:
        """Answer a question: FactsReady, Delta…, Checked, then Done or Failed.

        `owner` is whose conversation it is part of, if it is. The same question asked twice at
        once runs once. Closing the iterator cancels, unless somebody else still listens.
        """
        key = (owner if question.conversation else "", question)
        return self._flights.join(key, lambda report: self._run(document, question, owner, report))

    async def preview(
        self,
        document: Document,
        question: Question,
        texts: Mapping[str, str],
        owner: str = LOCAL_OWNER,
    ) -> Preview:
        """Return what would be sent for a question, and how many tokens the `texts` in it have.

        Where the question is part of a conversation, `conversation` is added to the parts. Finds
        or starts the model's host. Raises TutorError.
        """
        talks = self.conversations_of(owner)
        case = Case(document, question, talks, Clock(), lambda _: None)
        return await self._pipeline.preview(case, texts)

    def conversations_of(self, owner: str) -> Conversations:
        """Return what one owner asked before; nobody sees another's."""
        return self._store.of(owner)

    async def model(self) -> ModelInfo:
        """Return which model answers, finding or starting its host; raises BackendError."""
        return await self._pipeline.identify()

    def infill(self, gap: Gap) -> AsyncGenerator[str | Suggestion, None]:
        """Stream code for a gap as the model writes it, then what is to be shown of it.

        Closing the iterator stops the model. Raises BackendError.
        """
        return infilling(self._backend, gap)

    async def privacy(self, document: Document) -> Privacy:
        """Return a document without its secrets."""
        return await self._pipeline.derived.privacy(document)

    async def warm_up(self, level: Level, language: str) -> None:
        """Start jedi, find or start the host, and let it read what such prompts begin with.

        Raises BackendError, which says what to do.
        """
        await self._resolver.start()
        model = await self._pipeline.identify()
        profile = profile_for(model.prompt_style)
        prefix = profile.prefix(level, language)
        if not prefix:
            return
        job = CompletionJob(prefix, max_tokens=0, background=True)
        # Other servers may refuse an answer of no tokens: then the first question waits longer.
        with suppress(BackendRefusedError):
            async with aclosing(self._backend.complete(job)) as items:
                async for _ in items:
                    pass

    async def clear_cache(self) -> int:
        """Delete the kept answers of this machine; returns how many there were."""
        return await self._cache.clear()

    async def cache_size(self) -> tuple[int, int]:
        """Return how many answers are kept on disk, and their bytes."""
        return await self._cache.size()

    async def aclose(self) -> None:
        """Stop answering and let go of everything."""
        await self._flights.aclose()
        await self._resolver.aclose()
        await self._backend.aclose()
        await self._cache.aclose()
        await self._store.aclose()

    async def _run(
        self, document: Document, question: Question, owner: str, report: Report
    ) -> AsyncGenerator[Event, None]:
        case = Case(document, question, self.conversations_of(owner), Clock(), report)
        async with aclosing(self._pipeline.run(case)) as events:
            async for event in events:
                yield event
        await self._prune()

    async def _prune(self) -> None:
        """Once a process, delete the conversations that nobody goes on with."""
        if not self._pruned:
            self._pruned = True
            await self._store.prune()
