"""Host and language server under abuse, at length: kills, freezes, floods, crowds, with figures.

`make soak`. What must hold is asserted; what it took is printed.
"""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from rich.console import Console

from bench.measure import Series, machine, table
from bench.soak_lsp import crowding, editing
from procoder_protocol.discovery import HostAddress

MODEL = "smollm2-135m"
LONG = {"model": MODEL, "prompt": "1 2 3 4 5", "max_tokens": 1500, "temperature": 0, "stream": True}
SHORT = {**LONG, "max_tokens": 3, "stream": False}
PREFETCH = {"X-ProCoder-Priority": "prefetch"}
KILLS, FREEZES, ROUNDS, STREAMS, QUEUE, REQUESTS = 50, 3, 15, 200, 32, 1000
HANG_SECONDS = 5
"""Below that, a child on a machine busy with other things may look frozen."""
GROWTH = 16
"""Mebibytes that neither process may grow by over the requests, after the first hundred."""


@dataclass(frozen=True, slots=True)
class Host:
    """A host that is ready."""

    process: subprocess.Popen[bytes]
    address: HostAddress
    client: httpx2.Client

    def engine_pid(self) -> int:
        """Process id of the engine child: the host's only child."""
        children = Path(f"/proc/{self.process.pid}/task")
        pids = " ".join(path.read_text() for path in children.glob("*/children")).split()
        return int(pids[0])


