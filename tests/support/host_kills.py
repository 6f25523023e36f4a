"""Kill the model host while language servers are at work with it, and see what clients see."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from host_process import HostProcess
from server_process import ServerProcess

CAPABILITIES = {"textDocument": {"hover": {"contentFormat": ["markdown"]}}}
REQUEST_FAILED = -32803
_WRITING = "Writing the explanation"


@dataclass(frozen=True, slots=True)
class Kill:
    """What followed when a host was killed."""

    during: str
    """`hover` or `explanation`."""
    told: float
    """Seconds until the client had an error."""
    back: float
    """Seconds until the client had its next explanation."""


async def kills(
    owner: ServerProcess, guest: ServerProcess, host: HostProcess, count: int
) -> AsyncIterator[Kill]:
    """Kill the host again and again, in the middle of an explanation and of a hover in turn.

    Both servers are initialized with CAPABILITIES. `owner` starts hosts. `guest` does not, so that
    it is told at once: a server that may start one asks the next host for what was not begun.
    Raises AssertionError when `guest` is not told, or gets no explanation afterwards.
    """
    for number in range(count):
        uri = f"file:///nowhere/round{number}.py"
        for server in (owner, guest):
            server.open(uri, document(number))
        await explained(owner, uri, f"warm{number}")
        during = (_during_explanation, _during_hover)[number % 2]
        began = await during(guest, host, uri, number)
        told = time.perf_counter() - began
        await explained(owner, uri, f"after{number}")
        await explained(guest, uri, f"last{number}")
        yield Kill(during.__name__.rpartition("_")[2], told, time.perf_counter() - began)


def document(number: int) -> str:
    """Functions that nobody has asked about before."""
    return "".join(
        f"def {name}{number}(values):\n    return [value + {number} for value in values]\n\n\n"
        for name in ("killed", "warm", "after", "last")
    )


async def explained(server: ServerProcess, uri: str, symbol: str) -> None:
    """Have a function explained."""
    response = await server.execute("explain", uri=uri, symbol=symbol)
    assert response.get("result", {}).get("symbol") == symbol, response


async def _during_explanation(
    server: ServerProcess, host: HostProcess, uri: str, number: int
) -> float:
    token = f"round {number}"
    argument = {"uri": uri, "symbol": f"killed{number}"}
    asked = server.begin(
        "workspace/executeCommand",
        {"command": "procoder.explain", "arguments": [argument], "workDoneToken": token},
    )
    await server.until(lambda: any(_belongs(message, token) for message in server.messages))
    began = _killed(host)
    response = await server.answer(asked)
    assert response.get("error", {}).get("code") == REQUEST_FAILED, response
    assert "host" in response["error"]["message"]
    return began


async def _during_hover(server: ServerProcess, host: HostProcess, uri: str, number: int) -> float:
    assert _WRITING in await server.hover(uri, 0, 5)
    began = _killed(host)
    while _WRITING in (text := await server.hover(uri, 0, 5)):
        pass
    assert "host" in text
    return began


def _killed(host: HostProcess) -> float:
    host.freeze()
    host.kill()
    return time.perf_counter()


def _belongs(message: dict[str, Any], token: str) -> bool:
    return message["method"] == "$/progress" and message["params"]["token"] == token
