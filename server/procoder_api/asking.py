"""Questions to the tutor: asked, and answered whole or as events."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import asdict, dataclass
from typing import Literal

from pydantic import BaseModel

from procoder_api.answers import DESCRIBED, Answer, Block, Proposal, Verdict
from procoder_api.problems import tutor_problem
from procoder_api.service import Service
from procoder_api.streams import FAILED, Told
from procoder_tutor.events import (
    BlockReady,
    Checked,
    Delta,
    Done,
    Event,
    FactsReady,
    Failed,
    Proposed,
    Working,
)
from procoder_tutor.facts.model import Facts
from procoder_tutor.markdown import facts_markdown
from procoder_tutor.questions import Question
from procoder_tutor.symbols import Document

_NAMES: Mapping[type[Event], str] = {
    FactsReady: "facts",
    Working: "working",
    Delta: "delta",
    BlockReady: "block",
    Proposed: "proposed",
    Checked: "checked",
    Done: "done",
    Failed: FAILED,
}
_LARGE = (FactsReady, Proposed, Done)
"""Events whose rendering would hold others up."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the code it is about, and whose conversation it belongs to."""

    document: Document
    question: Question
    owner: str


class KnownFacts(BaseModel):
    """What the code proves."""

    facts: Facts
    card: str


class Text(BaseModel):
    """A piece of the answer."""

    text: str


class Progress(BaseModel):
    """What the answer waits for now."""

    model_config = DESCRIBED

    stage: Literal["loading", "reading", "writing"]
    """The model is loaded, reads its prompt, or writes."""
    tokens: int
    """While reading about those of the prompt, while writing those that are written."""
    tokens_per_second: float | None
    seconds_left: float | None
    """While reading about as many until the first token; while writing at most as many."""


async def answered(api: Service, asked: Asked) -> Answer:
    """Wait for the whole answer; raises TutorError."""
    gathering = _Gathering(asked)
    async with aclosing(_events(api, asked)) as events:
        async for event in events:
            if isinstance(event, Failed):
                raise event.error
            gathering.take(event)
    return await asyncio.to_thread(gathering.answer)


async def streamed(api: Service, asked: Asked) -> AsyncGenerator[Told, None]:
    """Yield what the tutor reports, see `_NAMES`; the last event is `done` or `failed`.

    Closing this stops the model.
    """
    gathering = _Gathering(asked)
    async with aclosing(_events(api, asked)) as events:
        async for event in events:
            gathering.take(event)
            if isinstance(event, _LARGE):
                yield await asyncio.to_thread(gathering.shown, event)
            else:
                yield gathering.shown(event)


async def _events(api: Service, asked: Asked) -> AsyncGenerator[Event, None]:
    """Ask the tutor, and measure how long it takes."""
    with api.metrics.answering(asked.question.kind):
        async with aclosing(api.tutor.ask(asked.document, asked.question, asked.owner)) as events:
            async for event in events:
                yield event


class _Gathering:
    """An answer as it grows."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._facts: FactsReady | None = None
        self._blocks: list[Block] = []
        self._proposal: Proposed | None = None
        self._done: Done | None = None

    def take(self, event: Event) -> None:
        """Keep what the whole answer is made of."""
        match event:
            case FactsReady():
                self._facts = event
            case BlockReady():
                self._blocks.append(_block(event))
            case Proposed():
                self._proposal = event
            case Done():
                self._done = event
            case _:
                pass

    def shown(self, event: Event) -> Told:
        """Return what a caller sees of an event."""
        payload: BaseModel
        match event:
            case FactsReady(facts):
                payload = KnownFacts(facts=facts, card=self._card(facts))
            case Working():
                payload = Progress(**asdict(event))
            case Delta(text):
                payload = Text(text=text)
            case BlockReady():
                payload = _block(event)
            case Proposed():
                payload = self._change(event)
            case Checked(checks):
                payload = Verdict.of(checks)
            case Done():
                payload = self.answer()
            case Failed(error):
                payload = tutor_problem(error)[1]
        return Told(_NAMES[type(event)], payload)

    def answer(self) -> Answer:
        """Return the whole answer, once it is done."""
        if self._facts is None or self._done is None:
            raise RuntimeError("the tutor ended without an answer")
        facts, explanation = self._facts.facts, self._done.explanation
        return Answer(
            facts=facts,
            card=self._card(facts),
            markdown=explanation.markdown,
            blocks=self._blocks,
            proposal=None if self._proposal is None else self._change(self._proposal),
            verdict=Verdict.of(explanation.checks),
            model=explanation.model,
            cached=explanation.cached,
            usage=explanation.usage,
            timings_ms=explanation.timings_ms,
            sent=explanation.sent,
        )

    def _card(self, facts: Facts) -> str:
        return facts_markdown(facts, level=self._asked.question.level)

    def _change(self, event: Proposed) -> Proposal:
        return Proposal.of(self._asked.document, event.proposal)


def _block(event: BlockReady) -> Block:
    return Block(line=event.line, end_line=event.end_line, text=event.text)
