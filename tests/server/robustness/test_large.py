"""Large things do not make a server large: one file of 100 MB, many files, and the others go on.

PROCODER_FUZZ_CASES says how much is tried.
"""

import os
from pathlib import Path
from typing import Any

from server_process import ServerProcess, running_server

DOCUMENTS = min(1000, int(os.environ.get("PROCODER_FUZZ_CASES", "500")) // 5)
LARGE = 100_000_000
SMALL, HUGE = "file:///nowhere/small.py", "file:///nowhere/huge.py"
KEPT_MIB, HELD_MIB = 64, 640
"""What a server may grow by: for good after a huge file, and while it reads one or has many."""
LINE = "value = compute(1, 2, 3)  # nothing much\n"
MARKDOWN = {"textDocument": {"hover": {"contentFormat": ["markdown"]}}}


def resident(server: ServerProcess, field: str = "VmRSS") -> float:
    """Mebibytes of a server's memory, now or (VmHWM) at most so far."""
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    (line,) = [line for line in lines if line.startswith(field)]
    return int(line.split()[1]) / 1024


def insertion(uri: str, version: int) -> dict[str, Any]:
    start = {"line": 3, "character": 0}
    change = {"range": {"start": start, "end": start}, "text": "#"}
    return {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]}


async def test_a_file_of_100_megabytes_is_refused(without_model) -> None:
    async with running_server(without_model) as server:
        await server.initialize(MARKDOWN)
        server.open(SMALL, "def add(a, b):\n    return a\n")
        assert "add" in await server.hover(SMALL, 0, 5)
        before = resident(server)
        server.open(HUGE, LINE * (LARGE // len(LINE)))
        assert "more than 1,000,000 characters" in await server.hover(HUGE, 0, 2)
        for version in range(2, 20):
            server.notify("textDocument/didChange", insertion(HUGE, version))
        assert "add" in await server.hover(SMALL, 0, 5)
        assert "more than 1,000,000 characters" in await server.hover(HUGE, 0, 2)
        assert resident(server) < before + KEPT_MIB
        assert resident(server, "VmHWM") < before + HELD_MIB
        server.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": HUGE, "version": 20},
                "contentChanges": [{"text": "def sub(a, b):\n    return b\n"}],
            },
        )
        assert "sub" in await server.hover(HUGE, 0, 5)
        assert await server.leave() == 0


async def test_many_open_documents(without_model) -> None:
    uris = [f"file:///nowhere/d{number}.py" for number in range(DOCUMENTS)]
    async with running_server(without_model) as server:
        await server.initialize(MARKDOWN)
        for number, uri in enumerate(uris):
            server.open(uri, document(number))
        await server.until(lambda: set(messages_by_uri(server)) >= set(uris))
        for number, uri in enumerate(uris):
            assert f"f{number}(" in await server.hover(uri, 3, 5)
        found = messages_by_uri(server)
        assert all(f"'m{number}'" in " ".join(found[uri]) for number, uri in enumerate(uris))
        assert {len(found[uri]) for uri in uris} == {1}
        assert resident(server, "VmHWM") < HELD_MIB
        assert await server.leave() == 0


def document(number: int) -> str:
    """A document that is like no other, of some 150 lines."""
    first = f"import m{number}\n\n\ndef f{number}(a):\n    return a\n"
    others = (f"\n\ndef g{n}(a, b):\n    c = a + b\n    return c\n" for n in range(30))
    return first + "".join(others)


def messages_by_uri(server: ServerProcess) -> dict[str, list[str]]:
    """Return the latest diagnostics of each document."""
    return {
        message["params"]["uri"]: [item["message"] for item in message["params"]["diagnostics"]]
        for message in server.messages
        if message["method"] == "textDocument/publishDiagnostics"
    }
