"""Batches through real brokers, with workers that are killed in the middle of their work."""

import asyncio
import os
import sqlite3
import sys
import uuid
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from rabbitmq_server import rabbitmq_server
from redis import Redis
from redis_server import free_port, redis_server

from procoder_protocol.api_address import ApiAddress

COMMAND = [sys.executable, "-P", "-m", "procoder_cli"]
FUNCTIONS = 7
KILLS = int(os.environ.get("PROCODER_WORKER_KILLS", "3"))
"""`PROCODER_WORKER_KILLS=50` for the whole of it."""
CODE = "".join(f"def f{n}(a):\n    return a + {n}\n\n\n" for n in range(FUNCTIONS))
WAIT = 600
"""Seconds for whatever a test waits for."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where an API and its workers run, and how to look into their store."""

    api: dict[str, str]
    worker: dict[str, str]
    """Environments."""
    file: Path | None
    """The store that API and workers share; without one it is the Redis."""

    def most_attempts(self) -> int:
        """Return how often the item was tried that was tried most."""
        if self.file is not None:
            with closing(sqlite3.connect(self.file)) as file:
                return int(file.execute("SELECT MAX(attempts) FROM items").fetchone()[0])
        with Redis.from_url(self.api["PROCODER_REDIS_URL"], decode_responses=True) as redis:
            items = redis.scan_iter("procoder:batch:1:item:*")
            return max(int(redis.hget(item, "attempts") or 0) for item in items)


@pytest.fixture(params=["redis", "rabbitmq"])
def site(
    request: pytest.FixtureRequest, isolated_environment: dict[str, str], tmp_path: Path
) -> Iterator[Site]:
    """Two machines with nothing but a Redis in common; one machine with a RabbitMQ."""
    for name in ("broker", "api", "worker"):
        (tmp_path / name).mkdir()

    def environment(name: str, **more: str) -> dict[str, str]:
        kept = str(tmp_path / name / "conversations.sqlite3")
        return {**isolated_environment, "PROCODER_CONVERSATIONS_PATH": kept, **more}

    if request.param == "redis":
        port = free_port()
        with redis_server(tmp_path / "broker", port):
            url = f"redis://127.0.0.1:{port}"
            shared = {"PROCODER_BROKER_URL": f"{url}/0", "PROCODER_REDIS_URL": f"{url}/1"}
            yield Site(environment("api", **shared), environment("worker", **shared), None)
    else:
        with rabbitmq_server(tmp_path / "broker") as url:
            one = environment("api", PROCODER_BROKER_URL=url)
            yield Site(one, one, tmp_path / "api" / "api.sqlite3")


@asynccontextmanager
async def running(
    command: str, environment: dict[str, str], *options: str, stdout: int | None = None
) -> AsyncIterator[Process]:
    """Run a command of ProCoder; it is told to stop in the end, unless it has."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND, command, *options, env=environment, stdout=stdout
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), WAIT)


@pytest.fixture
async def learner(site: Site) -> AsyncIterator[httpx2.AsyncClient]:
    async with running("api", site.api, "--rate", "100000/minute", stdout=PIPE) as api:
        assert api.stdout is not None
        ready = await asyncio.wait_for(api.stdout.readline(), WAIT)
        address = ApiAddress.from_json(ready.decode())
        assert address.token_file is not None
        token = await asyncio.to_thread(Path(address.token_file).read_text)
        async with httpx2.AsyncClient(
            base_url=address.url,
            headers={"Authorization": f"Bearer {token.strip()}"},
            timeout=300,
            trust_env=False,
        ) as client:
            yield client


async def begin(learner: httpx2.AsyncClient, name: str) -> str:
    """Begin a batch of code that no cache knows, not even that of an earlier test."""
    code = CODE.replace("def f", f"def {name}{uuid.uuid4().hex}_")
    files = [("files", (f"{name}.py", code))]
    location: str = (await learner.post("/v1/batches", files=files)).headers["location"]
    return location


async def until(learner: httpx2.AsyncClient, batch: str, words: str) -> None:
    """Follow a batch until some words are told of it."""
    async with asyncio.timeout(WAIT), learner.stream("GET", f"{batch}/stream") as events:
        async for line in events.aiter_lines():
            if words in line:
                return
    raise AssertionError(f"{batch} ended without {words}")


async def progress_of(learner: httpx2.AsyncClient, batch: str) -> dict[str, int]:
    answer: dict[str, Any] = (await learner.get(batch)).json()
    progress: dict[str, int] = answer["batch"]["progress"]
    return progress


async def test_killed_workers_lose_no_item_and_repeat_no_result(
    learner: httpx2.AsyncClient, site: Site
) -> None:
    batches = []
    for kill in range(KILLS):
        async with running("worker", site.worker) as worker:
            batches.append(await begin(learner, f"k{kill}_"))
            await until(learner, batches[-1], '"running":1')
            worker.kill()
            await worker.wait()
    async with running("worker", site.worker):
        for batch in batches:
            await until(learner, batch, '"finished":true')
            assert (await progress_of(learner, batch))["done"] == FUNCTIONS + 1
            results = (await learner.get(f"{batch}/results")).text
            assert results.count("### ") == FUNCTIONS
    assert await asyncio.to_thread(site.most_attempts) > 1


async def test_a_cancelled_batch_and_a_worker_that_is_told_to_stop(
    learner: httpx2.AsyncClient, site: Site
) -> None:
    cancelled, kept = await begin(learner, "c"), await begin(learner, "s")
    stopped = (await learner.post(f"{cancelled}/cancel")).json()
    assert stopped["progress"]["cancelled"] == FUNCTIONS + 1
    async with running("worker", site.worker) as worker:
        await until(learner, kept, '"running":1')
        worker.terminate()
        assert await asyncio.wait_for(worker.wait(), 60) == 0
    assert (await progress_of(learner, kept))["running"] == 0
    async with running("worker", site.worker):
        await until(learner, kept, '"finished":true')
    assert (await progress_of(learner, kept))["done"] == FUNCTIONS + 1
    assert (await progress_of(learner, cancelled))["done"] == 0
