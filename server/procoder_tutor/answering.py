"""One answer in the making: prompt, stream, check, and a second try when nothing held."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

from procoder_tutor.backend import Backend, Completion, CompletionJob, ModelInfo
from procoder_tutor.cache import cache_key
from procoder_tutor.check import CHECK_VERSION, Checker
from procoder_tutor.context import Packed, pack
from procoder_tutor.events import (
    Checked,
    Checks,
    Delta,
    Event,
    Explanation,
    TimingsMs,
    TokenUsage,
)
from procoder_tutor.facts.model import Facts
from procoder_tutor.prompts import PROFILES, PROMPT_VERSION, Excerpt, Profile, profile_for
from procoder_tutor.questions import Question
from procoder_tutor.sanitize import sanitize
from procoder_tutor.symbols import Document
from procoder_tutor.vocabulary import Vocabulary

_PLAINEST = PROFILES["docstring"]
LANGUAGE_NAMES = {"es": "Spanish", "de": "German", "fr": "French"}


class Clock:
    """Milliseconds since a question was asked, and when its steps were done."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self.facts: float | None = None
        self.first_token: float | None = None

    def now(self) -> float:
        """Milliseconds since the question."""
        return (time.perf_counter() - self._started) * 1000

    def timings(self) -> TimingsMs:
        """What was measured, with now as the end."""
        return TimingsMs(self.facts, self.first_token, self.now())


@dataclass(slots=True)
class Answering:
    """The making of one answer by one model; `events` once, then `explanation`."""

    backend: Backend
    model: ModelInfo
    document: Document
    question: Question
    facts: Facts
    clock: Clock
    excerpt: Excerpt
    parts: list[str] = field(default_factory=list)
    checks: Checks = field(default_factory=Checks)
    usage: TokenUsage = field(default_factory=TokenUsage)

    async def events(self) -> AsyncGenerator[Event, None]:
        """Ask the model, check, and if nothing held ask once more in the plainest form."""
        vocabulary = await asyncio.to_thread(
            Vocabulary.of, self.document, self.question.symbol, self.facts
        )
        profile = profile_for(self.model.prompt_style)
        for attempt in (profile, _PLAINEST) if profile.shot else (profile,):
            packed = await self._pack(attempt)
            async with aclosing(self._attempt(attempt, packed, vocabulary)) as deltas:
                async for delta in deltas:
                    yield delta
            if self.parts:
                for note in _notes(attempt, self.question, packed):
                    yield self._add(f"\n\n*{note}*")
                break
        yield Checked(self.checks)

    @property
    def explanation(self) -> Explanation:
        """The answer as it stands."""
        return Explanation(
            "".join(self.parts),
            self.checks,
            self.model.id,
            usage=self.usage,
            timings_ms=self.clock.timings(),
        )

    async def _pack(self, profile: Profile) -> Packed:
        return await pack(
            profile,
            self.excerpt,
            self.question.level,
            self.question.language,
            window=self.model.context_window,
            count_tokens=self.backend.count_tokens,
        )

    async def _attempt(
        self, profile: Profile, packed: Packed, vocabulary: Vocabulary
    ) -> AsyncGenerator[Delta, None]:
        """Stream one answer of the model; yields the sentences that hold."""
        level, language = self.question.level, self.question.language
        checker = Checker(self.facts, vocabulary, profile.shot_sentence(level, language))
        job = CompletionJob(
            packed.prompt, profile.max_tokens(level, language), profile.stops(self.excerpt.kind)
        )
        cut = True
        async with aclosing(self.backend.complete(job)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Completion):
                    cut = piece.finish_reason == "length"
                    self.usage = _sum(self.usage, piece.usage)
                    break
                if self.clock.first_token is None:
                    self.clock.first_token = self.clock.now()
                for sentence in checker.feed(piece):
                    yield self._add(sanitize(sentence))
                if checker.looping:
                    break
        for sentence in checker.finish(cut=cut):
            yield self._add(sanitize(sentence))
        self.checks = _both(self.checks, checker.checks)

    def _add(self, text: str) -> Delta:
        """Append a sentence; returns what to append to what was shown."""
        delta = text if not self.parts or text.startswith("\n") else f" {text}"
        self.parts.append(delta)
        return Delta(delta)


def answer_key(model: ModelInfo, excerpt: Excerpt, question: Question) -> str:
    """Name an answer by all that decides it.

    The whole prompt stands in for the code it shows, which is free of comments, formatting and
    line numbers; the vocabulary of the check is coarser than that on purpose.
    """
    profile = profile_for(model.prompt_style)
    return cache_key(
        f"prompt {PROMPT_VERSION} check {CHECK_VERSION} window {model.context_window}",
        model.id,
        model.digest,
        profile.name,
        question.kind,
        question.level,
        profile.language(question.language),
        question.language.lower(),
        profile.render(excerpt, question.level, question.language),
    )


def _notes(profile: Profile, question: Question, packed: Packed) -> list[str]:
    """Say what the reader would not expect: another language, code that was left out."""
    notes = []
    if packed.omitted:
        notes.append(f"The model did not see {' and '.join(packed.omitted)}.")
    primary = question.language.partition("-")[0].lower()
    if profile.language(question.language) != primary:
        wanted = LANGUAGE_NAMES.get(primary, f"`{primary}`")
        notes.append(f"In English: this model does not write {wanted} well enough.")
    return notes


def _sum(one: TokenUsage, other: TokenUsage) -> TokenUsage:
    return TokenUsage(
        one.prompt_tokens + other.prompt_tokens,
        one.cached_tokens + other.cached_tokens,
        one.completion_tokens + other.completion_tokens,
    )


def _both(first: Checks, second: Checks) -> Checks:
    """Join the verdicts of two attempts."""
    return Checks(
        first.checked + second.checked,
        first.passed + second.passed,
        first.dropped + second.dropped,
        tuple(dict.fromkeys(first.unknown_names + second.unknown_names)),
    )
