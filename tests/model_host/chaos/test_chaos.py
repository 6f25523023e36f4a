"""A real host under abuse: whatever happens, each caller is told, and the next one is answered.

`make soak` does the same at length, and prints the figures.
"""

import asyncio
import json
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2

MODEL = "smollm2-135m"
LONG = {"model": MODEL, "prompt": "1 2 3 4 5", "max_tokens": 1500, "temperature": 0}
SHORT = {**LONG, "max_tokens": 3}
KILLS, STREAMS, QUEUE, REQUESTS = 8, 200, 32, 120
PARENT_GROWTH, CHILD_GROWTH = 8, 8
"""Mebibytes."""


def _data(lines: Iterator[str]) -> Iterator[str]:
    return (line.removeprefix("data: ") for line in lines if line)


def _error(event: str) -> str:
    return str(json.loads(event)["error"]["code"])


def _resident(pid: int) -> float:
    """Mebibytes of memory that are the process's own: a mapped model file is nobody's growth."""
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("RssAnon:")]
    return int(line.split()[1]) / 1024


def test_kills_in_the_middle_of_a_stream(start_host: Any) -> None:
    host = start_host("--model", MODEL)
    for _ in range(KILLS):
        with host.client.stream("POST", "/v1/completions", json={**LONG, "stream": True}) as reply:
            events = _data(reply.iter_lines())
            next(events)
            os.kill(host.engine_pid(), signal.SIGKILL)
            last = list(events)[-1]
        assert _error(last) == "engine_crashed"
        # Who comes meanwhile waits for the model.
        assert host.client.post("/v1/completions", json=SHORT).status_code == 200
    assert host.process.poll() is None


def test_a_frozen_child_is_noticed(start_host: Any) -> None:
    host = start_host("--model", MODEL, "--hang-timeout", "5")
    pid = host.engine_pid()
    with host.client.stream("POST", "/v1/completions", json={**LONG, "stream": True}) as reply:
        events = _data(reply.iter_lines())
        next(events)
        os.kill(pid, signal.SIGSTOP)
        last = list(events)[-1]
    assert _error(last) == "engine_crashed"
    assert "no sign of life for" in last
    assert host.client.post("/v1/completions", json=SHORT).status_code == 200
    assert host.engine_pid() != pid


@asynccontextmanager
async def _client(host: Any) -> AsyncIterator[httpx2.AsyncClient]:
    limits = httpx2.Limits(max_connections=None)
    headers = dict(host.client.headers)
    async with (
        asyncio.timeout(120),
        httpx2.AsyncClient(
            base_url=host.address.url, headers=headers, limits=limits, timeout=120
        ) as client,
    ):
        yield client


async def _stream(client: httpx2.AsyncClient, body: object) -> tuple[int, str, int]:
    """Return the status, the last event or the error's code, and the Retry-After."""
    async with client.stream("POST", "/v1/completions", json=body) as reply:
        last = [line async for line in reply.aiter_lines() if line][-1].removeprefix("data: ")
    outcome = last if last == "[DONE]" else _error(last)
    return reply.status_code, outcome, int(reply.headers.get("retry-after", 0))


async def test_more_streams_than_the_queue_holds(start_host: Any) -> None:
    host = start_host("--model", MODEL, "--queue", str(QUEUE), "--engine", "ctransformers")
    outcomes: Counter[tuple[int, str]] = Counter()
    retries: list[int] = []
    refused = asyncio.Event()

    async def one(client: httpx2.AsyncClient, number: int) -> None:
        body = {**SHORT, "prompt": f"{number} and", "stream": True}
        status, outcome, retry_after = await _stream(client, body)
        outcomes[status, outcome] += 1
        if status == 429:
            retries.append(retry_after)
        if len(retries) == STREAMS - QUEUE:
            refused.set()

    async with _client(host) as client:
        async with client.stream("POST", "/v1/completions", json={**LONG, "stream": True}) as held:
            # The one place of this priority is taken, as long as somebody reads.
            lines = held.aiter_lines()
            await anext(lines)
            streams = [asyncio.create_task(one(client, number)) for number in range(STREAMS)]
            await refused.wait()
        await asyncio.gather(*streams)
    assert outcomes == {(200, "[DONE]"): QUEUE, (429, "queue_full"): STREAMS - QUEUE}
    assert min(retries) >= 1


async def test_told_to_leave_while_some_run_and_some_wait(start_host: Any) -> None:
    host = start_host("--model", MODEL, "--engine", "ctransformers", "--grace", "60")
    running = {**LONG, "max_tokens": 150, "stream": True}
    async with (
        _client(host) as client,
        client.stream("POST", "/v1/completions", json=running) as held,
    ):
        lines = held.aiter_lines()
        await anext(lines)
        queued = [
            asyncio.create_task(_stream(client, {**SHORT, "prompt": f"{number}"}))
            for number in range(5)
        ]
        gauge = 'procoder_queue_length{priority="interactive"} 5.0'
        while gauge not in (await client.get("/metrics")).text:
            pass
        host.process.terminate()
        told = await asyncio.gather(*queued)
        last = [line async for line in lines if line][-1]
    assert {(status, code) for status, code, _ in told} == {(503, "host_leaving")}
    assert last == "data: [DONE]"
    assert await asyncio.to_thread(host.process.wait, 20) == 0


def test_memory_does_not_grow(start_host: Any) -> None:
    host = start_host("--model", MODEL)
    child, parent = host.engine_pid(), host.process.pid

    def ask(first: int, last: int) -> None:
        for number in range(first, last):
            body = {**SHORT, "prompt": f"number {number} is", "stream": number % 2 == 0}
            assert host.client.post("/v1/completions", json=body).status_code == 200

    ask(0, REQUESTS // 3)
    before = _resident(parent), _resident(child)
    ask(REQUESTS // 3, REQUESTS)
    assert _resident(parent) - before[0] < PARENT_GROWTH
    assert _resident(child) - before[1] < CHILD_GROWTH
