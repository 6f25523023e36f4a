"""The pipeline with a scripted model: order, cache, single flight, cancellation, retries."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path

import pytest
from scripted_model import Scripted

from procoder_tutor.errors import BackendUnavailableError
from procoder_tutor.events import (
    Checked,
    Delta,
    Done,
    Event,
    FactsReady,
    Failed,
    TokenUsage,
    Working,
)
from procoder_tutor.questions import Level, Question
from procoder_tutor.settings import load_settings
from procoder_tutor.symbols import Document, Snapshot
from procoder_tutor.tutor import Tutor, create_tutor

CODE = "def area(width, height):\n    return width * height\n"
GOOD = "Multiplies `width` by `height`. Returns their product."
Make = Callable[..., Tutor]


@pytest.fixture
async def make(tmp_path: Path) -> AsyncIterator[Make]:
    made: list[Tutor] = []

    def build(backend: Scripted, name: str = "cache.sqlite3", prose: str = "all") -> Tutor:
        settings, problems = load_settings(
            {
                "cache": {"path": str(tmp_path / name)},
                "conversations": {"path": ":memory:"},
                "prose": prose,
            }
        )
        assert not problems
        made.append(create_tutor(settings, backend=backend))
        return made[-1]

    yield build
    for tutor in made:
        await tutor.aclose()


def question(code: str = CODE, name: str = "area", **options: object) -> tuple[Document, Question]:
    document = Document.parse(Snapshot(code))
    return document, Question(document.by_name(name), **options)  # type: ignore[arg-type]


async def ask(tutor: Tutor, document: Document, asked: Question) -> list[Event]:
    return [event async for event in tutor.ask(document, asked)]


def shape(events: list[Event]) -> list[type]:
    """Kinds of the events, neighbours of one kind joined, without late facts and what goes on."""
    kinds = [type(event) for event in events if not isinstance(event, Working)]
    first, rest = kinds[:1], [kind for kind in kinds[1:] if kind is not FactsReady]
    return first + [k for i, k in enumerate(rest) if i == 0 or rest[i - 1] is not k]


def text(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, Delta))


async def test_events_come_in_order_and_add_up(make: Make) -> None:
    events = await ask(make(Scripted(GOOD)), *question())
    assert shape(events) == [FactsReady, Delta, Checked, Done]
    done = events[-1]
    assert isinstance(done, Done)
    assert done.explanation.markdown == text(events) == GOOD
    assert done.explanation.usage == TokenUsage(10, 5, 7)
    assert done.explanation.timings_ms.first_token is not None
    assert not done.explanation.cached


async def test_what_the_model_does_is_told_between(make: Make) -> None:
    events = await ask(make(Scripted(GOOD)), *question())
    kinds = [event.stage if isinstance(event, Working) else type(event) for event in events]
    began, ended = kinds.index("loading"), kinds.index(Checked)
    assert [kind for kind in kinds[began:ended] if kind is not FactsReady] == [
        "loading",
        "reading",
        "writing",
        Delta,
        Delta,
    ]


async def test_second_answer_comes_from_the_cache_without_the_model(make: Make) -> None:
    backend = Scripted(GOOD)
    await ask(make(backend), *question())
    silent = Scripted()
    silent.error = BackendUnavailableError("gone")
    events = await ask(make(silent), *question())
    assert shape(events) == [FactsReady, Delta, Checked, Done]
    done = events[-1]
    assert isinstance(done, Done)
    assert done.explanation.cached
    assert text(events) == GOOD
    assert done.explanation.usage == TokenUsage()


@pytest.mark.parametrize("options", [{"level": Level.EXPERT}, {"language": "es"}])
async def test_other_question_misses(make: Make, options: dict[str, object]) -> None:
    tutor = make(Scripted(GOOD, style="purpose"))
    await ask(tutor, *question())
    assert await tutor.cached(*question(**options)) is None


async def test_other_model_misses(make: Make) -> None:
    await ask(make(Scripted(GOOD)), *question())
    tutor = make(Scripted(GOOD, digest="sha256:2"))
    await tutor.warm_up(Level.INTERMEDIATE, "en")
    assert await tutor.cached(*question()) is None


@pytest.mark.parametrize(("style", "jobs"), [("docstring", 0), ("purpose", 1)])
async def test_the_static_prefix_is_warmed_in_the_background(
    make: Make, style: str, jobs: int
) -> None:
    backend = Scripted(GOOD, style=style)
    tutor = make(backend)
    await tutor.warm_up(Level.INTERMEDIATE, "en")
    await ask(tutor, *question())
    warmed = [job for job in backend.jobs if job.background]
    assert [job.max_tokens for job in warmed] == [0] * jobs
    for job in warmed:
        assert job.prompt
        assert backend.jobs[-1].prompt.startswith(job.prompt)


async def test_a_server_that_cannot_be_warmed_is_used_all_the_same(make: Make) -> None:
    backend = Scripted(GOOD, style="purpose")
    backend.refuses_background = True
    tutor = make(backend)
    await tutor.warm_up(Level.INTERMEDIATE, "en")
    assert text(await ask(tutor, *question())) == GOOD


async def test_refresh_asks_the_model_again(make: Make) -> None:
    backend = Scripted("Takes one thing only.", GOOD)
    tutor = make(backend)
    await ask(tutor, *question())
    events = await ask(tutor, *question(refresh=True))
    assert text(events) == GOOD
    assert len(backend.jobs) == 2


async def test_same_question_at_once_runs_once_and_all_hear_everything(make: Make) -> None:
    backend = Scripted(GOOD)
    backend.gate.clear()
    tutor = make(backend)
    first = asyncio.create_task(ask(tutor, *question()))
    await backend.started.wait()
    second = asyncio.create_task(ask(tutor, *question()))
    await asyncio.sleep(0)
    backend.gate.set()
    one, two = await asyncio.gather(first, second)
    assert one == two
    assert len(backend.jobs) == 1


async def test_run_ends_only_with_its_last_listener(make: Make) -> None:
    backend = Scripted(GOOD)
    backend.gate.clear()
    tutor = make(backend)
    leaving = asyncio.create_task(ask(tutor, *question()))
    staying = asyncio.create_task(ask(tutor, *question()))
    await backend.started.wait()
    leaving.cancel()
    await asyncio.wait([leaving])
    assert not backend.closed.is_set()
    backend.gate.set()
    assert text(await staying) == GOOD


async def test_closing_the_only_iterator_stops_the_model(make: Make) -> None:
    backend = Scripted(GOOD)
    backend.gate.clear()
    tutor = make(backend)
    async with aclosing(tutor.ask(*question())) as events:
        assert isinstance(await anext(events), FactsReady)
        await backend.started.wait()
    assert backend.closed.is_set()
    assert await tutor.cached(*question()) is None


async def test_failure_keeps_the_facts(make: Make) -> None:
    backend = Scripted()
    backend.error = BackendUnavailableError("No model", "Pull it.")
    events = await ask(make(backend), *question())
    assert shape(events) == [FactsReady, Failed]
    assert events[-1] == Failed(backend.error)


async def test_nothing_that_holds_is_asked_once_more_without_the_shot(make: Make) -> None:
    backend = Scripted("Calls `nope` always.", GOOD, style="purpose")
    events = await ask(make(backend), *question())
    assert text(events) == GOOD
    assert ["visible_stars" in job.prompt for job in backend.jobs] == [True, False]


async def test_nothing_that_holds_leaves_the_facts_alone(make: Make) -> None:
    backend = Scripted("Calls `nope` always.")
    events = await ask(make(backend), *question())
    assert shape(events) == [FactsReady, Checked, Done]
    assert len(backend.jobs) == 2
    done = events[-1]
    assert isinstance(done, Done)
    assert done.explanation.markdown == ""
    assert done.explanation.checks.unknown_names == ("nope",)


async def test_the_last_try_begins_with_the_name(make: Make) -> None:
    backend = Scripted("Calls `nope` always.", " of a rectangle.")
    events = await ask(make(backend), *question())
    assert backend.prompts[-1].endswith('"""Return the area')
    assert text(events) == "Return the area of a rectangle."


