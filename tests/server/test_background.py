"""The background: one at a time, the newest waits, failures are tried again, time is learned."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from procoder_server.background import RETRY_SECONDS, BackgroundExplainer, Pace
from procoder_server.parts import Writing, waiting_line
from procoder_tutor.errors import BackendUnavailableError
from procoder_tutor.events import Checks, Done, Event, Explanation, Failed, TimingsMs, Working
from procoder_tutor.questions import Question
from procoder_tutor.symbols import Document, Snapshot


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class GatedTutor:
    """Answers when its gate opens."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.asked: list[str] = []
        self.outcome: Event = Done(Explanation("", Checks(), "m", timings_ms=TimingsMs(total=8000)))

    async def ask(self, document: Document, question: Question) -> AsyncIterator[Event]:
        self.asked.append(question.symbol.name)
        await self.gate.wait()
        yield self.outcome


@pytest.fixture
def document() -> Document:
    return Document.parse(Snapshot("def a(): 1\ndef b(): 2\ndef c(): 3\n"))


async def test_one_runs_and_the_newest_waits(document: Document) -> None:
    tutor, clock = GatedTutor(), Clock()
    background = BackgroundExplainer(clock)
    a, b, c = (
        background.ensure(tutor, document, Question(document.by_name(name))) for name in "abc"
    )
    assert background.ensure(tutor, document, a.question) is a
    assert background.remaining(a) is None
    tutor.gate.set()
    await c.finished.wait()
    assert tutor.asked == ["a", "c"]
    assert not b.finished.is_set()
    assert background.ensure(tutor, document, a.question) is a


async def test_who_waits_takes_over_what_is_being_written(document: Document) -> None:
    tutor, background = GatedTutor(), BackgroundExplainer()
    question = Question(document.by_name("a"))
    ahead = background.prefetch(tutor, document, question)
    assert ahead is not None
    ahead.working = Working("writing", 1)
    assert background.ensure(tutor, document, question) is ahead
    assert ahead.wanted
    tutor.gate.set()
    await ahead.finished.wait()
    assert tutor.asked == ["a"]


@pytest.mark.parametrize("working", [None, Working("loading"), Working("reading", 200)])
async def test_what_is_not_begun_is_asked_anew_as_something_urgent(
    document: Document, working: Working | None
) -> None:
    tutor, background = GatedTutor(), BackgroundExplainer()
    question = Question(document.by_name("a"))
    ahead = background.prefetch(tutor, document, question)
    await asyncio.sleep(0)
    assert ahead is not None
    ahead.working = working
    urgent = background.ensure(tutor, document, question)
    await ahead.finished.wait()
    assert (ahead.question.background, urgent.question.background) == (True, False)
    assert ahead.explanation is None
    assert background.ensure(tutor, document, question) is urgent
    tutor.gate.set()
    await urgent.finished.wait()
    assert urgent.explanation is not None
    assert tutor.asked == ["a", "a"]


async def test_another_tutor_has_answers_of_its_own(document: Document) -> None:
    old, new, background = GatedTutor(), GatedTutor(), BackgroundExplainer()
    old.gate.set()
    question = Question(document.by_name("a"))
    first = background.ensure(old, document, question)
    await first.finished.wait()
    assert background.knows(old, question)
    assert not background.knows(new, question)
    second = background.ensure(new, document, question)
    assert second is not first
    assert background.ensure(new, document, question) is second
    new.gate.set()
    await second.finished.wait()
    assert (old.asked, new.asked) == (["a"], ["a"])


async def test_failures_are_tried_again_after_a_while(document: Document) -> None:
    tutor, clock = GatedTutor(), Clock()
    tutor.gate.set()
    tutor.outcome = Failed(BackendUnavailableError("gone"))
    background = BackgroundExplainer(clock)
    question = Question(document.by_name("a"))
    first = background.ensure(tutor, document, question)
    await first.finished.wait()
    assert background.ensure(tutor, document, question) is first
    clock.now += RETRY_SECONDS
    second = background.ensure(tutor, document, question)
    assert second is not first
    assert second.error is first.error
    tutor.outcome = Done(Explanation("", Checks(), "m"))
    await second.finished.wait()
    assert second.error is None
    assert second.explanation is not None


async def test_closing_stops_the_model(document: Document) -> None:
    tutor = GatedTutor()
    background = BackgroundExplainer()
    job = background.ensure(tutor, document, Question(document.by_name("a")))
    await asyncio.sleep(0)
    await background.aclose()
    assert job.explanation is None
    assert job.finished.is_set()


@pytest.mark.parametrize(
    ("totals", "elapsed", "ahead", "expected"),
    [
        ([], 0, 0, None),
        ([8000], 0, 0, 8),
        ([8000, 4000], 0, 0, 6),
        ([8000], 3, 0, 5),
        ([8000], 9, 0, None),
        ([8000], 3, 1, 13),
        ([None], 0, 0, None),
    ],
)
def test_pace(totals, elapsed, ahead, expected) -> None:
    pace = Pace()
    for total in totals:
        pace.learn(Explanation("", Checks(), "m", timings_ms=TimingsMs(total=total)))
    pace.learn(Explanation("", Checks(), "m", cached=True, timings_ms=TimingsMs(total=1)))
    assert pace.remaining(elapsed, ahead) == expected


@pytest.mark.parametrize(
    ("seconds", "line"),
    [
        (None, "Writing the explanation: hover again."),
        (0.1, "Writing the explanation, about 1 s: hover again."),
        (19.2, "Writing the explanation, about 20 s: hover again."),
    ],
)
def test_waiting_line(seconds, line) -> None:
    assert waiting_line(Writing(seconds=seconds)) == line
