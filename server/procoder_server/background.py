"""Explanations that are written in the background, one at a time: those that hovers ask for, and
those that may be asked for next, which give way to everything else.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from procoder_server.session import Session, Tutor, answering
from procoder_tutor.errors import BackendError, TutorError
from procoder_tutor.events import Delta, Done, Explanation, Failed, Working
from procoder_tutor.questions import Question

if TYPE_CHECKING:
    from procoder_tutor.symbols import Document, Symbol

logger = logging.getLogger(__name__)

RETRY_SECONDS = 10.0
_REMEMBERED = 64
_SMOOTHING = 0.5


@dataclass(slots=True)
class Job:
    """One explanation on its way."""

    tutor: Tutor
    question: Question
    wanted: bool = True
    """Somebody waits for it; False for one that is only likely to be asked for."""
    started: float | None = None
    """`time.monotonic()` when the model was asked; None while it waits for its turn."""
    working: Working | None = None
    """What the model does for it."""
    text: str = ""
    explanation: Explanation | None = None
    error: TutorError | None = None
    failed_at: float = 0.0
    finished: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def begun(self) -> bool:
        """Whether the model writes, or has written."""
        return bool(self.text) or (self.working is not None and self.working.stage == "writing")

    def answers(self, tutor: Tutor, question: Question) -> bool:
        """Tell whether this is what is asked, and of that tutor: each has a model of its own."""
        return self.tutor is tutor and self.question == question


@dataclass(frozen=True, slots=True)
class _Order:
    """What it takes to write an explanation; a job that is done keeps no document alive."""

    document: "Document"
    job: Job


def explanation_of(session: Session, symbol: "Symbol") -> Question:
    """Return the question that a hover asks about a symbol."""
    settings = session.settings
    return Question(symbol, level=settings.level, language=settings.language)


class Pace:
    """How long an explanation takes on this machine, learned from those that were written."""

    def __init__(self) -> None:
        self._seconds: float | None = None

    def learn(self, explanation: Explanation) -> None:
        """Take a finished explanation into account; cached ones say nothing about the model."""
        total = explanation.timings_ms.total
        if explanation.cached or total is None:
            return
        seconds = total / 1000
        before = seconds if self._seconds is None else self._seconds
        self._seconds = before + _SMOOTHING * (seconds - before)

    def remaining(self, elapsed: float, ahead: int = 0) -> float | None:
        """Seconds still to go after `elapsed`, with `ahead` others first; None when unknown."""
        if self._seconds is None:
            return None
        rest = self._seconds * (1 + ahead) - elapsed
        return rest if rest > 0 else None


async def _unseen(_: Job, __: Callable[[], object]) -> None:
    """Show nothing."""


class BackgroundExplainer:
    """Writes one explanation at a time; of those that wait, only the newest is kept.

    Hovering along a file asks for many explanations that nobody will read: a queue would keep the
    model busy with them when the one that matters is asked for.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.pace = Pace()
        self.accompany: Callable[[Job, Callable[[], object]], Coroutine[Any, Any, None]] = _unseen
        """Shows a job that somebody waits for to the client; is given what stops the job."""
        self.when_written: list[Callable[[Job], object]] = []
        """Told of every job that ended with an explanation."""
        self._clock = clock
        self._current: Job | None = None
        self._waiting: _Order | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None
        self._done: OrderedDict[tuple[Tutor, Question], Job] = OrderedDict()

    def ensure(self, tutor: Tutor, document: "Document", question: Question) -> Job:
        """Return the job for a question that somebody waits for: the known one, else a new one.

        A job that failed is tried again after RETRY_SECONDS; until then its error is the answer.
        One that nobody waits for is stopped, unless it is this one and being written already: at
        the priority of those that somebody waits for it begins sooner.
        """
        waiting = self._waiting.job if self._waiting is not None else None
        for known in (self._current, waiting, self._done.get((tutor, question))):
            if known is not None and known.answers(tutor, question) and self._serves(known):
                self._want(known)
                return known
        failed = self._done.get((tutor, question))
        job = Job(tutor, question, error=failed.error if failed else None)
        order = _Order(document, job)
        if self._current is None:
            self._start(order)
        else:
            self._waiting = order
            self.give_way()
        return job

    def prefetch(self, tutor: Tutor, document: "Document", question: Question) -> Job | None:
        """Write an explanation that nobody waits for; None while another one is written."""
        if self._current is not None or self._waiting is not None:
            return None
        job = Job(tutor, replace(question, background=True), wanted=False)
        self._start(_Order(document, job))
        return job

    def knows(self, tutor: Tutor, question: Question) -> bool:
        """Tell whether a question was answered, or failed to be, not long ago."""
        return (tutor, question) in self._done

    def give_way(self) -> None:
        """Stop an explanation that nobody waits for."""
        if self._task is not None and self._current is not None and not self._current.wanted:
            self._task.cancel()

    def remaining(self, job: Job) -> float | None:
        """Seconds until a job is done, as far as they can be told."""
        current = self._current
        if job.started is not None:
            return self.pace.remaining(self._clock() - job.started)
        if current is None or current.started is None:
            return None
        ahead = 1 if current.wanted else 0
        return self.pace.remaining(ahead * (self._clock() - current.started), ahead)

    @property
    def current(self) -> Job | None:
        """What is being written."""
        return self._current

    async def stop(self) -> int:
        """Stop writing, and wait until the model is free; returns how many jobs that ended."""
        stopped = [one for one in (self._current, self._waiting) if one is not None]
        self._waiting = None
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return len(stopped)

    def forget(self) -> None:
        """Forget what was written."""
        self._done.clear()

    async def aclose(self) -> None:
        """Stop writing."""
        await self.stop()

    def _serves(self, job: Job) -> bool:
        """Tell whether who waits is served best by a job that is known."""
        if job is self._current and not job.wanted and not job.begun:
            return False
        return job.failed_at <= 0 or self._clock() - job.failed_at < RETRY_SECONDS

    def _want(self, job: Job) -> None:
        if not job.wanted:
            job.wanted = True
            if job is self._current:
                self._show(job)

    def _start(self, order: _Order) -> None:
        job = self._current = order.job
        self._task = self._spawn(self._run(order))
        self._task.add_done_callback(lambda _: self._finish(job))
        if job.wanted:
            self._show(job)

    def _show(self, job: Job) -> None:
        if self._task is not None:
            self._spawn(self.accompany(job, self._task.cancel))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _run(self, order: _Order) -> None:
        job = order.job
        job.started = self._clock()
        try:
            await self._write(order)
        except TutorError as error:
            self._fail(job, error)
        except Exception:
            logger.exception("an explanation failed")
            self._fail(job, BackendError("The explanation failed", "The log says where."))

    async def _write(self, order: _Order) -> None:
        job = order.job
        async with answering(job.tutor, order.document, job.question) as events:
            async for event in events:
                match event:
                    case Working():
                        job.working = event
                    case Delta(text):
                        job.text += text
                    case Done(explanation):
                        job.explanation, job.error = explanation, None
                        self.pace.learn(explanation)
                    case Failed(error):
                        self._fail(job, error)

    def _fail(self, job: Job, error: TutorError) -> None:
        # Kept with its tracebacks, it would keep all that their frames hold, such as the document.
        error.__cause__ = error.__context__ = None
        job.error = error.with_traceback(None)
        job.failed_at = self._clock()

    def _finish(self, job: Job) -> None:
        self._current = self._task = None
        if job.explanation is not None or job.error is not None:
            key = (job.tutor, job.question)
            self._done[key] = job
            self._done.move_to_end(key)
        while len(self._done) > _REMEMBERED:
            self._done.popitem(last=False)
        job.finished.set()
        if job.explanation is not None:
            for listener in self.when_written:
                listener(job)
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._start(waiting)