async def test_what_began_with_the_name_is_not_asked_again(make: Make) -> None:
    backend = Scripted("Return the area by calling `nope`.")
    events = await ask(make(backend), *question())
    assert (text(events), len(backend.jobs)) == ("", 1)


@pytest.mark.parametrize(
    ("prose", "shown"),
    [
        ("strict", "Returns the area by width and height."),
        ("all", "Returns the area by width and height, which is the first of all."),
    ],
)
async def test_how_much_prose_is_shown(make: Make, prose: str, shown: str) -> None:
    backend = Scripted("Returns the area by width and height, which is the first of all.")
    events = await ask(make(backend, prose=prose), *question())
    assert text(events) == shown


async def test_strict_and_other_answers_are_kept_apart(make: Make) -> None:
    backend = Scripted("Multiplies `width` by `height`, so that both count twice.")
    await ask(make(backend, prose="all"), *question())
    asked = len(backend.jobs)
    await ask(make(backend, prose="strict"), *question())
    assert len(backend.jobs) > asked


async def test_a_looping_model_is_stopped(make: Make) -> None:
    backend = Scripted("one two three four five " * 50)
    await ask(make(backend), *question())
    assert backend.closed.is_set()


async def test_a_language_the_model_cannot_write_is_said(make: Make) -> None:
    events = await ask(make(Scripted(GOOD)), *question(language="es"))
    assert text(events).endswith("*In English: this model does not write Spanish well enough.*")


async def test_code_that_was_left_out_is_said(make: Make) -> None:
    body = "".join(f"    value = value + {number}\n" for number in range(2000))
    code = f"def long(value):\n{body}    return value\n"
    backend = Scripted("Adds many numbers to `value`.")
    events = await ask(make(backend), *question(code, "long"))
    assert "lines in the middle" in text(events)
    assert await backend.count_tokens(backend.jobs[0].prompt) < 2048


@pytest.mark.parametrize(
    "code", ["def area(:\n    return", "", "x = 1" + "0" * 200_000, "s = '\ud800'", "🎈 = 1"]
)
async def test_bad_code_is_answered(make: Make, code: str) -> None:
    document = Document.parse(Snapshot(code))
    tutor = make(Scripted("Holds a value and no more."))
    events = await ask(tutor, document, Question(document.module))
    assert isinstance(events[-1], Done)
