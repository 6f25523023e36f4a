"""The tutor: one pipeline from a question about code to a checked answer."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import replace

from procoder_tutor.answering import Answering, Clock, answer_key
from procoder_tutor.backend import Backend, CompletionJob
from procoder_tutor.cache import ExplanationCache
from procoder_tutor.errors import BackendRefusedError, TutorError
from procoder_tutor.events import Checked, Delta, Done, Event, Explanation, FactsReady, Failed
from procoder_tutor.excerpts import excerpt_of
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.facts.model import Facts
from procoder_tutor.flight import Flights
from procoder_tutor.launcher import HostLauncher
from procoder_tutor.openai_backend import OpenAIBackend
from procoder_tutor.prompts import profile_for
from procoder_tutor.questions import Question
from procoder_tutor.resolver import Resolver
from procoder_tutor.settings import Settings
from procoder_tutor.symbols import Document, Symbol


def create_tutor(
    settings: Settings,
    *,
    backend: Backend | None = None,
    on_host_start: Callable[[], None] | None = None,
) -> "Tutor":
    """Build a tutor whose model is the host of `settings`; nothing is started yet."""
    if backend is None:
        launcher = HostLauncher(settings.model, settings.host, on_start=on_host_start)
        backend = OpenAIBackend(
            settings.model,
            launcher.locate,
            load_seconds=settings.host.start_timeout,
            aclose_host=launcher.aclose,
        )
    return Tutor(settings, backend, ExplanationCache(settings.cache, settings.redis), Resolver())


class Tutor:
    """Answers questions about code; belongs to one event loop."""

    def __init__(
        self,
        settings: Settings,
        backend: Backend,
        cache: ExplanationCache,
        resolver: Resolver,
    ) -> None:
        self.settings = settings
        self._backend = backend
        self._cache = cache
        self._resolver = resolver
        self._flights: Flights[Question, Event] = Flights()

    async def facts(
        self, document: Document, symbol: Symbol, *, budget: float | None = 0.1
    ) -> Facts:
        """Return the facts, completed by jedi if it needs at most `budget` seconds."""
        facts = await asyncio.to_thread(instant_facts, document, symbol)
        return await self._resolver.complete(document, symbol, facts, budget=budget)

    async def cached(self, document: Document, question: Question) -> Explanation | None:
        """Return the kept answer, if there is one; asks no host, not even which model it has."""
        model = await self._cache.known_model(self.settings.model)
        if model is None:
            return None
        excerpt = await asyncio.to_thread(excerpt_of, document, question.symbol)
        return await self._cache.get(answer_key(model, excerpt, question))

    def ask(self, document: Document, question: Question) -> AsyncGenerator[Event, None]:
        """Answer a question: FactsReady, Delta…, Checked, then Done or Failed.

        The same question asked twice at once runs once. Closing the iterator cancels, unless
        somebody else still listens.
        """
        return self._flights.join(question, lambda: self._run(document, question))

    async def warm_up(self) -> None:
        """Find or start the host, and let it read what every prompt begins with.

        Raises BackendError, which says what to do.
        """
        model = await self._backend.identify()
        await self._cache.remember_model(self.settings.model, model)
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

    async def aclose(self) -> None:
        """Stop answering and let go of everything."""
        await self._flights.aclose()
        await self._resolver.aclose()
        await self._backend.aclose()
        await self._cache.aclose()

    async def _run(self, document: Document, question: Question) -> AsyncGenerator[Event, None]:
        clock = Clock()
        try:
            facts = await asyncio.to_thread(instant_facts, document, question.symbol)
            clock.facts = clock.now()
            yield FactsReady(facts)
            async with aclosing(self._answer(document, question, facts, clock)) as events:
                async for event in events:
                    yield event
        except TutorError as error:
            yield Failed(error)

    async def _answer(
        self, document: Document, question: Question, facts: Facts, clock: Clock
    ) -> AsyncGenerator[Event, None]:
        """Take the answer from the cache, or make it while jedi completes the facts."""
        if not question.refresh:
            kept = await self.cached(document, question)
            if kept is not None:
                for event in _replay(kept, clock):
                    yield event
                return
        completing = asyncio.create_task(
            self._resolver.complete(document, question.symbol, facts, budget=None)
        )
        try:
            told = False
            async with aclosing(self._generate(document, question, facts, clock)) as events:
                async for event in events:
                    if completing.done() and not told:
                        told = True
                        yield FactsReady(completing.result())
                    yield event
        finally:
            completing.cancel()
            await asyncio.wait([completing])

    async def _generate(
        self, document: Document, question: Question, facts: Facts, clock: Clock
    ) -> AsyncGenerator[Event, None]:
        model = await self._backend.identify()
        await self._cache.remember_model(self.settings.model, model)
        excerpt = await asyncio.to_thread(excerpt_of, document, question.symbol)
        answering = Answering(self._backend, model, document, question, facts, clock, excerpt)
        async with aclosing(answering.events()) as events:
            async for event in events:
                yield event
        explanation = answering.explanation
        await self._cache.put(answer_key(model, excerpt, question), explanation)
        yield Done(explanation)


def _replay(kept: Explanation, clock: Clock) -> list[Event]:
    """Return the events of an answer that is there at once."""
    clock.first_token = clock.now() if kept.markdown else None
    events: list[Event] = [Delta(kept.markdown)] if kept.markdown else []
    return [*events, Checked(kept.checks), Done(replace(kept, timings_ms=clock.timings()))]
