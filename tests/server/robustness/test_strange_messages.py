"""A server that is sent nonsense answers what can be answered, once, and goes on; or says goodbye.

Sessions of a real process, every fifth over TCP, each made from its number. PROCODER_FUZZ_CASES
says how many messages there are in all.
"""

import os
from collections import Counter
from random import Random
from typing import Any

import pytest
from server_process import ServerProcess, running_server
from strange_messages import ENDING, Maker, Strange

from procoder_server.app import create_server

CASES = int(os.environ.get("PROCODER_FUZZ_CASES", "500"))
MESSAGES = 100
"""In a session, before, during and after its orderly part."""
EARLY = LATE = 8
INTERNAL_ERROR = -32603
SANE = "file:///nowhere/sane.py"
TEXT = "def add(a, b):\n    return a + b\n"
MARK = b"Xyzzy"


class Session:
    """What was sent to a server, and so what it owes."""

    def __init__(self, server: ServerProcess, maker: Maker) -> None:
        self.server = server
        self.owed: Counter[Any] = Counter()
        self.asked: dict[Any, str] = {}
        self._maker = maker

    async def send(self, count: int) -> None:
        """Send so many strange messages."""
        for _ in range(count):
            self._owe(message := self._maker.next())
            self.server.write(message.frame)
            await self.server.drain()

    def _owe(self, message: Strange) -> None:
        if message.expected is not None:
            self.owed[message.expected.identity] += 1
            self.asked[message.expected.identity] = message.name

    def missing(self) -> dict[str, int]:
        """Return which answers have not come."""
        owed = self.owed - self.server.answers
        return {self.asked[identity]: count for identity, count in owed.items()}

    async def settle(self) -> None:
        """Wait until everything is answered."""
        try:
            await self.server.until(lambda: not self.missing())
        except TimeoutError:
            pytest.fail(f"unanswered: {self.missing()}")

    def check(self) -> None:
        """Fail for what was answered twice, or with an error that nobody expected."""
        own = {identity for identity in self.server.answers if str(identity).startswith("own-")}
        surplus = self.server.answers - self.owed
        assert {identity for identity in surplus if identity not in own} == set()
        assert {surplus[identity] for identity in own} <= {1}
        unexpected = {
            self.asked.get(identity, str(identity)): response
            for identity, response in self.server.responses.items()
            if response.get("error", {}).get("code") == INTERNAL_ERROR
        }
        assert unexpected == {}, self.server.errors.decode(errors="replace")[-2000:]


@pytest.fixture(scope="module")
def maker_parts() -> tuple[list[str], list[str]]:
    """Methods and commands that are served."""
    features = create_server().protocol.fm
    methods = {*features.features, *features.builtin_features, "textDocument/inlineCompletion"}
    return sorted(methods - ENDING), sorted(features.commands)


@pytest.mark.parametrize("number", range(max(2, CASES // MESSAGES)))
async def test_sessions(number, maker_parts, without_model) -> None:
    methods, commands = maker_parts
    maker = Maker(number, methods, commands)
    flags = ("--log-level", "debug")
    async with running_server(without_model, *flags, socket=number % 5 == 1) as server:
        replies = Random(number)
        server.respond = lambda _: reply(replies)
        session = Session(server, maker)
        await session.send(EARLY)
        await server.initialize(capabilities(number))
        server.open(SANE, TEXT)
        await session.send(MESSAGES - EARLY - LATE)
        await server.execute("toggle", on=True)
        assert "add" in await server.hover(SANE, 0, 5)
        await session.settle()
        if number % 2:
            server.write(maker.last().frame)
            server.hang_up()
            code = await server.wait()
        else:
            await server.request("shutdown")
            await session.send(LATE)
            await session.settle()
            server.notify("exit", None)
            code = await server.wait()
        session.check()
        assert code == number % 2
        assert MARK not in server.errors
        assert b"Traceback" not in server.errors


def capabilities(number: int) -> dict[str, Any]:
    """Return what a client can do: nothing, or much."""
    if number % 3 == 0:
        return {}
    everything = {"contentFormat": ["markdown"], "codeActionLiteralSupport": {}}
    return {
        "general": {"positionEncodings": [["utf-8", "utf-16", "utf-32"][number % 3]]},
        "window": {"workDoneProgress": True, "showDocument": {"support": True}},
        "workspace": {
            "configuration": True,
            "applyEdit": True,
            "workspaceEdit": {"documentChanges": True, "changeAnnotationSupport": {}},
            "codeLens": {"refreshSupport": True},
            "didChangeConfiguration": {"dynamicRegistration": True},
        },
        "textDocument": {"hover": everything, "inlineCompletion": {}, "codeAction": {}},
    }


def reply(random: Random) -> dict[str, Any]:
    """Answer a request of the server, well or badly."""
    return random.choice(
        [
            {"result": None},
            {"result": []},
            {"result": [{}]},
            {"result": {"applied": True}},
            {"result": 3},
            {"error": {"code": -32601, "message": "Unheard of"}},
            {"error": "Xyzzy"},
            {"result": {"title": "Xyzzy"}},
        ]
    )
