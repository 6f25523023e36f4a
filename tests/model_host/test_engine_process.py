"""The parent's supervision of its child, with a scripted child that crashes on purpose."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from procoder_model_host.engine_process import EngineProcess, Generation
from procoder_model_host.errors import (
    EngineCrashedError,
    EngineFailedError,
    EngineLoadingError,
    RequestError,
)
from procoder_model_host.messages import Delta, Finished, Load, Text

# Answers a prompt with its words; some words are commands. `{starts}` counts the starts.
SCRIPT = """
import json, os, pathlib, sys
starts = pathlib.Path({starts!r})
starts.write_text(starts.read_text() + "x" if starts.exists() else "x")
def send(**message):
    print(json.dumps(message), flush=True)
load = json.loads(sys.stdin.readline())
mode = load["path"]
if mode == "crash" or (mode == "crash once" and starts.read_text() == "x"):
    os.abort()
if mode == "refuse":
    send(type="load_failed", reason="it is broken")
    sys.exit()
if mode != "hang":
    send(type="loaded", engine="scripted", context_window=64, chat_template=None)
for line in sys.stdin:
    request = json.loads(line)
    if request["type"] != "generate":
        continue
    id = request["id"]
    print("noise that is no message", flush=True)
    send(type="accepted", id=id, prompt_tokens=1)
    for word in request["prompt"][0]["text"].split():
        if word == "ABORT":
            os.abort()
        if word == "WAIT":
            while json.loads(sys.stdin.readline()) != {{"type": "cancel", "id": id}}:
                pass
            break
        send(type="delta", id=id, text=word)
    send(type="finished", id=id, finish_reason="stop", completion_tokens=1, decode_ms=1.0)
"""

Start = Callable[..., EngineProcess]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    async with contextlib.AsyncExitStack() as stack:

        def start_engine(mode: str, **options: float) -> EngineProcess:
            load = Load(
                engine="scripted", path=mode, adapted_folder="", context_window=64, threads=1
            )
            script = SCRIPT.format(starts=str(tmp_path / "starts"))
            command = (sys.executable, "-c", script)
            engine = EngineProcess(load, command=command, **options)  # type: ignore[arg-type]
            stack.push_async_callback(engine.aclose)
            engine.start()
            return engine

        yield start_engine


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


async def test_closing_answers_all_who_wait(start: Start) -> None:
    engine = start("ok")
    answers = [asyncio.create_task(_answer(engine, prompt)) for prompt in ("a WAIT", "b", "c")]
    await engine.loaded()
    await engine.aclose()
    results = await asyncio.gather(*answers, return_exceptions=True)
    assert [isinstance(result, RequestError) for result in results] == [True] * 3