@contextlib.contextmanager
def running_host(*flags: str) -> Iterator[Host]:
    """A host that is told to leave in the end, and must do so without an error."""
    command = [sys.executable, "-P", "-m", "procoder_cli", "host", "--model", MODEL, *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            assert process.stdout is not None
            address = HostAddress.from_json(process.stdout.readline())
            headers = {"Authorization": f"Bearer {address.read_token()}"}
            with httpx2.Client(
                base_url=address.url, headers=headers, timeout=60, trust_env=False
            ) as client:
                yield Host(process, address, client)
        finally:
            process.terminate()
    assert process.returncode == 0, process.returncode


@contextlib.contextmanager
def stream(
    host: Host, body: object = LONG, headers: Mapping[str, str] | None = None
) -> Iterator[Iterator[str]]:
    """The events of a stream that has begun."""
    with host.client.stream("POST", "/v1/completions", json=body, headers=headers or {}) as reply:
        events = (line.removeprefix("data: ") for line in reply.iter_lines() if line)
        next(events)
        yield events


def milliseconds_since(moment: float) -> float:
    """Time since a reading of perf_counter."""
    return (time.perf_counter() - moment) * 1000


def ask(host: Host, **changes: object) -> float:
    """Have a short answer, and return the milliseconds it took."""
    began = time.perf_counter()
    reply = host.client.post("/v1/completions", json={**SHORT, **changes})
    assert reply.is_success, reply.text
    return milliseconds_since(began)


def broken(host: Host, number: int) -> tuple[float, float]:
    """Send a signal to the child in the middle of a stream.

    Returns the milliseconds until the caller knows, and until another caller has an answer.
    """
    with stream(host) as events:
        os.kill(host.engine_pid(), number)
        began = time.perf_counter()
        last = list(events)[-1]
        told = milliseconds_since(began)
    assert json.loads(last)["error"]["code"] == "engine_crashed", last
    ask(host)
    return told, milliseconds_since(began)


def breaking() -> Sequence[Series]:
    """Kill the child again and again, then freeze it."""
    with running_host() as host:
        killed = [broken(host, signal.SIGKILL) for _ in range(KILLS)]
    with running_host("--hang-timeout", str(HANG_SECONDS)) as host:
        frozen = [broken(host, signal.SIGSTOP) for _ in range(FREEZES)]
    told, back = zip(*killed, strict=True)
    noticed, back_again = zip(*frozen, strict=True)
    return [
        Series(f"{KILLS} kills: until the caller is told", "ms", told),
        Series("kill: until the next caller has an answer", "ms", back),
        Series(f"frozen, limit {HANG_SECONDS} s: until the caller is told", "ms", noticed),
        Series("frozen: until the next caller has an answer", "ms", back_again),
    ]


def urgent() -> Sequence[Series]:
    """Ask while a prefetch runs, and right after somebody has left."""
    idle, preempting, after_leaving = [], [], []
    with running_host() as host:
        ask(host)
        for number in range(ROUNDS):
            idle.append(ask(host, prompt=f"{number} is", max_tokens=1))
            with stream(host, headers=PREFETCH):
                preempting.append(ask(host, prompt=f"{number} was", max_tokens=1))
            with stream(host):
                pass
            after_leaving.append(ask(host, prompt=f"{number} will be", max_tokens=1))
    return [
        Series("one token, idle", "ms", idle),
        Series("one token, while a prefetch runs", "ms", preempting, "idle", idle),
        Series("one token, after another caller left", "ms", after_leaving, "idle", idle),
    ]


async def flood(host: Host) -> tuple[Counter[tuple[int, str]], list[float], float]:
    """Ask for many streams at once while the place is taken."""
    outcomes: Counter[tuple[int, str]] = Counter()
    retries: list[float] = []
    refused = asyncio.Event()

    async def one(client: httpx2.AsyncClient, number: int) -> None:
        body = {**SHORT, "prompt": f"{number} and", "stream": True}
        async with client.stream("POST", "/v1/completions", json=body) as reply:
            last = [line async for line in reply.aiter_lines() if line][-1]
        outcomes[reply.status_code, "[DONE]" if "[DONE]" in last else "error"] += 1
        if not reply.is_success:
            retries.append(float(reply.headers["retry-after"]))
        if len(retries) == STREAMS - QUEUE:
            refused.set()

    async with httpx2.AsyncClient(
        base_url=host.address.url,
        headers=dict(host.client.headers),
        limits=httpx2.Limits(max_connections=None),
        timeout=120,
        trust_env=False,
    ) as client:
        async with client.stream("POST", "/v1/completions", json=LONG) as held:
            lines = held.aiter_lines()
            await anext(lines)
            began = time.perf_counter()
            streams = [asyncio.create_task(one(client, number)) for number in range(STREAMS)]
            await refused.wait()
            took = milliseconds_since(began)
        await asyncio.gather(*streams)
    return outcomes, retries, took


def flooding() -> Sequence[Series]:
    """More streams than the queue holds, then SIGTERM while one runs."""
    with running_host("--queue", str(QUEUE), "--engine", "ctransformers", "--grace", "60") as host:
        outcomes, retries, took = asyncio.run(flood(host))
        expected = {(200, "[DONE]"): QUEUE, (429, "error"): STREAMS - QUEUE}
        assert outcomes == expected, outcomes
        with stream(host, {**LONG, "max_tokens": 100}) as events:
            began = time.perf_counter()
            host.process.terminate()
            assert list(events)[-1] == "[DONE]"
        host.process.wait(20)
        left = milliseconds_since(began)
    return [
        Series(f"{STREAMS} streams, {QUEUE} places: until all others are refused", "ms", [took]),
        Series("their Retry-After, median", "s", retries),
        Series("SIGTERM: the running answer finished, and gone", "ms", [left]),
    ]


def resident(pid: int) -> float:
    """Mebibytes of a process's own memory; the mapped model file is not counted."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    (line,) = [line for line in lines if line.startswith("RssAnon:")]
    return int(line.split()[1]) / 1024


def remembering() -> Sequence[Series]:
    """Memory over a thousand requests."""
    parents: list[float] = []
    children: list[float] = []
    with running_host() as host:
        for number in range(REQUESTS + 1):
            if number % 100 == 0 and number:
                parents.append(resident(host.process.pid))
                children.append(resident(host.engine_pid()))
            ask(host, prompt=f"number {number} is", stream=number % 2 == 0)
    growth = parents[-1] - parents[0], children[-1] - children[0]
    assert max(growth) < GROWTH, (parents, children)
    return [
        Series(f"parent's memory over {REQUESTS} requests", "MiB", parents),
        Series("… grown since the hundredth", "MiB", [growth[0]]),
        Series(f"child's memory over {REQUESTS} requests", "MiB", children),
        Series("… grown since the hundredth", "MiB", [growth[1]]),
    ]


def main() -> None:
    """Run everything; takes a few minutes."""
    console = Console(width=None if sys.stdout.isatty() else 120)
    parts: Mapping[str, Any] = {
        "breaking": breaking,
        "urgent": urgent,
        "flooding": flooding,
        "remembering": remembering,
        "editing": editing,
        "crowding": crowding,
    }
    for name in sys.argv[1:] or parts:
        before = machine()["load_average"][0]
        rows = parts[name]()
        after = machine()["load_average"][0]
        console.print(table(f"{name} (load {before:.2f} → {after:.2f})", rows))


if __name__ == "__main__":
    main()
