"""The tutor: one pipeline from a question about code to a checked answer."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace

from procoder_tutor.answering.asking import Asking
from procoder_tutor.answering.by_blocks import by_blocks
from procoder_tutor.answering.conversing import conversing
from procoder_tutor.answering.dialogue import history, record
from procoder_tutor.answering.editing import editing
from procoder_tutor.answering.instant import instant
from procoder_tutor.answering.kept import replay, restored
from procoder_tutor.answering.keys import KEPT, answer_key
from procoder_tutor.answering.purpose import purpose
from procoder_tutor.backend import Backend, CompletionJob, ModelInfo
from procoder_tutor.cache import ExplanationCache
from procoder_tutor.clock import Clock, Speeds
from procoder_tutor.conversations import LOCAL_OWNER, Conversations, ConversationStore, Store
from procoder_tutor.derived import Derived
from procoder_tutor.errors import BackendRefusedError, ChatOnlyError, TutorError
from procoder_tutor.events import (
    Checked,
    Done,
    Event,
    Explanation,
    FactsReady,
    Failed,
)
from procoder_tutor.facts.model import Facts
from procoder_tutor.flight import Flights
from procoder_tutor.hinting import solutions
from procoder_tutor.hints.state import Rung
from procoder_tutor.infilling.gap import Gap, Suggestion
from procoder_tutor.infilling.writing import infilling
from procoder_tutor.launcher import HostLauncher
from procoder_tutor.openai_backend import OpenAIBackend
from procoder_tutor.privacy import Privacy
from procoder_tutor.prompts import profile_for
from procoder_tutor.questions import Kind, Question
from procoder_tutor.resolver import Resolver
from procoder_tutor.settings import Settings
from procoder_tutor.symbols import Document, Symbol
from procoder_tutor.vocabulary import Vocabulary


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


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question on its way to an answer."""

    document: Document
    question: Question
    conversations: Conversations
    """Those of its asker."""
    clock: Clock


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
        self._speeds = Speeds()
        self._derived = Derived()
        self._flights: Flights[tuple[str, Question], Event] = Flights()

    async def facts(
        self, document: Document, symbol: Symbol, *, budget: float | None = 0.1
    ) -> Facts:
        """Return the facts, completed by jedi if it needs at most `budget` seconds."""
        facts = await self._derived.facts(document, symbol)
        return await self._resolver.complete(document, symbol, facts, budget=budget)

    async def cached(self, document: Document, question: Question) -> Explanation | None:
        """Return the kept answer, if there is one; asks no host, not even which model it has."""
        kept = await self._kept(document, question)
        return kept and restored(kept, await self.privacy(document))

    def ask(
        self, document: Document, question: Question, owner: str = LOCAL_OWNER
    ) -> AsyncGenerator[Event, None]:
        """Answer a question: FactsReady, Delta…, Checked, then Done or Failed.

        `owner` is whose conversation it is part of, if it is. The same question asked twice at
        once runs once. Closing the iterator cancels, unless somebody else still listens.
        """
        conversations = self.conversations_of(owner)
        key = (owner if question.conversation else "", question)
        return self._flights.join(
            key, lambda: self._run(_Asked(document, question, conversations, Clock()))
        )

    def conversations_of(self, owner: str) -> Conversations:
        """Return what one owner asked before; nobody sees another's."""
        return self._store.of(owner)

    async def model(self) -> ModelInfo:
        """Return which model answers, finding or starting its host; raises BackendError."""
        return await self._identify()

    def infill(self, gap: Gap) -> AsyncGenerator[str | Suggestion, None]:
        """Stream code for a gap as the model writes it, then what is to be shown of it.

        Closing the iterator stops the model. Raises BackendError.
        """
        return infilling(self._backend, gap)

    async def privacy(self, document: Document) -> Privacy:
        """Return a document without its secrets."""
        return await self._derived.privacy(document)

    async def warm_up(self) -> None:
        """Start jedi, find or start the host, and let it read what every prompt begins with.

        Raises BackendError, which says what to do.
        """
        await self._resolver.start()
        model = await self._identify()
        profile = profile_for(model.prompt_style)
        prefix = profile.prefix(self.settings.level, self.settings.language)
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

    async def _run(self, asked: _Asked) -> AsyncGenerator[Event, None]:
        document, question = asked.document, asked.question
        try:
            facts = await self._derived.facts(document, question.symbol)
            asked.clock.facts = asked.clock.now()
            yield FactsReady(facts)
            known = await asyncio.to_thread(lambda: tuple(instant(document, question)))
            if known:
                for event in known:
                    if isinstance(event, Done):
                        await self._record_instant(asked, event.explanation)
                    yield event
                return
            async with aclosing(self._answer(asked, facts)) as events:
                async for event in events:
                    yield event
        except TutorError as error:
            yield Failed(error)

    async def _answer(self, asked: _Asked, facts: Facts) -> AsyncGenerator[Event, None]:
        """Take the answer from the cache, or make it while jedi completes the facts."""
        document, question = asked.document, asked.question
        if not question.refresh:
            kept = await self._kept(document, question)
            if kept is not None:
                privacy = await self.privacy(document)
                await record(asked.conversations, question, privacy, kept)
                for event in replay(restored(kept, privacy), question, facts, asked.clock):
                    yield event
                return
        completing = asyncio.create_task(
            self._resolver.complete(document, question.symbol, facts, budget=None)
        )
        try:
            told = False
            async with aclosing(self._generate(asked, facts)) as events:
                async for event in events:
                    if completing.done() and not told:
                        told = True
                        yield FactsReady(completing.result())
                    yield event
        finally:
            completing.cancel()
            await asyncio.wait([completing])

    async def _generate(self, asked: _Asked, facts: Facts) -> AsyncGenerator[Event, None]:
        asking = await self._asking(asked, facts)
        try:
            async with aclosing(self._task(asking, asked.conversations)) as events:
                async for event in events:
                    yield event
        except ChatOnlyError:
            # Known from now on, so that this happens once a server.
            asking = await self._asking(asked, facts)
            async with aclosing(self._task(asking, asked.conversations)) as events:
                async for event in events:
                    yield event
        yield Checked(asking.checks)
        question = asked.question
        if question.kind in KEPT and not asking.hurried:
            key = answer_key(asking.model, asking.excerpt, question)
            await self._cache.put(key, asking.record)
        await record(asked.conversations, question, asking.privacy, asking.record)
        yield Done(asking.explanation)
        await self._prune()

    async def _kept(self, document: Document, question: Question) -> Explanation | None:
        """Return the kept answer as it is kept: without secrets."""
        model = await self._cache.known_model(self.settings.model)
        if model is None or question.kind not in KEPT:
            return None
        excerpt = await self._derived.excerpt(document, question.symbol)
        return await self._cache.get(answer_key(model, excerpt, question))

    async def _record_instant(self, asked: _Asked, explanation: Explanation) -> None:
        privacy = await self.privacy(asked.document)
        clean = replace(explanation, markdown=privacy.redact(explanation.markdown))
        await record(asked.conversations, asked.question, privacy, clean)

    async def _task(
        self, asking: Asking, conversations: Conversations
    ) -> AsyncGenerator[Event, None]:
        """Answer by the kind of the question."""
        match asking.question.kind:
            case Kind.BLOCKS:
                events = by_blocks(asking)
            case Kind.CHAT:
                events = conversing(asking, await history(asking, conversations))
            case Kind.FIX | Kind.SIMPLIFY | Kind.DOCUMENT | Kind.TESTS:
                events = editing(asking)
            case _:
                events = purpose(asking)
        async with aclosing(events):
            async for event in events:
                yield event

    async def _asking(self, asked: _Asked, facts: Facts) -> Asking:
        document, question = asked.document, asked.question
        model = await self._identify()
        privacy = await self.privacy(document)
        vocabulary = await asyncio.to_thread(Vocabulary.of, document, question.symbol, facts)
        withheld: tuple[str, ...] = ()
        if question.kind is Kind.CHAT and self.settings.hints_up_to is not Rung.SOLUTION:
            withheld = await asyncio.to_thread(solutions, document, question.symbol)
        return Asking(
            backend=self._backend,
            model=model,
            document=document,
            question=question,
            facts=facts,
            vocabulary=vocabulary,
            excerpt=await self._derived.excerpt(document, question.symbol),
            privacy=privacy,
            clock=asked.clock,
            speed=self._speeds.of(model.digest),
            patience=self.settings.patience,
            withheld=withheld,
        )

    async def _prune(self) -> None:
        """Once a process, delete the conversations that nobody goes on with."""
        if not self._pruned:
            self._pruned = True
            await self._store.prune()

    async def _identify(self) -> ModelInfo:
        model = await self._backend.identify()
        await self._cache.remember_model(self.settings.model, model)
        return model
