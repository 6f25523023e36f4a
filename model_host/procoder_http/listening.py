"""A socket, a token and the signals that end a service: what is there before any framework."""

import asyncio
import contextlib
import errno
import ipaddress
import os
import secrets
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

from procoder_http.errors import StartupError
from procoder_protocol.discovery import runtime_dir, write_private

_TOKEN_BYTES = 32
_IPV4 = 4


@contextlib.contextmanager
def listen(host: str, port: int) -> Iterator[socket.socket]:
    """Bind before anything slow happens; raises StartupError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, place = found[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise StartupError(f"cannot listen on {host}: {error}") from error
    with listener:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(place)
            listener.listen()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise StartupError(
                    f"port {port} on {host} is in use. "
                    "Choose another with --port, or --port 0 for a free one"
                ) from error
            raise StartupError(f"cannot listen on {host} port {port}: {error.strerror}") from error
        yield listener


@contextlib.contextmanager
def leaving_on_signals() -> Iterator[asyncio.Event]:
    """Yield an event that SIGINT and SIGTERM set, from the first moment there is a trace."""
    loop = asyncio.get_running_loop()
    leaving = asyncio.Event()
    previous = {
        number: signal.signal(number, lambda *_: loop.call_soon_threadsafe(leaving.set))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield leaving
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def token_file(given: Path | None) -> Iterator[Path]:
    """Yield the token's file; one made here is removed in the end."""
    path = given or runtime_dir() / f"token-{os.getpid()}"
    if given is not None and path.exists():
        if not path.read_text(encoding="utf-8").strip():
            raise StartupError(f"the token file {path} is empty. Put a secret into it")
        yield path.resolve()
        return
    write_private(path, secrets.token_urlsafe(_TOKEN_BYTES) + "\n")
    try:
        yield path.resolve()
    finally:
        path.unlink(missing_ok=True)


def url_of(listener: socket.socket, scheme: str) -> str:
    """Return the URL by which this machine reaches a socket that listens."""
    host, port = listener.getsockname()[:2]
    address = ipaddress.ip_address(host)
    if address.is_unspecified:
        address = ipaddress.ip_address("127.0.0.1" if address.version == _IPV4 else "::1")
    name = str(address) if address.version == _IPV4 else f"[{address}]"
    return f"{scheme}://{name}:{port}"


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
