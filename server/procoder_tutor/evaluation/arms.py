"""The two ways of asking a model what a function does: through ProCoder, and plainly."""

import re
import time
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum

from procoder_tutor.backend import Backend, ChatMessage, CompletionJob, Prompt
from procoder_tutor.evaluation.subjects import Subject
from procoder_tutor.events import Checks, Delta, Done, FactsReady, Failed
from procoder_tutor.excerpts import excerpt_of
from procoder_tutor.questions import Kind, Level, Question
from procoder_tutor.sentences import SentenceSplitter
from procoder_tutor.tutor import Tutor

PLAIN_TOKENS = 150
"""How long a plain answer may become: about what people let such answers be."""
_PLAIN_WISH = "Explain what this Python function does."
_FENCED = re.compile(r"^\s*```.*?(?:^\s*```[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_MARKER = re.compile(r"^\s*(?:[-*+•>]\s+|#{1,6}\s+|\d{1,2}[.)]\s+)*")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


class Arm(StrEnum):
    """A way of asking."""

    PROCODER = "procoder"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader gets about one function."""

    sentences: tuple[str, ...]
    """As shown, without the marks of lists and headings; code blocks are left out."""
    seconds: float
    checks: Checks | None = None
    """What ProCoder's checker made of it."""
    steps: str = ""
    """What ProCoder shows from the facts, whatever the model says."""

    @property
    def prose(self) -> str:
        """The sentences as one text."""
        return " ".join(self.sentences)

    @property
    def generated(self) -> int:
        """Sentences that the model wrote, shown or not."""
        return len(self.sentences) + (len(self.checks.dropped) if self.checks else 0)


@dataclass(frozen=True, slots=True)
class Pair:
    """One function, explained in both ways."""

    subject: Subject
    procoder: Answer
    plain: Answer

    def answer(self, arm: Arm) -> Answer:
        """Return the answer of one arm."""
        return self.procoder if arm is Arm.PROCODER else self.plain


async def explain_all(
    tutor: Tutor, backend: Backend, subjects: Iterable[Subject]
) -> AsyncGenerator[Pair, None]:
    """Explain one function after another, each in both ways, by the same model.

    `tutor` must ask `backend` and should keep no answers. Raises TutorError when one fails.
    """
    for subject in subjects:
        ours = await ask_tutor(tutor, subject)
        yield Pair(subject, ours, await ask_plainly(backend, subject))


async def ask_tutor(tutor: Tutor, subject: Subject) -> Answer:
    """Return what ProCoder shows to a reader of intermediate level, in English."""
    question = Question(subject.symbol, Kind.EXPLAIN, Level.INTERMEDIATE, refresh=True)
    started = time.perf_counter()
    sentences: list[str] = []
    checks, steps = Checks(), ""
    async with aclosing(tutor.ask(subject.document, question)) as events:
        async for event in events:
            match event:
                case FactsReady(facts):
                    steps = " ".join(f"{step.text}." for step in facts.steps)
                case Delta(text):
                    sentences.append(_ESCAPED.sub(r"\1", text).strip())
                case Done(explanation):
                    checks = explanation.checks
                case Failed(error):
                    raise error
    return Answer(tuple(sentences), time.perf_counter() - started, checks, steps)


async def ask_plainly(backend: Backend, subject: Subject) -> Answer:
    """Return what the model says to a plain request, without any check."""
    code = excerpt_of(subject.document, subject.symbol).code
    model = await backend.identify()
    started = time.perf_counter()
    job = CompletionJob(plain_prompt(code, chats=model.chats), PLAIN_TOKENS)
    async with aclosing(backend.complete(job)) as items:
        text = "".join([item async for item in items if isinstance(item, str)])
    return Answer(tuple(sentences_of(text)), time.perf_counter() - started)


def plain_prompt(code: str, *, chats: bool) -> Prompt:
    """Ask as people do who know nothing of prompts."""
    if chats:
        return (ChatMessage("user", f"{_PLAIN_WISH}\n\n```python\n{code}\n```"),)
    return f"{code}\n\n# Explanation:"


def sentences_of(text: str) -> list[str]:
    """Return the sentences of Markdown; every line begins a new one, as models do not wrap."""
    found: list[str] = []
    for line in _FENCED.sub("", text).splitlines():
        splitter = SentenceSplitter()
        found += splitter.feed(_MARKER.sub("", line))
        found.append(splitter.flush())
    return [sentence for sentence in found if re.search(r"\w", sentence)]
