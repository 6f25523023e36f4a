"""Changing the model of a host: drained, reloaded, and back again when that fails."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
import scripted_child

from procoder_model_host.errors import (
    EngineFailedError,
    HostLeavingError,
    ModelNotFoundError,
    ModelSwitchedError,
    UnknownModelError,
)
from procoder_model_host.messages import Delta, Load, Text
from procoder_model_host.scheduling.engine_process import EngineProcess
from procoder_model_host.scheduling.generation import Generation
from procoder_model_host.scheduling.scheduler import Scheduler
from procoder_model_host.scheduling.switching import ModelSwitch, Serving

if TYPE_CHECKING:
    from procoder_model_host.served import ServedModel


class Host:
    """A switch and what it works on."""

    def __init__(self, folder: Path, *, grace: float) -> None:
        self.starts = folder / "starts"
        self.published: list[tuple[str, str]] = []
        first = self._find("first")
        command = (sys.executable, scripted_child.__file__, str(self.starts))
        self.engine = EngineProcess(first.load, command=command)
        self.scheduler = Scheduler(self.engine)
        self.switch = ModelSwitch(
            self.engine,
            self.scheduler,
            first,
            find=self._find,
            grace=grace,
            on_switched=lambda model, loaded: self.published.append((model.id, loaded.engine)),
        )
        self.engine.start()

    async def answer(self, prompt: str) -> str:
        answers = self.scheduler.generate(Generation(prompt=(Text(text=prompt),)))
        async with contextlib.aclosing(answers) as events:
            return " ".join([event.text async for event in events if isinstance(event, Delta)])

    def _find(self, name: str) -> Serving:
        if name == "missing":
            raise ModelNotFoundError("there is no model missing", "Pull it.")
        load = Load(engine="s", path=name, adapted_folder="", context_window=64, threads=1)
        # Of the model itself, a switch only wants to know the name.
        return Serving(cast("ServedModel", SimpleNamespace(id=name)), load)


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Callable[..., Host]]:
    async with contextlib.AsyncExitStack() as stack:

        def make(grace: float = 0.05) -> Host:
            host = Host(tmp_path, grace=grace)
            stack.push_async_callback(host.engine.aclose)
            return host

        yield make


async def _until(condition: Callable[[], bool]) -> None:
    """Wait for what the host tells nobody of."""
    while not condition():  # noqa: ASYNC110
        await asyncio.sleep(0.001)


async def _running(host: Host, prompt: str) -> "asyncio.Task[str]":
    task = asyncio.create_task(host.answer(prompt))
    await _until(lambda: bool(host.scheduler.snapshot().running["interactive"]))
    return task


async def test_a_switch_answers_when_the_new_model_is_ready(start: Callable[..., Host]) -> None:
    host = start()
    assert await host.answer("a") == "a"
    switching = asyncio.create_task(host.switch.switch("second"))
    await _until(lambda: host.switch.model.id == "second")
    waited = asyncio.create_task(host.answer("b"))
    assert (await switching).id == "second"
    assert await waited == "b"
    assert host.published == [("second", "scripted second")]
    assert (await host.switch.switch("second")).id == "second"
    assert host.starts.read_text() == "xx"


async def test_what_runs_is_cut_after_the_grace_and_what_waits_is_told(
    start: Callable[..., Host],
) -> None:
    host = start()
    running = await _running(host, "a WAIT")
    queued = asyncio.create_task(host.answer("b"))
    await _until(lambda: bool(host.scheduler.snapshot().queued["interactive"]))
    await host.switch.switch("second")
    for task in (running, queued):
        with pytest.raises(ModelSwitchedError, match="changes to second"):
            await task
    assert await host.answer("c") == "c"


async def test_a_model_that_cannot_be_loaded_leaves_the_former(start: Callable[..., Host]) -> None:
    host = start()
    await host.engine.loaded()
    switching = asyncio.create_task(host.switch.switch("refuse"))
    await _until(lambda: host.switch.model.id == "refuse")
    waits = asyncio.create_task(host.answer("for the new one"))
    with pytest.raises(EngineFailedError, match=r"it is broken\. This host still serves first"):
        await switching
    with pytest.raises(EngineFailedError, match="it is broken"):
        await waits
    assert host.switch.model.id == "first"
    assert (await host.engine.loaded()).engine == "scripted first"
    assert await host.answer("c") == "c"
    assert host.published == []


async def test_an_unknown_model_disturbs_nobody(start: Callable[..., Host]) -> None:
    host = start(60)
    running = await _running(host, "a WAIT")
    with pytest.raises(UnknownModelError, match="Pull it"):
        await host.switch.switch("missing")
    assert not running.done()
    running.cancel()
    await asyncio.wait([running])


async def test_switches_happen_one_after_the_other(start: Callable[..., Host]) -> None:
    host = start()
    await host.engine.loaded()
    names = ["second", "third", "first"]
    models = await asyncio.gather(*(host.switch.switch(name) for name in names))
    assert [model.id for model in models] == names
    assert (await host.engine.loaded()).engine == "scripted first"


async def test_a_caller_who_leaves_does_not_stop_a_switch(start: Callable[..., Host]) -> None:
    host = start()
    await host.engine.loaded()
    asking = asyncio.create_task(host.switch.switch("second"))
    await _until(lambda: host.switch.model.id == "second")
    asking.cancel()
    await asyncio.wait([asking])
    assert await host.answer("a") == "a"
    assert host.published == [("second", "scripted second")]


async def test_a_host_that_leaves_does_not_switch(start: Callable[..., Host]) -> None:
    host = start()
    host.scheduler.refuse(HostLeavingError("bye"))
    with pytest.raises(HostLeavingError):
        await host.switch.switch("second")
    assert host.switch.model.id == "first"


async def test_a_switch_ends_with_the_host(start: Callable[..., Host]) -> None:
    host = start()
    await host.engine.loaded()
    switching = asyncio.create_task(host.switch.switch("hang"))
    await _until(lambda: not host.engine.ready)
    await host.engine.aclose()
    with pytest.raises(EngineFailedError, match="the host is leaving"):
        await switching
