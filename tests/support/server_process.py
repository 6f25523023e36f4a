"""The real `procoder lsp` in a process of its own, spoken to by messages or by bytes."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Self

from procoder_server.framing import FrameDecoder, encode_frame
from procoder_server.parts import READING

COMMAND = (sys.executable, "-P", "-m", "procoder_cli", "lsp")
PATIENCE = 120.0
"""Seconds after which waiting is given up, on a machine busy with other things."""
_CHUNK = 1 << 16


class ServerProcess:
    """A server process, what it said, and how often it answered what."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.process = process
        self._reader = reader
        self._writer = writer
        self.messages: list[dict[str, Any]] = []
        """All but responses."""
        self.responses: dict[Any, dict[str, Any]] = {}
        """The latest by id."""
        self.answers: Counter[Any] = Counter()
        """How many responses there were, by id."""
        self.respond: Callable[[dict[str, Any]], dict[str, Any]] = lambda _: {"result": None}
        """Says what a request of the server is answered with: a result or an error."""
        self.errors = b""
        self._changed = asyncio.Condition()
        self._ended = False
        self._last_id = 0
        self._tasks = (
            asyncio.create_task(self._read_messages()),
            asyncio.create_task(self._read_errors()),
        )

    @classmethod
    async def start(cls, environment: Mapping[str, str], *flags: str) -> Self:
        """Start a server and speak with it over its standard streams."""
        process = await _started(environment, *flags)
        assert process.stdin is not None
        assert process.stdout is not None
        return cls(process, process.stdout, process.stdin)

    @classmethod
    async def start_on_socket(cls, environment: Mapping[str, str], *flags: str) -> Self:
        """Listen for a server, and start one that connects."""
        connected: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        listener = await asyncio.start_server(
            lambda *streams: connected.set_result(streams), "127.0.0.1", 0
        )
        port = listener.sockets[0].getsockname()[1]
        process = await _started(environment, "--socket", str(port), *flags)
        async with asyncio.timeout(PATIENCE):
            reader, writer = await connected
        listener.close()
        return cls(process, reader, writer)

    async def initialize(self, capabilities: Any = None, options: Any = None) -> None:
        """Begin the session."""
        parameters = {
            "processId": None,
            "rootUri": None,
            "capabilities": capabilities or {},
            "initializationOptions": options,
        }
        await self.request("initialize", parameters)
        self.notify("initialized", {})

    def write(self, data: bytes) -> None:
        """Send bytes, whatever they are."""
        self._writer.write(data)

    async def drain(self) -> None:
        """Wait until the server has taken what was sent."""
        await self._writer.drain()

    def hang_up(self) -> None:
        """Send nothing any more."""
        if self._writer.can_write_eof():
            self._writer.write_eof()

    def notify(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def begin(self, method: str, params: Any = None) -> str:
        """Send a request; returns its id."""
        self._last_id += 1
        identity = f"own-{self._last_id}"
        self._send({"id": identity, "method": method, "params": params})
        return identity

    async def answer(self, identity: str) -> dict[str, Any]:
        """Wait for the response to a request."""
        await self.until(lambda: identity in self.responses)
        return self.responses[identity]

    async def request(self, method: str, params: Any = None) -> dict[str, Any]:
        """Send a request and wait for its response."""
        return await self.answer(self.begin(method, params))

    async def execute(self, command: str, **argument: Any) -> dict[str, Any]:
        """Run a command and wait for its response."""
        parameters = {"command": f"procoder.{command}", "arguments": [argument]}
        return await self.request("workspace/executeCommand", parameters)

    def open(self, uri: str, text: str) -> None:
        """Open a document."""
        item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    async def hover(self, uri: str, line: int, character: int) -> str:
        """Return what a hover says, once the server has read the file."""
        place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
        while True:
            response = await self.request("textDocument/hover", place)
            contents = (response["result"] or {}).get("contents", {})
            if (text := str(contents.get("value", ""))) != READING:
                return text

    async def until(self, reached: Callable[[], Any]) -> None:
        """Wait for messages until something holds; raises EOFError when the server has ended."""
        async with asyncio.timeout(PATIENCE), self._changed:
            while not reached():
                if self._ended:
                    raise EOFError(self.errors.decode(errors="replace"))
                await self._changed.wait()

    async def leave(self) -> int:
        """End the session in order; returns the exit code."""
        await self.request("shutdown")
        self.notify("exit", None)
        return await self.wait()

    async def wait(self) -> int:
        """Wait for the end of the process; returns the exit code."""
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*self._tasks)
            self._writer.close()
            return await self.process.wait()

    async def end(self) -> None:
        """Leave no process behind."""
        if self.process.returncode is None:
            self.process.kill()
        await self.wait()

    def _send(self, message: dict[str, Any]) -> None:
        self.write(encode_frame(json.dumps({"jsonrpc": "2.0", **message}).encode()))

    async def _read_messages(self) -> None:
        decoder = FrameDecoder()
        while chunk := await self._reader.read(_CHUNK):
            for body in decoder.feed(chunk):
                assert isinstance(body, bytes)
                self._take(json.loads(body))
            async with self._changed:
                self._changed.notify_all()
        self._ended = True
        async with self._changed:
            self._changed.notify_all()

    def _take(self, message: dict[str, Any]) -> None:
        if "method" not in message:
            identity = message.get("id")
            self.responses[identity] = message
            self.answers[identity] += 1
            return
        self.messages.append(message)
        if "id" in message:
            self._send({"id": message["id"], **self.respond(message)})

    async def _read_errors(self) -> None:
        assert self.process.stderr is not None
        while chunk := await self.process.stderr.read(_CHUNK):
            self.errors += chunk


async def _started(environment: Mapping[str, str], *flags: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        *COMMAND, *flags, stdin=pipe, stdout=pipe, stderr=pipe, env=dict(environment)
    )


@asynccontextmanager
async def running_server(
    environment: Mapping[str, str], *flags: str, socket: bool = False
) -> AsyncIterator[ServerProcess]:
    """A server that is gone in the end, however that comes."""
    start = ServerProcess.start_on_socket if socket else ServerProcess.start
    server = await start(environment, *flags)
    try:
        yield server
    finally:
        await server.end()
