"""Start-up of `procoder companion`: the API where none runs, Streamlit, and leaving in order."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from urllib.parse import urlencode

import httpx2

from procoder_companion.admission import ADMISSION_PARAMETER, ADMISSION_VARIABLE
from procoder_companion.endpoint import URL_VARIABLE
from procoder_companion.errors import StartError
from procoder_companion.streamlit_options import streamlit_flags
from procoder_protocol.api_address import ApiAddress, read_api_address

_APP = Path(__file__).with_name("app.py")
_LOOPBACK = "127.0.0.1"
_READY_SECONDS = 60.0
_LEAVE_SECONDS = 20.0
_PROBE_SECONDS = 2.0
_PAUSE_SECONDS = 0.1
_RATE = "1200/minute"
"""A page asks for several things each time it is drawn."""


@dataclass(frozen=True, slots=True)
class CompanionOptions:
    """What `procoder companion` was asked for."""

    port: int = 0
    """0 picks a free one."""
    api_url: str = ""
    """An API to ask instead of this user's own."""


def run_companion(options: CompanionOptions, announce: Callable[[str], None]) -> None:
    """Serve until told to leave; `announce` is called with the page's URL once it can be opened.

    Raises StartError with what to do.
    """
    secret = secrets.token_urlsafe()
    environment = {**os.environ, ADMISSION_VARIABLE: secret}
    if options.api_url:
        environment[URL_VARIABLE] = options.api_url
    with ExitStack() as started, _leaving():
        if not options.api_url and not _api_answers():
            started.enter_context(_api(environment))
        port = _usable_port(options.port)
        page = started.enter_context(_streamlit(port, environment))
        url = f"http://{_LOOPBACK}:{port}"
        _wait_until_ready(page, f"{url}/_stcore/health")
        announce(url if options.api_url else f"{url}/?{urlencode({ADMISSION_PARAMETER: secret})}")
        with suppress(KeyboardInterrupt):
            page.wait()


@contextmanager
def _leaving() -> Iterator[None]:
    """Let SIGTERM end this process as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _api_answers() -> bool:
    """Tell whether this user's API is there: what its file says is only a hint."""
    address = read_api_address()
    return address is not None and _is_well(f"{address.url}/healthz")


@contextmanager
def _api(environment: Mapping[str, str]) -> Iterator[None]:
    """Run an API for this user; it starts the model's host when it is first asked."""
    command = [sys.executable, "-P", "-m", "procoder_cli", "api", "--rate", _RATE]
    with _process(command, environment, stdout=subprocess.PIPE) as process:
        try:
            ApiAddress.from_json(b"" if process.stdout is None else process.stdout.readline())
        except ValueError as error:
            raise StartError(
                "The tutor's API does not start. Run `procoder api` to see why."
            ) from error
        yield


@contextmanager
def _streamlit(port: int, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    flags = streamlit_flags(_LOOPBACK, port)
    command = [sys.executable, "-P", "-m", "streamlit", "run", str(_APP), *flags]
    # Its greeting names the page, and so do we.
    with _process(command, environment, stdout=subprocess.DEVNULL) as process:
        yield process


@contextmanager
def _process(
    command: list[str], environment: Mapping[str, str], stdout: int
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process, in a session of its own: Ctrl-C reaches it through us, in order."""
    with subprocess.Popen(  # noqa: S603 - our own modules, by this interpreter
        command, env=environment, stdout=stdout, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(_LEAVE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_until_ready(process: subprocess.Popen[bytes], url: str) -> None:
    give_up = time.monotonic() + _READY_SECONDS
    while not _is_well(url):
        if process.poll() is not None or time.monotonic() > give_up:
            raise StartError("The page does not start; what Streamlit said stands above.")
        time.sleep(_PAUSE_SECONDS)  # Streamlit tells nobody that it listens; no loop runs here


def _is_well(url: str) -> bool:
    try:
        return httpx2.get(url, timeout=_PROBE_SECONDS, trust_env=False).is_success
    except httpx2.TransportError:
        return False


def _usable_port(wanted: int) -> int:
    """Return a port that nobody listens on; raises StartError where `wanted` is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_LOOPBACK, wanted))
        except OSError as error:
            raise StartError(f"Port {wanted} is taken. Name another one with --port.") from error
        port: int = probe.getsockname()[1]
        return port
