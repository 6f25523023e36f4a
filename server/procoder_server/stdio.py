"""Serves one client over standard input and output, or over a socket that the client listens on.

The standard streams are taken away from the rest of the process first: a stray `print`, here or in
a child process, goes to stderr and cannot corrupt the protocol.

The server is made when the first message is there and, if that asks for `initialize`, answered.
"""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from procoder_server.announcing import announcement
from procoder_server.framing import FrameDecoder, FramingError, Skipped

if TYPE_CHECKING:
    from procoder_server.server import ProcoderServer

logger = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
EXIT_CLEAN = 0
EXIT_UNREADABLE = 1
_CHUNK = 1 << 16
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class FileWriter:
    """pygls's writer interface over a file descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def write(self, data: bytes) -> None:
        """Write everything; a client that is gone is noticed by the reader."""
        view = memoryview(data)
        with contextlib.suppress(ConnectionError):
            while view:
                view = view[os.write(self._descriptor, view) :]

    def close(self) -> None:
        """Close the descriptor."""
        os.close(self._descriptor)


class Connection:
    """One client's messages, and the server that is made for the first of them."""

    def __init__(self, create: "Callable[[], ProcoderServer]", sink: int) -> None:
        self._create = create
        self._writer = FileWriter(sink)
        self._server: ProcoderServer | None = None

    def receive(self, message: bytes | Skipped) -> int | None:
        """Have a message handled; returns the process's exit code if that is the end."""
        if isinstance(message, Skipped):
            server = self._server = self._server or self._made()
            server.protocol.refuse_size(message.size)
        elif self._server is None:
            server = self._server = self._begin(message)
        else:
            server = self._server
            server.protocol.receive(message)
        return server.protocol.exit_code

    async def aclose(self) -> None:
        """Stop the server."""
        if self._server is not None:
            await self._server.aclose()

    def _begin(self, body: bytes) -> "ProcoderServer":
        """Answer `initialize`, then make the server; its own answer to that is left out."""
        announced = announcement(body)
        if announced is not None:
            self._writer.write(announced)
        server = self._made()
        if announced is not None:
            server.protocol.set_writer(AllButFirst(self._writer))
        server.protocol.receive(body)
        server.protocol.set_writer(self._writer)
        return server

    def _made(self) -> "ProcoderServer":
        server = self._create()
        server.protocol.set_writer(self._writer)
        return server


class AllButFirst:
    """Passes on to another writer all but the first message."""

    def __init__(self, writer: FileWriter) -> None:
        self._writer = writer
        self._begun = False

    def write(self, data: bytes) -> None:
        """Write a message, unless it is the first."""
        if self._begun:
            self._writer.write(data)
        self._begun = True

    def close(self) -> None:
        """Close the other writer."""
        self._writer.close()


def serve_stdio(create: "Callable[[], ProcoderServer]") -> int:
    """Serve until `exit` or the end of input; returns the process's exit code."""
    source, sink = _claim(0, os.O_RDONLY), _claim(1, os.O_WRONLY)
    return asyncio.run(serve(create, source, sink))


def serve_socket(create: "Callable[[], ProcoderServer]", port: int) -> int:
    """Connect to a client on this machine and serve it until it leaves; returns the exit code.

    Raises OSError when nobody listens. The server itself never listens: whoever reached it could
    read what its user can.
    """
    with socket.create_connection((LOOPBACK, port)) as connection:
        source, sink = os.dup(connection.fileno()), connection.detach()
    return asyncio.run(serve(create, source, sink))


async def serve(create: "Callable[[], ProcoderServer]", source: int, sink: int) -> int:
    """Serve a client over two file descriptors; returns the process's exit code.

    0 after `shutdown` and `exit` or a clean end of input; 1 after `exit` without `shutdown` or an
    unreadable stream; 128 + n after signal n.
    """
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_log_failure)
    ended: asyncio.Future[int] = loop.create_future()
    connection = Connection(create, sink)

    def end(code: int) -> None:
        if not ended.done():
            ended.set_result(code)

    def handle(message: bytes | Skipped) -> None:
        if not ended.done() and (code := connection.receive(message)) is not None:
            end(code)

    for number in _SIGNALS:
        with contextlib.suppress(NotImplementedError, RuntimeError):
            loop.add_signal_handler(number, end, 128 + number)
    _start_reader(loop, source, handle, end)
    code = await ended
    await connection.aclose()
    return code


def _log_failure(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log where a callback failed; asyncio would quote its arguments, and so messages and code."""
    logger.error("a callback failed", exc_info=context.get("exception"))


def _start_reader(
    loop: asyncio.AbstractEventLoop,
    source: int,
    handle: Callable[[bytes | Skipped], None],
    end: Callable[[int], None],
) -> None:
    """Read in a daemon thread: a blocked read must never keep the process alive."""

    def call(function: Callable[..., None], argument: bytes | Skipped | int) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
            loop.call_soon_threadsafe(function, argument)

    def read() -> None:
        decoder = FrameDecoder()
        try:
            while chunk := os.read(source, _CHUNK):
                for message in decoder.feed(chunk):
                    call(handle, message)
        except FramingError as error:
            logger.error("the input is unreadable: %s", error)
            call(end, EXIT_UNREADABLE)
            return
        except OSError:
            logger.warning("the input cannot be read", exc_info=True)
        call(end, EXIT_UNREADABLE if decoder.pending else EXIT_CLEAN)

    threading.Thread(target=read, name="procoder-stdin", daemon=True).start()


def _claim(descriptor: int, mode: int) -> int:
    """Take over a standard descriptor and leave a harmless one in its place."""
    own = os.dup(descriptor)
    harmless = os.open(os.devnull, mode) if descriptor == 0 else os.dup(2)
    os.dup2(harmless, descriptor)
    os.close(harmless)
    return own
