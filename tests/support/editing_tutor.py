"""A tutor that answers what needs no model as the real one does, and else proposes one edit."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

from procoder_tutor.answering.instant import instant
from procoder_tutor.conversations import ConversationStore
from procoder_tutor.edits.model import ProposedEdit, Rejected
from procoder_tutor.events import (
    Checks,
    Delta,
    Done,
    Event,
    Explanation,
    FactsReady,
    Failed,
    Proposed,
)
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.facts.model import Facts
from procoder_tutor.privacy import Privacy
from procoder_tutor.questions import Kind, Level, Question
from procoder_tutor.settings import ConversationSettings
from procoder_tutor.symbols import Document, Symbol
from procoder_tutor.targets import Target

if TYPE_CHECKING:
    from procoder_tutor.errors import TutorError

EXPLANATION = Explanation("It works.", Checks(1, 1), "scripted")


class EditingTutor:
    """Proposes `proposal`; it ends when it `may_end`, and `error` makes it fail."""

    def __init__(self) -> None:
        self.proposal: ProposedEdit | Rejected = Rejected("It changes nothing.")
        self.may_end = asyncio.Event()
        self.may_end.set()
        self.error: TutorError | None = None
        self.asked: list[Question] = []
        self.modelled: list[Kind] = []
        """Kinds of the questions that a model would have been asked."""
        self.speaking = asyncio.Event()
        self.stopped = asyncio.Event()
        self._store = ConversationStore(ConversationSettings(path=Path(":memory:")))
        self.conversations = self._store.of()

    async def facts(
        self, document: Document, symbol: Symbol, *, budget: float | None = 0.1
    ) -> Facts:
        return instant_facts(document, symbol)

    async def target(
        self, document: Document, line: int, column: int, *, budget: float | None
    ) -> Target | None:
        return None

    async def cached(self, document: Document, question: Question) -> Explanation | None:
        return None

    async def privacy(self, document: Document) -> Privacy:
        return Privacy.of(document)

    async def ask(self, document: Document, question: Question) -> AsyncIterator[Event]:
        self.asked.append(question)
        yield FactsReady(instant_facts(document, question.symbol))
        known = tuple(instant(document, question))
        for event in known or ():
            yield event
        if known:
            return
        self.modelled.append(question.kind)
        try:
            yield Delta("It works.")
            self.speaking.set()
            await self.may_end.wait()
            if self.error is not None:
                yield Failed(self.error)
                return
            if question.kind in {Kind.FIX, Kind.DOCUMENT, Kind.SIMPLIFY, Kind.TESTS}:
                yield Proposed(self.proposal)
            yield Done(EXPLANATION)
        finally:
            self.stopped.set()

    async def warm_up(self, level: Level, language: str) -> None:
        pass

    async def clear_cache(self) -> int:
        return 0

    async def cache_size(self) -> tuple[int, int]:
        return 0, 0

    async def aclose(self) -> None:
        await self._store.aclose()
