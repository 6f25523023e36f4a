"""What happens to a question: facts, what is kept, the model, its checks, what is recorded."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
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
from procoder_tutor.backend import Backend, ModelInfo
from procoder_tutor.cache import ExplanationCache
from procoder_tutor.clock import Clock, Speeds
from procoder_tutor.conversations import Conversations
from procoder_tutor.derived import Derived
from procoder_tutor.errors import ChatOnlyError, TutorError
from procoder_tutor.events import Checked, Done, Event, Explanation, FactsReady, Failed, Working
from procoder_tutor.facts.model import Facts
from procoder_tutor.hinting import solutions
from procoder_tutor.hints.state import Rung
from procoder_tutor.questions import Kind, Prose, Question
from procoder_tutor.resolver import Resolver
from procoder_tutor.settings import Settings
from procoder_tutor.symbols import Document
from procoder_tutor.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Case:
    """One question that is being answered."""

    document: Document
    question: Question
    talks: Conversations
    """Where the answer is recorded, if the question is part of a conversation."""
    clock: Clock
    report: Report


class Pipeline:
    """The way from questions to checked answers; belongs to one event loop."""

    def __init__(
        self, settings: Settings, backend: Backend, cache: ExplanationCache, resolver: Resolver
    ) -> None:
        self._settings = settings
        self._backend = backend
        self._cache = cache
        self._resolver = resolver
        self._speeds = Speeds()
        self.derived = Derived()
        """Facts, secrets and excerpts of the documents asked about."""

    async def run(self, case: Case) -> AsyncGenerator[Event, None]:
        """Answer: FactsReady, Delta…, Checked, then Done or Failed."""
        document, question = case.document, case.question
        try:
            facts = await self.derived.facts(document, question.symbol)
            case.clock.facts = case.clock.now()
            yield FactsReady(facts)
            known = await asyncio.to_thread(lambda: tuple(instant(document, question)))
            if known:
                for event in known:
                    yield await self._recorded(case, event)
                return
            async with aclosing(self._answer(case, facts)) as events:
                async for event in events:
                    yield event
        except TutorError as error:
            yield Failed(error)

    async def preview(self, case: Case, texts: Mapping[str, str]) -> Preview:
        """Return what would be sent, and the tokens of `texts` in it; raises TutorError."""
        document, question = case.document, case.question
        if not question.refresh and await self.kept(document, question) is not None:
            return Preview(cached=True)
        if await asyncio.to_thread(next, instant(document, question), None) is not None:
            return Preview()
        facts = await self.derived.facts(document, question.symbol)
        asking = await self._asking(case, facts)
        asking.backend = Rehearsal(self._backend)
        said = await history(asking, case.talks) if question.kind is Kind.CHAT else ()
        earlier = "\n".join(message.content for message in said)
        task = self._task(asking, case.talks)
        return await preview(asking, task, {**texts, "conversation": earlier})

    async def kept(self, document: Document, question: Question) -> Explanation | None:
        """Return the kept answer as it is kept: without secrets."""
        model = await self._cache.known_model(self._settings.model)
        if model is None or question.kind not in KEPT:
            return None
        excerpt = await self.derived.excerpt(document, question.symbol)
        return await self._cache.get(answer_key(model, excerpt, question, strict=self._strict))

    async def identify(self) -> ModelInfo:
        """Return which model answers, finding or starting its host; raises BackendError."""
        model = await self._backend.identify()
        await self._cache.remember_model(self._settings.model, model)
        return model

    async def _answer(self, case: Case, facts: Facts) -> AsyncGenerator[Event, None]:
        """Take the answer from the cache, or make it while jedi completes the facts."""
        document, question = case.document, case.question
        if not question.refresh:
            kept = await self.kept(document, question)
            if kept is not None:
                privacy = await self.derived.privacy(document)
                turn = await record(case.talks, question, privacy, kept)
                for event in replay(restored(kept, privacy), question, facts, case.clock, turn):
                    yield event
                return
        completing = asyncio.create_task(
            self._resolver.complete(document, question.symbol, facts, budget=None)
        )
        try:
            told = False
            async with aclosing(self._generate(case, facts)) as events:
                async for event in events:
                    if completing.done() and not told:
                        told = True
                        yield FactsReady(completing.result())
                    yield event
        finally:
            completing.cancel()
            await asyncio.wait([completing])

    async def _generate(self, case: Case, facts: Facts) -> AsyncGenerator[Event, None]:
        asking = await self._asking(case, facts)
        try:
            async with aclosing(self._task(asking, case.talks)) as events:
                async for event in events:
                    yield event
        except ChatOnlyError:
            # Known from now on, so that this happens once a server.
            asking = await self._asking(case, facts)
            async with aclosing(self._task(asking, case.talks)) as events:
                async for event in events:
                    yield event
        yield Checked(asking.checks)
        if case.question.kind in KEPT and not asking.hurried:
            question, strict = case.question, asking.strict
            key = answer_key(asking.model, asking.excerpt, question, strict=strict)
            await self._cache.put(key, asking.record)
        turn = await record(case.talks, case.question, asking.privacy, asking.record)
        yield Done(asking.explanation, turn)

    async def _recorded(self, case: Case, event: Event) -> Event:
        """Keep an answer that needed no model, once it is complete."""
        if not isinstance(event, Done):
            return event
        privacy = await self.derived.privacy(case.document)
        clean = replace(event.explanation, markdown=privacy.redact(event.explanation.markdown))
        return replace(event, turn=await record(case.talks, case.question, privacy, clean))

    async def _task(self, asking: Asking, talks: Conversations) -> AsyncGenerator[Event, None]:
        """Answer by the kind of the question."""
        match asking.question.kind:
            case Kind.BLOCKS:
                events = by_blocks(asking)
            case Kind.CHAT:
                events = conversing(asking, await history(asking, talks))
            case Kind.FIX | Kind.SIMPLIFY | Kind.DOCUMENT | Kind.TESTS:
                events = editing(asking)
            case _:
                events = purpose(asking)
        async with aclosing(events):
            async for event in events:
                yield event

    async def _asking(self, case: Case, facts: Facts) -> Asking:
        document, question = case.document, case.question
        case.report(Working("loading"))
        model = await self.identify()
        privacy = await self.derived.privacy(document)
        vocabulary = await asyncio.to_thread(Vocabulary.of, document, question.symbol, facts)
        withheld: tuple[str, ...] = ()
        if question.kind is Kind.CHAT and self._settings.hints_up_to is not Rung.SOLUTION:
            withheld = await asyncio.to_thread(solutions, document, question.symbol)
        return Asking(
            backend=self._backend,
            model=model,
            document=document,
            question=question,
            facts=facts,
            vocabulary=vocabulary,
            excerpt=await self.derived.excerpt(document, question.symbol),
            privacy=privacy,
            clock=case.clock,
            speed=self._speeds.of(model.digest),
            patience=self._settings.patience,
            report=case.report,
            strict=self._strict,
            withheld=withheld,
        )

    @property
    def _strict(self) -> bool:
        return self._settings.prose is Prose.STRICT
