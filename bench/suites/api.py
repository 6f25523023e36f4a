"""What the REST API adds over the tutor, and what it costs to hold many streams.

The model answers at once, so that all that is measured is ours. The peer of a request is the same
question to a tutor in this process.
"""

import asyncio
import json
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from running_api import ANSWER, CODE
from scripted_model import Scripted

from bench.measure import Series, percentile
from bench.suites.tutor import elapsed_ms
from procoder_tutor.questions import Question
from procoder_tutor.settings import load_settings
from procoder_tutor.symbols import Document, Snapshot
from procoder_tutor.tutor import Tutor, create_tutor

REQUESTS = 200
STREAMS = 400
"""Below the connections that one server holds."""
MEMORY = ":memory:"
_AREA = {"code": CODE, "symbol": "area"}


@dataclass(slots=True)
class Samples:
    """Milliseconds, but for `memory`, which is in KiB a stream."""

    api: list[float] = field(default_factory=list)
    tutor: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


def run() -> Sequence[Series]:
    """Measure requests one after the other, then many streams at once."""
    samples = Samples()
    asyncio.run(_measure(samples))
    return [
        Series("a known explanation", "ms", samples.api, "the tutor", samples.tutor),
        Series("a known explanation, p95", "ms", [percentile(samples.api, 95)]),
        Series("first event of a stream", "ms", samples.first),
        Series(f"{STREAMS} streams opened at once", "ms", samples.opened),
        Series(f"a request beside {STREAMS} streams", "ms", samples.beside),
        Series("memory of a stream", "KiB", samples.memory),
    ]


async def _measure(samples: Samples) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with _server(Path(folder)) as (client, pid), _tutor() as tutor:
            await _compare(samples, client, tutor)
            async with asyncio.timeout(120):
                await _hold(samples, client, pid)


async def _compare(samples: Samples, client: httpx2.AsyncClient, tutor: Tutor) -> None:
    """Ask both the same in turn; the first time, which makes the answer, is left out."""
    await _ask(client)
    await _ask_tutor(tutor)
    for _ in range(REQUESTS):
        samples.api.append(await _timed(_ask(client)))
        samples.tutor.append(await _timed(_ask_tutor(tutor)))
        samples.first.append(await _timed(_first_event(client)))


async def _hold(samples: Samples, client: httpx2.AsyncClient, pid: int) -> None:
    before = _resident(pid)
    async with AsyncExitStack() as streams:
        opening = [_open(client, streams, number) for number in range(STREAMS)]
        samples.opened.append(await _timed(asyncio.gather(*opening)))
        samples.memory.append((_resident(pid) - before) / STREAMS)
        for _ in range(20):
            samples.beside.append(await _timed(_ask(client)))


async def _open(client: httpx2.AsyncClient, streams: AsyncExitStack, number: int) -> None:
    """Open a stream of its own and read its first words."""
    name = f"held{number}"
    body = {"code": f"def {name}(a):\n    return a * {number}\n", "symbol": name}
    reply = await streams.enter_async_context(
        client.stream("POST", "/v1/explanations/stream", json=body)
    )
    async for line in reply.aiter_lines():
        if line == "event: delta":
            return


async def _first_event(client: httpx2.AsyncClient) -> None:
    async with client.stream("POST", "/v1/explanations/stream", json=_AREA) as reply:
        await anext(reply.aiter_lines())


async def _ask(client: httpx2.AsyncClient) -> None:
    (await client.post("/v1/explanations", json=_AREA)).raise_for_status()


async def _ask_tutor(tutor: Tutor) -> None:
    document = Document.parse(Snapshot(CODE))
    async for _ in tutor.ask(document, Question(document.by_name("area"))):
        pass


async def _timed(work: Awaitable[object]) -> float:
    started = time.perf_counter()
    await work
    return elapsed_ms(started)


@asynccontextmanager
async def _server(folder: Path) -> AsyncIterator[tuple[httpx2.AsyncClient, int]]:
    """Run the API in a process of its own; yield a client of it, and its process id."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.scripted_api",
        str(folder),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    if process.stdout is None:
        raise RuntimeError("the server was started without a pipe")
    ready = json.loads(await process.stdout.readline())
    headers = {"Authorization": f"Bearer {ready['key']}"}
    limits = httpx2.Limits(max_connections=STREAMS + 10)
    async with httpx2.AsyncClient(
        base_url=ready["url"], headers=headers, timeout=120, trust_env=False, limits=limits
    ) as client:
        yield client, process.pid
    await process.communicate(b"")  # its input ends


@asynccontextmanager
async def _tutor() -> AsyncIterator[Tutor]:
    settings, _ = load_settings({"cache": {"path": MEMORY}, "conversations": {"path": MEMORY}})
    tutor = create_tutor(settings, backend=Scripted(ANSWER))
    yield tutor
    await tutor.aclose()


def _resident(pid: int) -> float:
    """KiB of a process in memory (proc_pid_status(5))."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s*(\d+) kB", status)
    if found is None:
        raise RuntimeError("the server has ended")
    return float(found[1])
