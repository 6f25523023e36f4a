"""Serves one client over standard input and output, or over a socket that the client listens on.

The standard streams are taken away from the rest of the process first: a stray `print`, here or in
a child process, goes to stderr and cannot corrupt the protocol.
"""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any

from procoder_server.framing import FrameDecoder, FramingError, Skipped
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


def serve_stdio(server: ProcoderServer) -> int:
    """Serve until `exit` or the end of input; returns the process's exit code."""
    source, sink = _claim(0, os.O_RDONLY), _claim(1, os.O_WRONLY)
    return asyncio.run(serve(server, source, sink))


def serve_socket(server: ProcoderServer, port: int) -> int:
    """Connect to a client on this machine and serve it until it leaves; returns the exit code.

    Raises OSError when nobody listens. The server itself never listens: whoever reached it could
    read what its user can.
    """
    with socket.create_connection((LOOPBACK, port)) as connection:
        source, sink = os.dup(connection.fileno()), connection.detach()
    return asyncio.run(serve(server, source, sink))


async def serve(server: ProcoderServer, source: int, sink: int) -> int:
    """Serve a client over two file descriptors; returns the process's exit code.

    0 after `shutdown` and `exit` or a clean end of input; 1 after `exit` without `shutdown` or an
    unreadable stream; 128 + n after signal n.
    """
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_log_failure)
    ended: asyncio.Future[int] = loop.create_future()
    server.protocol.set_writer(FileWriter(sink))

    def end(code: int) -> None:
        if not ended.done():
            ended.set_result(code)

    def handle(message: bytes | Skipped) -> None:
        if ended.done():
            return
        if isinstance(message, Skipped):
            server.protocol.refuse_size(message.size)
        else:
            server.protocol.receive(message)
        if server.protocol.exit_code is not None:
            end(server.protocol.exit_code)

    for number in _SIGNALS:
        with contextlib.suppress(NotImplementedError, RuntimeError):
            loop.add_signal_handler(number, end, 128 + number)
    _start_reader(loop, source, handle, end)
    code = await ended
    await server.aclose()
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
