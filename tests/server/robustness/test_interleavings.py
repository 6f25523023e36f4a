"""Every request is answered exactly once, in whatever order things happen, also when cancelled.

PROCODER_FUZZ_CASES says how many orders are tried.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from random import Random
from typing import Any

import pytest

from procoder_tutor.infilling.gap import Gap, Suggestion

ORDERS = int(os.environ.get("PROCODER_FUZZ_CASES", "500")) // 10
STEPS = 60
URIS = ("file:///nowhere/bank.py", "file:///nowhere/never%20opened.py")
TEXT = "import os\n\ndef add(a, b):\n    return a + b\n\nclass C:\n    x = missing\n"
CANCELLED, FAILED, INVALID = -32800, -32803, -32602
TOKEN = "one for all"
COMMANDS = (
    "chat",
    "explain",
    "explainParts",
    "explainError",
    "hint",
    "fix",
    "document",
    "tests",
    "status",
    "showSent",
    "stop",
    "toggle",
    "newConversation",
)
CAPABILITIES = {
    "window": {"workDoneProgress": True},
    "workspace": {"applyEdit": True},
    "textDocument": {"inlineCompletion": {}},
}
SETTINGS = {"inline_completion": {"enabled": True, "debounce_ms": 1}}


class Interleaving:
    """A client that does things without waiting for what comes of them."""

    def __init__(self, client: Any, tutor: Any, seed: int) -> None:
        self.begun: list[int] = []
        self._client = client
        self._tutor = tutor
        self._random = Random(seed)
        self._version = 1
        self._steps = (
            self.ask,
            self.ask,
            self.run,
            self.cancel,
            self.cancel,
            self.change,
            self.close,
            self.open,
            self.cancel_progress,
            self.hold,
        )

    async def step(self) -> None:
        """Do something, and let the server do a little or nothing."""
        self._random.choice(self._steps)()
        for _ in range(self._random.choice([0, 0, 1, 2, 10])):
            await asyncio.sleep(0)
        if self._random.random() < 0.1:
            await asyncio.to_thread(int)

    def ask(self) -> None:
        method = self._random.choice(
            ["hover", "codeAction", "codeLens", "inlineCompletion", "documentHighlight"]
        )
        place = {"line": self._random.randrange(9), "character": self._random.randrange(12)}
        params = {
            "textDocument": {"uri": self._uri()},
            "position": place,
            "range": {"start": place, "end": place},
            "context": {"triggerKind": 1, "diagnostics": []},
        }
        self.begun.append(self._client.begin(f"textDocument/{method}", params))

    def run(self) -> None:
        command = self._random.choice(COMMANDS)
        argument = {"uri": self._uri(), "line": self._random.randrange(9), "text": "why?"}
        wanted = {"chat": 3, "status": 0, "stop": 0, "toggle": 0, "newConversation": 1}
        names = list(argument)[: wanted.get(command, 2)]
        params: dict[str, Any] = {"command": f"procoder.{command}"}
        params["arguments"] = [{name: argument[name] for name in names}]
        if self._random.random() < 0.3:
            params["workDoneToken"] = TOKEN
        self.begun.append(self._client.begin("workspace/executeCommand", params))

    def cancel(self) -> None:
        """Cancel a request that is under way, was answered, or never came."""
        identity = self._random.choice([*self.begun[-10:], 10_000])
        self._client.notify("$/cancelRequest", {"id": identity})

    def cancel_progress(self) -> None:
        self._client.notify("window/workDoneProgress/cancel", {"token": TOKEN})

    def change(self) -> None:
        self._version += 1
        self._client.change(f"# {self._version}\n" * (self._version % 3) + TEXT, self._version)

    def open(self) -> None:
        self._client.open(TEXT)

    def close(self) -> None:
        self._client.notify("textDocument/didClose", {"textDocument": {"uri": URIS[0]}})

    def hold(self) -> None:
        """Have the model take its time, or not."""
        self._tutor.hold = not self._tutor.hold

    def _uri(self) -> str:
        return self._random.choices(URIS, (9, 1))[0]


async def infill(gap: Gap) -> AsyncIterator[str | Suggestion]:
    yield "1"
    yield Suggestion("1")


def is_request(message: dict[str, Any]) -> bool:
    return "method" in message and "id" in message


async def answer_the_server(client: Any) -> None:
    """Answer every request of the server with nothing."""
    answered: set[str] = set()
    while True:
        with suppress(TimeoutError):
            asked = await client.until(lambda m: is_request(m) and m["id"] not in answered)
            answered.add(asked["id"])
            client.send({"id": asked["id"], "result": None})


@pytest.mark.parametrize("seed", range(ORDERS))
async def test_each_request_is_answered_once(seed, client, tutor, monkeypatch) -> None:
    monkeypatch.setattr(tutor, "infill", infill, raising=False)
    await client.start(CAPABILITIES, options=SETTINGS)
    client.open(TEXT)
    order = Interleaving(client, tutor, seed)
    async with asyncio.TaskGroup() as group:
        answering = group.create_task(answer_the_server(client))
        for _ in range(STEPS):
            await order.step()
        tutor.hold = False
        order.begun.append(client.begin("workspace/executeCommand", {"command": "procoder.stop"}))
        answers = [await client.answer(identity) for identity in order.begun]
        answering.cancel()
    codes = {answer["error"]["code"] for answer in answers if "error" in answer}
    assert codes <= {CANCELLED, FAILED, INVALID}
    await client.request("shutdown")
    assert [client.answers(identity) for identity in order.begun] == [1] * len(order.begun)
