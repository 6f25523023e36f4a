"""What every kind of answer is made with: the model, the code, the checks, and what came of it."""

import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from procoder_tutor.answering.stages import Report, Stages
from procoder_tutor.backend import (
    Backend,
    Completion,
    CompletionJob,
    ModelInfo,
    Prompt,
    prompt_text,
)
from procoder_tutor.check import Checker
from procoder_tutor.clock import Clock, Speed
from procoder_tutor.context import Packed, Render, pack
from procoder_tutor.events import Checks, Delta, Explanation, TokenUsage
from procoder_tutor.facts.model import Facts
from procoder_tutor.hints.leaks import leaks
from procoder_tutor.privacy import Privacy
from procoder_tutor.prompts import Excerpt, Profile, profile_for
from procoder_tutor.questions import Question
from procoder_tutor.sanitize import sanitize
from procoder_tutor.symbols import Document
from procoder_tutor.vocabulary import Vocabulary

_CHARACTERS_PER_TOKEN = 4
"""About as many in code; counting would cost a request."""
_FENCE = re.compile(r"^(?:`{3,}|~{3,})", re.MULTILINE)


@dataclass(slots=True)
class Asking:
    """The making of one answer by one model."""

    backend: Backend
    model: ModelInfo
    document: Document
    question: Question
    facts: Facts
    vocabulary: Vocabulary
    excerpt: Excerpt
    privacy: Privacy
    clock: Clock
    speed: Speed
    patience: float
    """Seconds that the asker will wait for the whole answer."""
    report: Report
    """Is told how far the model is."""
    strict: bool = True
    """Show only what says little beyond the name of the code."""
    withheld: tuple[str, ...] = ()
    """Solutions of exercises and findings in the code that no answer may give away, as code."""
    shown: list[str] = field(default_factory=list)
    """Sanitized Markdown as the asker reads it."""
    kept: list[str] = field(default_factory=list)
    """The same without secrets: taken out before Markdown's signs in them were escaped."""
    blocks: list[str] = field(default_factory=list)
    kept_blocks: list[str] = field(default_factory=list)
    checks: Checks = field(default_factory=Checks)
    usage: TokenUsage = field(default_factory=TokenUsage)
    sent: list[str] = field(default_factory=list)
    """Every prompt as it left, without secrets."""
    omitted: tuple[str, ...] = ()
    """What of the code the model did not see in the last prompt, in words."""
    hurried: bool = False
    """Time cut an answer short: it is not worth keeping."""

    @property
    def profile(self) -> Profile:
        """How this model is asked what code is for."""
        return profile_for(self.model.prompt_style)

    @property
    def explanation(self) -> Explanation:
        """The answer as it stands, for the asker."""
        return Explanation(
            "".join(self.shown),
            self.checks,
            self.model.id,
            usage=self.usage,
            timings_ms=self.clock.timings(),
            blocks=tuple(self.blocks),
            sent=tuple(self.sent),
        )

    @property
    def record(self) -> Explanation:
        """The answer as it may be kept: without secrets."""
        redact = self.privacy.redact
        checks = replace(
            self.checks,
            dropped=tuple(map(redact, self.checks.dropped)),
            unknown_names=tuple(map(redact, self.checks.unknown_names)),
        )
        return replace(
            self.explanation,
            markdown="".join(self.kept),
            blocks=tuple(self.kept_blocks),
            checks=checks,
        )

    def checker(self, language: str, shot: str = "", *, strict: bool = False) -> Checker:
        """Make a checker for one more text of the model, in the language it is asked to write."""
        return Checker(self.facts, self.vocabulary, shot, language=language, strict=strict)

    async def pack(self, render: Render, max_tokens: int) -> Packed:
        """Fit a prompt and its answer into the model's window."""
        packed = await pack(
            render,
            self.excerpt,
            max_tokens,
            window=self.model.context_window,
            count_tokens=self.backend.count_tokens,
        )
        self.omitted = packed.omitted
        return packed

    async def sentences(
        self,
        prompt: Prompt,
        max_tokens: int,
        stop: tuple[str, ...],
        checker: Checker,
        *,
        opening: str = "",
    ) -> AsyncGenerator[str, None]:
        """Stream one answer of the model; yields the sentences that hold, with secrets back.

        `opening` is what the prompt ends with, and the answer goes on from.
        """
        for sentence in checker.feed(opening):
            yield sentence
        cut, ended, read = True, False, ""
        async with aclosing(self.pieces(prompt, max_tokens, stop)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Completion):
                    cut, ended = piece.finish_reason == "length", True
                    break
                read += piece
                for sentence in checker.feed(piece):
                    yield sentence
                if checker.looping:
                    break
        if not ended:
            await self._count(read)
        for sentence in checker.finish(cut=cut):
            yield sentence
        self.checks = self.checks.plus(checker.checks)

    async def text(self, prompt: Prompt, max_tokens: int, stop: tuple[str, ...]) -> str:
        """Return a whole answer of the model, unchecked, with secrets back."""
        async with aclosing(self.pieces(prompt, max_tokens, stop)) as pieces:
            return "".join([piece async for piece in pieces if isinstance(piece, str)])

    async def pieces(
        self, prompt: Prompt, max_tokens: int, stop: tuple[str, ...]
    ) -> AsyncGenerator[str | Completion, None]:
        """Stream text as the model writes it, with secrets back, then how it ended.

        The one place where something leaves for the model: what must stay here is taken out.
        """
        prompt = self.privacy.redact_prompt(prompt)
        self.sent.append(prompt_text(prompt))
        estimate = len(prompt_text(prompt)) // _CHARACTERS_PER_TOKEN
        limit = self._affordable(estimate, max_tokens)
        stages = Stages(self.report, self.speed, limit)
        stages.reads(estimate)
        restorer = self.privacy.restorer()
        job = CompletionJob(prompt, limit, stop, background=self.question.background)
        async with aclosing(self.backend.complete(job)) as items:
            async for item in items:
                if isinstance(item, str):
                    stages.wrote_one()
                    if self.clock.first_token is None:
                        self.clock.first_token = self.clock.now()
                    if text := restorer.feed(item):
                        yield text
                    continue
                if text := restorer.flush():
                    yield text
                self.usage = self.usage.plus(item.usage)
                self.speed.learn(item)
                self.hurried |= limit < max_tokens and item.finish_reason == "length"
                yield item

    def gives_away(self, text: str) -> bool:
        """Tell whether a text holds a part of a solution that the asker shall find."""
        original = "\n".join(
            self.document.source.lines[
                self.question.symbol.line - 1 : self.question.symbol.end_line
            ]
        )
        return any(leaks(text, solution, original) for solution in self.withheld)

    def say(self, sentence: str) -> Delta:
        """Append a sentence of the model; returns what to append to what was shown."""
        redacted = sanitize(self.privacy.redact(sentence))
        self.kept.append(_apart(self.kept, redacted))
        self.shown.append(_apart(self.shown, sanitize(sentence)))
        return Delta(self.shown[-1])

    def remark(self, note: str) -> Delta:
        """Append a paragraph of ours; returns what to append to what was shown."""
        self.kept.append(f"\n\n*{note}*")
        self.shown.append(self.kept[-1])
        return Delta(self.shown[-1])

    def say_of_block(self, sentence: str) -> None:
        """Add a sentence of the model about the next block; empty where none held."""
        self.kept_blocks.append(sanitize(self.privacy.redact(sentence)))
        self.blocks.append(sanitize(sentence))

    async def _count(self, read: str) -> None:
        """Count the tokens of an answer that was left before its end, which would have told."""
        count = self.backend.count_tokens
        self.usage = self.usage.plus(
            TokenUsage(await count(self.sent[-1]), 0, await count(self.privacy.redact(read)))
        )

    def _affordable(self, prompt_tokens: int, max_tokens: int) -> int:
        """Return the tokens that fit the time left, as far as the model's speed is known."""
        seconds = self.patience - self.clock.now() / 1000
        affordable = self.speed.tokens_within(seconds, prompt_tokens)
        return max_tokens if affordable is None else min(max_tokens, affordable)


def _apart(before: Sequence[str], text: str) -> str:
    """Put apart what is appended: a block of code stands alone, sentences follow one another."""
    if not before:
        return text
    alone = _FENCE.search(before[-1]) or _FENCE.match(text)
    return f"\n\n{text}" if alone else f" {text}"
