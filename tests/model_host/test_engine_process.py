"""The parent's supervision of its child, with a scripted child that crashes on purpose."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import scripted_child

from procoder_model_host.errors import (
    EngineCrashedError,
    EngineFailedError,
    EngineLoadingError,
    RequestError,
)
from procoder_model_host.messages import Delta, Finished, Load, Text
from procoder_model_host.scheduling.engine_process import EngineProcess, Generation

Start = Callable[..., EngineProcess]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    async with contextlib.AsyncExitStack() as stack:

        def start_engine(mode: str, **options: float) -> EngineProcess:
            command = (sys.executable, scripted_child.__file__, str(tmp_path / "starts"))
            engine = EngineProcess(_load(mode), command=command, **options)  # type: ignore[arg-type]
            stack.push_async_callback(engine.aclose)
            engine.start()
            return engine

        yield start_engine


def _load(mode: str) -> Load:
    return Load(engine="scripted", path=mode, adapted_folder="", context_window=64, threads=1)


async def _answer(engine: EngineProcess, prompt: str) -> str:
    events = [event async for event in engine.generate(_generation(prompt))]
    assert isinstance(events[-1], Finished)
    return " ".join(event.text for event in events if isinstance(event, Delta))


def _generation(prompt: str) -> Generation:
    return Generation(prompt=(Text(text=prompt),))


async def test_answers_in_the_order_of_arrival(start: Start) -> None:
    engine = start("ok")
    prompts = [f"a{number} b{number}" for number in range(5)]
    assert await asyncio.gather(*(_answer(engine, prompt) for prompt in prompts)) == prompts


async def test_a_crash_reaches_its_caller_and_the_next_is_answered(start: Start) -> None:
    engine = start("ok")
    with pytest.raises(EngineCrashedError, match="SIGABRT"):
        await _answer(engine, "a ABORT")
    assert await _answer(engine, "b") == "b"


async def test_a_crash_while_loading_is_tried_again(start: Start) -> None:
    assert await _answer(start("crash once"), "a") == "a"


@pytest.mark.parametrize(
    ("mode", "starts", "words"), [("crash", 3, "died 3 times"), ("refuse", 1, "it is broken")]
)
async def test_a_model_that_cannot_load_is_given_up(
    start: Start, tmp_path: Path, mode: str, starts: int, words: str
) -> None:
    engine = start(mode)
    for ask in (engine.loaded, lambda: _answer(engine, "a"), lambda: engine.tokenize("a")):
        with pytest.raises(EngineFailedError, match=words):
            await ask()
    assert len((tmp_path / "starts").read_text()) == starts


async def test_a_caller_that_leaves_frees_the_engine(start: Start) -> None:
    engine = start("ok")
    async with contextlib.aclosing(engine.generate(_generation("a WAIT b"))) as events:
        async for event in events:
            if isinstance(event, Delta):
                break
    assert await _answer(engine, "c") == "c"


async def test_patience_with_a_slow_load_ends(start: Start) -> None:
    engine = start("hang", load_patience=0.05)
    with pytest.raises(EngineLoadingError):
        await _answer(engine, "a")


async def test_a_frozen_child_is_noticed_and_replaced(start: Start) -> None:
    engine = start("ok", hang_seconds=0.3)
    with pytest.raises(EngineCrashedError, match=r"no sign of life for 0\.3 s"):
        await _answer(engine, "a HANG b")
    assert await _answer(engine, "c") == "c"


async def test_a_child_without_work_may_be_silent(start: Start, tmp_path: Path) -> None:
    engine = start("ok", hang_seconds=0.01)
    assert await _answer(engine, "a") == "a"
    # Nothing tells that nothing happens: only waiting beyond the limit shows it.
    await asyncio.sleep(0.3)
    assert await _answer(engine, "b") == "b"
    assert (tmp_path / "starts").read_text() == "x"


async def test_leaving_a_frozen_child_ends_with_its_end(start: Start) -> None:
    engine = start("ok", hang_seconds=0.3)
    async with contextlib.aclosing(engine.generate(_generation("a HANG b"))) as events:
        async for event in events:
            if isinstance(event, Delta):
                break
    assert await _answer(engine, "c") == "c"


async def test_crashes_in_a_row_are_survived_with_growing_pauses(
    start: Start, tmp_path: Path
) -> None:
    engine = start("ok")
    for prompt, words in (("EXIT", "exit code 3"), ("ABORT", "SIGABRT"), ("EXIT", "exit code")):
        with pytest.raises(EngineCrashedError, match=words):
            await _answer(engine, prompt)
    assert await _answer(engine, "a") == "a"
    assert (tmp_path / "starts").read_text() == "xxxx"


async def test_a_model_given_up_is_tried_again_after_a_while(start: Start, tmp_path: Path) -> None:
    engine = start("crash thrice", cool_down=0.1)
    with pytest.raises(EngineFailedError, match="died 3 times"):
        await engine.loaded()
    with pytest.raises(EngineFailedError, match="died 3 times"):
        await _answer(engine, "too soon")
    await asyncio.sleep(0.15)
    assert await _answer(engine, "a") == "a"
    assert (tmp_path / "starts").read_text() == "xxxx"


async def test_listeners_hear_of_every_change(start: Start) -> None:
    engine = start("ok")
    heard: list[tuple[bool, str | None]] = []
    engine.subscribe(lambda reason: heard.append((engine.ready, reason)))
    await engine.loaded()
    with pytest.raises(EngineCrashedError):
        await _answer(engine, "EXIT")
    await engine.loaded()
    lost = (False, "the engine process ended with exit code 3")
    assert heard == [(True, None), lost, (True, None)]


@pytest.mark.parametrize("moment", ["loading", "ready", "failed", "answering"])
async def test_another_model_is_loaded_at_any_moment(start: Start, moment: str) -> None:
    engine = start({"loading": "hang", "failed": "refuse"}.get(moment, "ok"))
    running = None
    if moment == "failed":
        with pytest.raises(EngineFailedError):
            await engine.loaded()
    elif moment != "loading":
        await engine.loaded()
    if moment == "answering":
        running = engine.generate(_generation("a WAIT"))
        await anext(running)
    assert (await engine.reload(_load("other"))).engine == "scripted other"
    if running is not None:
        with pytest.raises(EngineCrashedError, match="was stopped"):
            [event async for event in running]
    assert await _answer(engine, "b") == "b"


async def test_a_model_that_cannot_be_loaded_makes_way_for_the_former(start: Start) -> None:
    engine = start("ok")
    await engine.loaded()
    with pytest.raises(EngineFailedError, match="it is broken"):
        await engine.reload(_load("refuse"))
    await engine.reload(_load("ok"))
    assert await _answer(engine, "b") == "b"


async def test_a_command_that_cannot_be_started_is_reported() -> None:
    engine = EngineProcess(_load("ok"), command=("/nonexistent/child",))
    engine.start()
    with pytest.raises(EngineFailedError, match="could not be started"):
        await engine.loaded()
    await engine.aclose()


async def test_closing_answers_all_who_wait(start: Start) -> None:
    engine = start("ok")
    answers = [asyncio.create_task(_answer(engine, prompt)) for prompt in ("a WAIT", "b", "c")]
    await engine.loaded()
    await engine.aclose()
    results = await asyncio.gather(*answers, return_exceptions=True)
    assert [isinstance(result, RequestError) for result in results] == [True] * 3
