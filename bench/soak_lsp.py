"""A language server under abuse, at length: the parts of `make soak` that editors would feel.

Needs `tests/support` on the path. What must hold is asserted; what it took is returned.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from host_kills import CAPABILITIES, Kill, kills
from host_process import HostProcess
from server_process import ServerProcess, running_server

from bench.measure import Series

KILLS, DOCUMENTS, ROUNDS = 50, 1000, 3
LARGE = 100_000_000
LINE = "value = compute(1, 2, 3)  # nothing much\n"
SMALL, HUGE = "file:///nowhere/small.py", "file:///nowhere/huge.py"


@contextmanager
def environment(**changes: str) -> Iterator[dict[str, str]]:
    """Folders of this run alone, but the model that there is."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield {
            **os.environ,
            "PROCODER_MODEL": "smollm2-135m",
            "PROCODER_RUNTIME_DIR": f"{folder}/runtime",
            "PROCODER_CACHE_PATH": f"{folder}/explanations.sqlite3",
            "PROCODER_CONVERSATIONS_PATH": f"{folder}/conversations.sqlite3",
            **changes,
        }


def editing() -> Sequence[Series]:
    """Kill the host in the middle of explanations and hovers."""
    seen = asyncio.run(_kills())
    rows = []
    for during in ("explanation", "hover"):
        told = [kill.told * 1000 for kill in seen if kill.during == during]
        rows.append(Series(f"host killed during {during}: until the client is told", "ms", told))
    back = [kill.back * 1000 for kill in seen]
    return [*rows, Series("… until the next explanation, by a new host", "ms", back)]


def crowding() -> Sequence[Series]:
    """Open a file of 100 MB, then a thousand files."""
    with environment(PROCODER_HOST_START="false") as variables:
        return [*asyncio.run(_huge(variables)), *asyncio.run(_many(variables))]


async def _kills() -> list[Kill]:
    with environment() as variables:
        host = HostProcess(Path(variables["PROCODER_RUNTIME_DIR"]))
        no_start = {**variables, "PROCODER_HOST_START": "false"}
        async with running_server(variables) as owner, running_server(no_start) as guest:
            await owner.initialize(CAPABILITIES)
            await guest.initialize(CAPABILITIES)
            seen = [kill async for kill in kills(owner, guest, host, KILLS)]
            assert [await owner.leave(), await guest.leave()] == [0, 0]
        host.freeze()
        host.kill()
    return seen


async def _huge(variables: Mapping[str, str]) -> Sequence[Series]:
    refused, others, peaks, kept = [], [], [], []
    for _ in range(ROUNDS):
        async with running_server(variables) as server:
            await server.initialize(CAPABILITIES)
            server.open(SMALL, "def add(a, b):\n    return a\n")
            await server.hover(SMALL, 0, 5)
            before = memory(server, "VmRSS")
            server.open(HUGE, LINE * (LARGE // len(LINE)))
            await server.drain()
            began = time.perf_counter()
            assert "more than" in await server.hover(HUGE, 0, 2)
            refused.append((time.perf_counter() - began) * 1000)
            began = time.perf_counter()
            assert "add" in await server.hover(SMALL, 0, 5)
            others.append((time.perf_counter() - began) * 1000)
            peaks.append(memory(server, "VmHWM") - before)
            kept.append(memory(server, "VmRSS") - before)
            assert await server.leave() == 0
    return [
        Series("100 MB: from its last bytes to its refusal", "ms", refused),
        Series("… then a hover in another file", "ms", others),
        Series("… memory taken at most", "MiB", peaks),
        Series("… memory kept", "MiB", kept),
    ]


async def _many(variables: Mapping[str, str]) -> Sequence[Series]:
    uris = [f"file:///nowhere/d{number}.py" for number in range(DOCUMENTS)]
    hovers = []
    async with running_server(variables) as server:
        await server.initialize(CAPABILITIES)
        began = time.perf_counter()
        for number, uri in enumerate(uris):
            server.open(
                uri, f"import m{number}\n\n\ndef f{number}(a):\n    return a\n" + LINE * 200
            )
        await server.until(lambda: len(diagnosed(server)) == DOCUMENTS)
        opened = (time.perf_counter() - began) * 1000
        for number, uri in enumerate(uris):
            began = time.perf_counter()
            assert f"f{number}(" in await server.hover(uri, 3, 5)
            hovers.append((time.perf_counter() - began) * 1000)
        peak = memory(server, "VmHWM")
        assert await server.leave() == 0
    return [
        Series(f"{DOCUMENTS} documents: until all have their diagnostics", "ms", [opened]),
        Series("… a hover in each", "ms", hovers),
        Series("… memory in all, at most", "MiB", [peak]),
    ]


def diagnosed(server: ServerProcess) -> set[str]:
    """Return which documents have had their diagnostics."""
    return {
        message["params"]["uri"]
        for message in server.messages
        if message["method"] == "textDocument/publishDiagnostics"
    }


def memory(server: ServerProcess, field: str) -> float:
    """Mebibytes, by the name that the kernel gives them."""
    lines = Path(f"/proc/{server.process.pid}/status").read_text(encoding="utf-8").splitlines()
    (line,) = [line for line in lines if line.startswith(field)]
    return int(line.split()[1]) / 1024
