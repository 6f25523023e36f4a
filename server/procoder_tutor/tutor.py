"""The tutor: one pipeline from a question about code to a checked answer."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace

from procoder_tutor.answering.asking import Asking
from procoder_tutor.answering.by_blocks import by_blocks
from procoder_tutor.answering.conversing import conversing
from procoder_tutor.answering.dialogue import history, record
from procoder_tutor.answering.editing import editing
from procoder_tutor.answering.instant import instant
from procoder_tutor.answering.keys import KEPT, answer_key
from procoder_tutor.answering.previewing import Preview, Rehearsal, preview
from procoder_tutor.answering.purpose import purpose
from procoder_tutor.answering.replaying import replay, restored
from procoder_tutor.answering.stages import Report
from procoder_tutor.backend import Backend, CompletionJob, ModelInfo
from procoder_tutor.cache import ExplanationCache
from procoder_tutor.clock import Clock, Speeds
from procoder_tutor.conversations import Conversations, ConversationStore
from procoder_tutor.derived import Derived
from procoder_tutor.errors import BackendRefusedError, ChatOnlyError, TutorError
from procoder_tutor.events import (
    Checked,
    Done,
    Event,
    Explanation,
    FactsReady,
    Failed,
    Working,
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
from procoder_tutor.questions import Kind, Level, Question
from procoder_tutor.resolver import Resolver
from procoder_tutor.settings import Settings
from procoder_tutor.symbols import Document, Symbol
from procoder_tutor.targets import Target
from procoder_tutor.vocabulary import Vocabulary


def create_tutor(
    settings: Settings,
    *,
    backend: Backend | None = None,
    on_host_start: Callable[[], None] | None = None,
) -> "Tutor":
    """Build a tutor whose model is the host of `settings`; nothing is started yet."""
    if backend is None:
        backend = create_backend(settings, on_host_start)
    return Tutor(
        settings,
        backend,
        ExplanationCache(settings.cache, settings.redis),
        Resolver(),
        ConversationStore(settings.conversations),
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
class _Case:
    """One question that is being answered."""

    document: Document
    question: Question
    facts: Facts
    clock: Clock
    report: Report


class Tutor:
    """Answers questions about code; belongs to one event loop."""

    def __init__(
        self,
        settings: Settings,
        backend: Backend,
        cache: ExplanationCache,
        resolver: Resolver,
        store: ConversationStore,
    ) -> None:
        self.settings = settings
        self.conversations: Conversations = store.of()
        """What was asked and answered before."""
        self._store = store
        self._pruned = False
        self._backend = backend
        self._cache = cache
        self._resolver = resolver
        self._speeds = Speeds()
        self._derived = Derived()
        self._flights: Flights[Question, Event] = Flights()

    async def facts(
        self, document: Document, symbol: Symbol, *, budget: float | None = 0.1
    ) -> Facts:
        """Return the facts, completed by jedi if it needs at most `budget` seconds."""
        facts = await self._derived.facts(document, symbol)
        return await self._resolver.complete(document, symbol, facts, budget=budget)

    async def target(
        self, document: Document, line: int, column: int, *, budget: float | None
    ) -> Target | None:
        """Return the function or class that the name at a place refers to, if known in time."""
        return await self._resolver.target(document, line, column, budget=budget)

    async def cached(self, document: Document, question: Question) -> Explanation | None:
        """Return the kept answer, if there is one; asks no host, not even which model it has."""
        kept = await self._kept(document, question)
        return kept and restored(kept, await self.privacy(document))

    def ask(self, document: Document, question: Question) -> AsyncGenerator[Event, None]:
        """Answer a question: FactsReady, Delta…, Checked, then Done or Failed.

        The same question asked twice at once runs once. Closing the iterator cancels, unless
        somebody else still listens.
        """
        return self._flights.join(question, lambda report: self._run(document, question, report))

    async def preview(
        self, document: Document, question: Question, texts: Mapping[str, str]
    ) -> Preview:
        """Return what would be sent for a question, and how many tokens the `texts` in it have.

        Where the question is part of a conversation, `conversation` is added to the parts. Finds
        or starts the model's host. Raises TutorError.
        """
        if not question.refresh and await self._kept(document, question) is not None:
            return Preview(cached=True)
        if await asyncio.to_thread(next, instant(document, question), None) is not None:
            return Preview()
        facts = await self._derived.facts(document, question.symbol)
        asking = await self._asking(_Case(document, question, facts, Clock(), lambda _: None))
        asking.backend = Rehearsal(self._backend)
        said = await history(asking, self.conversations) if question.kind is Kind.CHAT else ()
        earlier = "\n".join(message.content for message in said)
        return await preview(asking, self._task(asking), {**texts, "conversation": earlier})

    def infill(self, gap: Gap) -> AsyncGenerator[str | Suggestion, None]:
        """Stream code for a gap as the model writes it, then what is to be shown of it.

        Closing the iterator stops the model. Raises BackendError.
        """
        return infilling(self._backend, gap)

    async def privacy(self, document: Document) -> Privacy:
        """Return a document without its secrets."""
        return await self._derived.privacy(document)

    async def warm_up(self, level: Level, language: str) -> None:
        """Start jedi, find or start the host, and let it read what such prompts begin with.

        Raises BackendError, which says what to do.
        """
        await self._resolver.start()
        model = await self._identify()
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
        self, document: Document, question: Question, report: Report
    ) -> AsyncGenerator[Event, None]:
        clock = Clock()
        try:
            facts = await self._derived.facts(document, question.symbol)
            clock.facts = clock.now()
            yield FactsReady(facts)
            known = await asyncio.to_thread(lambda: tuple(instant(document, question)))
            if known:
                for event in known:
                    yield await self._recorded(document, question, event)
                return
            case = _Case(document, question, facts, clock, report)
            async with aclosing(self._answer(case)) as events:
                async for event in events:
                    yield event
        except TutorError as error:
            yield Failed(error)

    async def _answer(self, case: _Case) -> AsyncGenerator[Event, None]:
        """Take the answer from the cache, or make it while jedi completes the facts."""
        document, question, facts = case.document, case.question, case.facts
        if not question.refresh:
            kept = await self._kept(document, question)
            if kept is not None:
                privacy = await self.privacy(document)
                turn = await record(self.conversations, question, privacy, kept)
                for event in replay(restored(kept, privacy), question, facts, case.clock, turn):
                    yield event
                return
        completing = asyncio.create_task(
            self._resolver.complete(document, question.symbol, facts, budget=None)
        )
        try:
            told = False
            async with aclosing(self._generate(case)) as events:
                async for event in events:
                    if completing.done() and not told:
                        told = True
                        yield FactsReady(completing.result())
                    yield event
        finally:
            completing.cancel()
            await asyncio.wait([completing])

    async def _generate(self, case: _Case) -> AsyncGenerator[Event, None]:
        asking = await self._asking(case)
        try:
            async with aclosing(self._task(asking)) as events:
                async for event in events:
                    yield event
        except ChatOnlyError:
            # Known from now on, so that this happens once a server.
            asking = await self._asking(case)
            async with aclosing(self._task(asking)) as events:
                async for event in events:
                    yield event
        yield Checked(asking.checks)
        if case.question.kind in KEPT and not asking.hurried:
            key = answer_key(asking.model, asking.excerpt, case.question)
            await self._cache.put(key, asking.record)
        turn = await record(self.conversations, case.question, asking.privacy, asking.record)
        yield Done(asking.explanation, turn)
        await self._prune()

    async def _kept(self, document: Document, question: Question) -> Explanation | None:
        """Return the kept answer as it is kept: without secrets."""
        model = await self._cache.known_model(self.settings.model)
        if model is None or question.kind not in KEPT:
            return None
        excerpt = await self._derived.excerpt(document, question.symbol)
        return await self._cache.get(answer_key(model, excerpt, question))

    async def _recorded(self, document: Document, question: Question, event: Event) -> Event:
        """Keep an answer that needed no model, once it is complete."""
        if not isinstance(event, Done):
            return event
        privacy = await self.privacy(document)
        clean = replace(event.explanation, markdown=privacy.redact(event.explanation.markdown))
        return replace(event, turn=await record(self.conversations, question, privacy, clean))

    async def _task(self, asking: Asking) -> AsyncGenerator[Event, None]:
        """Answer by the kind of the question."""
        match asking.question.kind:
            case Kind.BLOCKS:
                events = by_blocks(asking)
            case Kind.CHAT:
                events = conversing(asking, await history(asking, self.conversations))
            case Kind.FIX | Kind.SIMPLIFY | Kind.DOCUMENT | Kind.TESTS:
                events = editing(asking)
            case _:
                events = purpose(asking)
        async with aclosing(events):
            async for event in events:
                yield event

    async def _asking(self, case: _Case) -> Asking:
        document, question, facts = case.document, case.question, case.facts
        case.report(Working("loading"))
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
            clock=case.clock,
            speed=self._speeds.of(model.digest),
            patience=self.settings.patience,
            report=case.report,
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
