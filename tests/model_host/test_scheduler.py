"""Who is answered when, over an engine whose every step the test decides."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable

import pytest

from procoder_model_host.errors import (
    DeadlineExceededError,
    EngineCrashedError,
    EngineFailedError,
    EngineLoadingError,
    HostLeavingError,
    ModelSwitchedError,
    QueueFullError,
    RequestError,
)
from procoder_model_host.messages import (
    Accepted,
    Delta,
    Finished,
    Prefilled,
    Priority,
    Sampling,
    Text,
)
from procoder_model_host.scheduling.generation import AnswerEvent, Generation, SilentObserver
from procoder_model_host.scheduling.scheduler import Scheduler
from procoder_model_host.scheduling.waiting import Pace, WaitingLine

GREEDY = Sampling(temperature=0)


class ScriptedEngine:
    """Answers `a b` with `a`, `b`, and waits at the word WAIT until `go` is set."""

    def __init__(self, *, parallel: int = 1, load_patience: float = 30.0) -> None:
        self.ready = True
        self.parallel = parallel
        self.load_patience = load_patience
        self.failure: EngineFailedError | None = None
        self.go = asyncio.Event()
        self.log: list[str] = []
        self.most = 0
        self._now = 0
        self._listeners: list[Callable[[str | None], None]] = []

    def subscribe(self, listener: Callable[[str | None], None]) -> None:
        self._listeners.append(listener)

    def change(self, *, ready: bool, reason: str | None = None) -> None:
        self.ready = ready
        for listener in self._listeners:
            listener(reason)

    def require_hope(self) -> None:
        if self.failure is not None:
            raise self.failure.copy()

    async def generate(self, generation: Generation) -> AsyncGenerator[AnswerEvent, None]:
        (part,) = generation.prompt
        assert isinstance(part, Text)
        self.log.append(f"+{part.text}")
        self._now += 1
        self.most = max(self.most, self._now)
        try:
            yield Accepted(id=1, prompt_tokens=1)
            yield Prefilled(id=1, cached_tokens=0, prefill_ms=1)
            for word in part.text.split():
                if word == "WAIT":
                    await self.go.wait()
                elif word == "CRASH":
                    raise EngineCrashedError("it crashed")
                elif word == "BUG":
                    raise ValueError("a bug")
                else:
                    yield Delta(id=1, text=word)
            yield Finished(id=1, finish_reason="stop", completion_tokens=1, decode_ms=1)
        finally:
            self._now -= 1
            self.log.append(f"-{part.text}")


class Caller:
    """A client whose answer is collected by a task."""

    def __init__(  # noqa: PLR0913 - the fields of a request
        self,
        scheduler: Scheduler,
        text: str,
        *,
        priority: Priority = "interactive",
        client: str = "",
        deadline: float | None = None,
        sampling: Sampling | None = None,
    ) -> None:
        generation = Generation(
            prompt=(Text(text=text),), priority=priority, sampling=sampling or Sampling()
        )
        self.events: list[AnswerEvent] = []
        self.accepted = asyncio.Event()
        self._answers = scheduler.generate(generation, client=client, deadline=deadline)
        self.task = asyncio.create_task(self._collect())

    async def _collect(self) -> str:
        async with contextlib.aclosing(self._answers) as events:
            async for event in events:
                self.events.append(event)
                self.accepted.set()
        return " ".join(event.text for event in self.events if isinstance(event, Delta))

    async def leave(self) -> None:
        self.task.cancel()
        await asyncio.wait([self.task])


async def _settle() -> None:
    """Let every task run until it waits for something that only the test can do."""
    for _ in range(20):
        await asyncio.sleep(0)


async def _busy(engine: ScriptedEngine, **options: int) -> tuple[Scheduler, Caller]:
    """A scheduler whose interactive place is taken until `engine.go` is set."""
    scheduler = Scheduler(engine, **options)
    first = Caller(scheduler, "WAIT")
    await first.accepted.wait()
    return scheduler, first


def _began(engine: ScriptedEngine) -> list[str]:
    return [line[1:] for line in engine.log if line.startswith("+")]


async def test_clients_take_turns_and_urgent_ones_go_first() -> None:
    engine = ScriptedEngine()
    engine.ready = False
    scheduler = Scheduler(engine)
    wanted = [
        ("p1", "prefetch", "a"),
        ("a1", "interactive", "a"),
        ("a2", "interactive", "a"),
        ("a3", "interactive", "a"),
        ("b1", "interactive", "b"),
        ("c1", "chat", "a"),
        ("b2", "interactive", "b"),
    ]
    callers = []
    for text, priority, client in wanted:
        callers.append(Caller(scheduler, text, priority=priority, client=client))  # type: ignore[arg-type]
    await _settle()
    assert _began(engine) == []
    engine.change(ready=True)
    assert await asyncio.gather(*(caller.task for caller in callers)) == [w[0] for w in wanted]
    # One place for each priority: all three begin at once, the most urgent first.
    assert _began(engine)[:3] == ["a1", "c1", "p1"]
    assert [name for name in _began(engine) if name[0] in "ab"] == ["a1", "b1", "a2", "b2", "a3"]


@pytest.mark.parametrize("parallel", [1, 3])
async def test_the_engine_has_no_more_than_it_can_work_on(parallel: int) -> None:
    engine = ScriptedEngine(parallel=parallel)
    scheduler = Scheduler(engine)
    callers = [Caller(scheduler, f"WAIT {number}") for number in range(7)]
    await _settle()
    assert scheduler.snapshot().running["interactive"] == parallel
    assert scheduler.snapshot().queued["interactive"] == 7 - parallel
    engine.go.set()
    await asyncio.gather(*(caller.task for caller in callers))
    assert engine.most == parallel


async def test_a_full_queue_refuses_the_last_and_says_when_to_come_back() -> None:
    engine = ScriptedEngine()
    scheduler, first = await _busy(engine, max_queued=2)
    waiting = [Caller(scheduler, f"w{number}") for number in range(2)]
    await _settle()
    times = []
    for number in range(2):
        with pytest.raises(QueueFullError) as refused:
            await Caller(scheduler, f"late{number}").task
        times.append(refused.value.retry_after or 0)
    # The guess is 5 s an answer, and each refused caller is promised a place of their own.
    assert times == pytest.approx([5, 10], abs=0.5)
    engine.go.set()
    assert await asyncio.gather(*(caller.task for caller in waiting)) == ["w0", "w1"]
    await first.task


async def test_an_urgent_request_takes_the_place_of_a_prefetch_in_a_full_queue() -> None:
    engine = ScriptedEngine()
    scheduler, first = await _busy(engine, max_queued=2)
    running = Caller(scheduler, "WAIT p", priority="prefetch")
    older = Caller(scheduler, "p1", priority="prefetch")
    newer = Caller(scheduler, "p2", priority="prefetch")
    await _settle()
    urgent = Caller(scheduler, "a")
    with pytest.raises(QueueFullError):
        await newer.task
    engine.go.set()
    assert [await caller.task for caller in (urgent, older, running)] == ["a", "p1", "p"]
    await first.task


async def test_equal_greedy_requests_run_once_and_see_the_same() -> None:
    engine = ScriptedEngine()
    scheduler = Scheduler(engine)
    first = Caller(scheduler, "a WAIT b", sampling=GREEDY)
    await first.accepted.wait()
    others = [Caller(scheduler, "a WAIT b", sampling=GREEDY, priority="chat") for _ in range(3)]
    await _settle()
    engine.go.set()
    texts = await asyncio.gather(first.task, *(other.task for other in others))
    assert texts == ["a b"] * 4
    assert all(other.events == first.events for other in others)
    assert _began(engine) == ["a WAIT b"]


@pytest.mark.parametrize(
    ("change", "runs"),
    [
        ({"sampling": Sampling(temperature=0.1, seed=1)}, 2),
        ({"sampling": Sampling(temperature=0, top_p=0.5, seed=7)}, 1),
        ({"sampling": GREEDY, "priority": "prefetch"}, 1),
    ],
)
async def test_what_may_share_a_run(change: dict[str, object], runs: int) -> None:
    engine = ScriptedEngine(parallel=2)
    scheduler = Scheduler(engine)
    same: dict[str, object] = {"sampling": GREEDY}
    first = Caller(scheduler, "WAIT a", **(change if runs == 2 else same))  # type: ignore[arg-type]
    await first.accepted.wait()
    second = Caller(scheduler, "WAIT a", **change)  # type: ignore[arg-type]
    await _settle()
    engine.go.set()
    await asyncio.gather(first.task, second.task)
    assert len(_began(engine)) == runs


async def test_the_run_ends_when_the_last_listener_leaves() -> None:
    engine = ScriptedEngine()
    scheduler = Scheduler(engine)
    callers = [Caller(scheduler, "WAIT a", sampling=GREEDY) for _ in range(2)]
    for caller in callers:
        await caller.accepted.wait()
    await callers[0].leave()
    assert engine.log == ["+WAIT a"]
    await callers[1].leave()
    await _settle()
    assert engine.log == ["+WAIT a", "-WAIT a"]
    assert await Caller(scheduler, "b").task == "b"


async def test_a_queued_prefetch_becomes_urgent_with_an_urgent_listener() -> None:
    engine = ScriptedEngine()
    scheduler = Scheduler(engine)
    running = Caller(scheduler, "WAIT x", priority="prefetch")
    await running.accepted.wait()
    prefetch = Caller(scheduler, "a", priority="prefetch", sampling=GREEDY)
    await _settle()
    urgent = Caller(scheduler, "a", sampling=GREEDY)
    assert await urgent.task == await prefetch.task == "a"
    assert _began(engine) == ["WAIT x", "a"]
    engine.go.set()
    await running.task


async def test_a_running_prefetch_does_not_hold_an_urgent_listener() -> None:
    engine = ScriptedEngine()
    scheduler = Scheduler(engine)
    prefetch = Caller(scheduler, "WAIT a", priority="prefetch", sampling=GREEDY)
    await prefetch.accepted.wait()
    urgent = Caller(scheduler, "WAIT a", sampling=GREEDY)
    await urgent.accepted.wait()
    assert _began(engine) == ["WAIT a"] * 2
    engine.go.set()
    assert await urgent.task == await prefetch.task == "a"


async def test_who_leaves_the_queue_loses_only_their_own_place() -> None:
    engine = ScriptedEngine()
    scheduler, first = await _busy(engine)
    leaver, stayer = Caller(scheduler, "a"), Caller(scheduler, "b")
    await _settle()
    await leaver.leave()
    assert scheduler.snapshot().queued["interactive"] == 1
    engine.go.set()
    assert await stayer.task == "b"
    assert _began(engine) == ["WAIT", "b"]
    await first.task


@pytest.mark.parametrize(
    ("queued", "words"), [(True, "in the queue"), (False, "before the answer was complete")]
)
async def test_a_deadline_ends_a_request_and_frees_its_place(*, queued: bool, words: str) -> None:
    engine = ScriptedEngine()
    scheduler = Scheduler(engine)
    first = Caller(scheduler, "WAIT", deadline=None if queued else 0.01)
    await first.accepted.wait()
    late = Caller(scheduler, "a", deadline=0.01) if queued else first
    with pytest.raises(DeadlineExceededError, match=words):
        await late.task
    await _settle()
    assert scheduler.snapshot().queued["interactive"] == 0
    if queued:
        engine.go.set()
    assert await Caller(scheduler, "b").task == "b"


@pytest.mark.parametrize(("word", "code"), [("CRASH", "engine_crashed"), ("BUG", "internal_error")])
async def test_an_engine_that_breaks_tells_every_listener(word: str, code: str) -> None:
    engine = ScriptedEngine()
    scheduler = Scheduler(engine)
    callers = [Caller(scheduler, f"WAIT {word}", sampling=GREEDY) for _ in range(2)]
    await callers[0].accepted.wait()
    engine.go.set()
    for caller in callers:
        with pytest.raises(RequestError) as broken:
            await caller.task
        assert broken.value.code == code
    assert await Caller(scheduler, "b").task == "b"


async def test_those_who_wait_while_the_model_is_away_are_answered_or_told() -> None:
    engine = ScriptedEngine(load_patience=0.05)
    scheduler = Scheduler(engine)
    engine.change(ready=False, reason="it died")
    waits = Caller(scheduler, "a")
    await _settle()
    engine.change(ready=True)
    assert await waits.task == "a"
    engine.change(ready=False, reason="it died")
    with pytest.raises(EngineLoadingError):
        await Caller(scheduler, "b").task
    waits = Caller(scheduler, "c")
    await _settle()
    engine.failure = EngineFailedError("for good")
    engine.change(ready=False)
    for caller in (waits, Caller(scheduler, "d")):
        with pytest.raises(EngineFailedError, match="for good"):
            await caller.task


async def _drained(scheduler: Scheduler, drain: Callable[[], Awaitable[None]]) -> None:
    await asyncio.wait_for(drain(), 5)
    assert not any(scheduler.snapshot().queued.values())


@pytest.mark.parametrize("grace", [0.0, 60.0])
async def test_draining_lets_answers_finish_within_the_grace(grace: float) -> None:
    engine = ScriptedEngine()
    scheduler, running = await _busy(engine)
    prefetch = Caller(scheduler, "WAIT p", priority="prefetch")
    queued = Caller(scheduler, "a")
    await _settle()
    error = HostLeavingError("bye")
    scheduler.refuse(error)
    draining = asyncio.create_task(_drained(scheduler, lambda: scheduler.drain(error, grace)))
    for caller in (prefetch, queued, Caller(scheduler, "late")):
        with pytest.raises(HostLeavingError):
            await caller.task
    if grace:
        assert not running.task.done()
        engine.go.set()
        assert await running.task == ""
    else:
        with pytest.raises(HostLeavingError):
            await running.task
    await draining
    await _settle()
    assert not any(scheduler.snapshot().running.values())


async def test_held_requests_wait_and_share_nothing_with_those_before() -> None:
    engine = ScriptedEngine()
    scheduler = Scheduler(engine)
    old = Caller(scheduler, "WAIT a", sampling=GREEDY)
    await old.accepted.wait()
    scheduler.hold()
    draining = asyncio.create_task(scheduler.drain(ModelSwitchedError("new model"), 60))
    await _settle()
    new = Caller(scheduler, "WAIT a", sampling=GREEDY)
    await _settle()
    engine.go.set()
    await draining
    assert _began(engine) == ["WAIT a"]
    scheduler.release()
    assert await old.task == await new.task == "a"
    assert _began(engine) == ["WAIT a"] * 2


async def test_observers_see_each_request_once() -> None:
    seen: list[str] = []

    class Watcher(SilentObserver):
        def queued(self, priority: Priority) -> None:
            seen.append(f"queued {priority}")

        def started(self, priority: Priority, waited: float) -> None:
            seen.append(f"started {priority}")

        def first_token(self, priority: Priority, seconds: float) -> None:
            seen.append("first token")

        def token(self, priority: Priority, seconds: float) -> None:
            seen.append("token")

        def finished(
            self, priority: Priority, accepted: Accepted, prefilled: Prefilled, finished: Finished
        ) -> None:
            seen.append("finished")

        def failed(self, priority: Priority, error: RequestError | None) -> None:
            seen.append(f"failed {error}")

        def child_restarted(self, reason: str) -> None:
            seen.append(f"restarted {reason}")

    engine = ScriptedEngine()
    scheduler = Scheduler(engine, observer=Watcher())
    first = Caller(scheduler, "a WAIT b")
    await first.accepted.wait()
    leaver = Caller(scheduler, "x", priority="interactive")
    await _settle()
    await leaver.leave()
    engine.go.set()
    await first.task
    with pytest.raises(EngineCrashedError):
        await Caller(scheduler, "CRASH", priority="chat").task
    engine.change(ready=False, reason="it died")
    assert seen == [
        "started interactive",
        "first token",
        "queued interactive",
        "failed None",
        "token",
        "finished",
        "started chat",
        "failed it crashed",
        "restarted it died",
    ]


def test_a_line_goes_round_its_clients() -> None:
    line: WaitingLine[str] = WaitingLine()
    for item in ("a1", "a2", "a3", "b1", "c1", "c2"):
        line.push(item[0], item)
    assert line.newest() == "c2"
    assert line.remove("a2")
    assert not line.remove("a2")
    assert [line.pop() for _ in range(len(line))] == ["a1", "b1", "c1", "a3", "c2"]


@pytest.mark.parametrize(
    ("answers", "parallel", "places", "expected"),
    [
        ([], 1, 32, [5, 10, 15]),
        ([2, 2], 1, 32, [2, 4, 6]),
        ([2, 2], 4, 32, [1, 1, 1.5]),
        ([10], 1, 2, [10, 20, 20]),
    ],
)
def test_promises_follow_the_measured_pace(
    answers: list[float], parallel: int, places: int, expected: list[float]
) -> None:
    pace = Pace()
    for seconds in answers:
        pace.measure(seconds)
    assert [pace.retry_after(100.0, parallel, places) for _ in expected] == pytest.approx(expected)
