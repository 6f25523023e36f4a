"""Start-up of `procoder host`: socket, token, child, HTTP server, and leaving without a trace.

The HTTP framework is imported while the child loads the model: each takes most of a second.
"""

import asyncio
import contextlib
import errno
import ipaddress
import os
import secrets
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from procoder_model_host.errors import EngineFailedError, ModelNotFoundError, StartupError
from procoder_model_host.messages import Load, Loaded
from procoder_model_host.scheduling.engine_process import HANG_SECONDS, EngineProcess
from procoder_model_host.scheduling.scheduler import MAX_QUEUED, Scheduler
from procoder_model_host.scheduling.switching import DRAIN_GRACE, ModelSwitch, Serving
from procoder_model_host.served import ServedModel, find_model, with_adapter
from procoder_model_host.shared import SharedHost
from procoder_model_host.store.store import ModelStore
from procoder_model_host.web.http_options import HttpOptions
from procoder_model_host.web.keys import Keyring
from procoder_protocol.discovery import HostAddress, runtime_dir, write_private

DEFAULT_WINDOW = 2048
"""Tokens: the KV cache costs memory by the token, and a prompt costs time by the token."""
_TOKEN_BYTES = 32
_IPV4 = 4


@dataclass(frozen=True, slots=True)
class HostOptions:
    """What `procoder host` was asked for."""

    model: str
    host: str = "127.0.0.1"
    port: int = 0
    context: int | None = None
    """Tokens; None takes DEFAULT_WINDOW; a model's own window may be smaller."""
    threads: int | None = None
    """None leaves one processor to the rest of the machine."""
    idle_timeout: float | None = None
    """Seconds without a request after which the host leaves."""
    shared: bool = False
    token_file: Path | None = None
    engine: str = "auto"
    adapter: Path | None = None
    """Folder of a LoRA adapter for the model."""
    http: HttpOptions = field(default_factory=HttpOptions)
    parallel: int | None = None
    """Requests of one priority to work on at the same time, for engines that can."""
    niceness: int = 5
    """Of 19: how far the engine child gives way to the rest of the machine."""
    queue: int = MAX_QUEUED
    """Requests that may wait; more are refused."""
    hang_timeout: float = HANG_SECONDS
    """Seconds of silence after which a busy engine child is killed and restarted."""
    grace: float = DRAIN_GRACE
    """Seconds that running answers get to finish when the host is told to leave."""


def run_host(options: HostOptions, announce: Callable[[HostAddress], None]) -> None:
    """Serve until told to leave.

    `announce` is called once, with this host's address when it is ready, or with the address of
    the shared host that already runs. Raises ModelHostError with what to do.
    """
    if not options.shared:
        asyncio.run(_serve(options, announce, None))
        return
    shared = SharedHost(runtime_dir())
    running = shared.acquire()
    if running is not None:
        announce(running)
        return
    try:
        asyncio.run(_serve(options, announce, shared))
    finally:
        shared.release()


def default_threads() -> int:
    """One thread fewer than processors: with all of them, decoding stalls beside any other load."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max((available or 1) - 1, 1)


async def _serve(
    options: HostOptions, announce: Callable[[HostAddress], None], shared: SharedHost | None
) -> None:
    loopback = _is_loopback(options.host)
    options.http.check(loopback=loopback)
    store = ModelStore()
    serving = _find(options.model, options, store)
    with (
        _leaving_on_signals() as leaving,
        listen(options.host, options.port) as listener,
        _token_file(options) as token_file,
    ):
        address = HostAddress(
            url=_url(listener, options.http.scheme),
            token_file=str(token_file),
            model=serving.model.id,
            engine=options.engine,
            pid=os.getpid(),
            version=version("procoder"),
        )

        def on_ready(loaded: Loaded) -> None:
            ready = replace(address, engine=loaded.engine)
            if shared is not None:
                shared.publish(ready)
            announce(ready)

        def on_switched(model: ServedModel, loaded: Loaded) -> None:
            if shared is not None and not leaving.is_set():
                shared.publish(replace(address, model=model.id, engine=loaded.engine))

        def on_leaving() -> None:
            if shared is not None:
                shared.withdraw()

        def find(name: str) -> Serving:
            if not loopback and _is_path(name):
                raise ModelNotFoundError(f"there is no model {name!r} in the catalogue")
            return _find(name, options, store)

        engine = EngineProcess(serving.load, hang_seconds=options.hang_timeout)
        engine.start()
        try:
            http = await asyncio.to_thread(import_module, "procoder_model_host.web.http_server")
            metrics = http.HostMetrics()
            scheduler = Scheduler(engine, max_queued=options.queue, observer=metrics)
            await http.serve_http(
                engine=engine,
                scheduler=scheduler,
                switch=ModelSwitch(
                    engine,
                    scheduler,
                    serving,
                    find=find,
                    grace=options.grace,
                    on_switched=on_switched,
                ),
                metrics=metrics,
                keyring=Keyring(address.read_token(), options.http.keys),
                options=options.http,
                listener=listener,
                loopback=loopback,
                idle_timeout=options.idle_timeout,
                on_ready=on_ready,
                on_leaving=on_leaving,
                leaving=leaving,
                grace=options.grace,
            )
        except EngineFailedError as error:
            raise StartupError(f"{serving.model.id} cannot be loaded: {error}") from error
        finally:
            await engine.aclose()


def _find(name: str, options: HostOptions, store: ModelStore) -> Serving:
    """Resolve a model's name and say how to load it; raises ModelHostError or OSError."""
    model = find_model(name, store)
    # It fits the model that the host was started with, and no other.
    adapter = options.adapter.resolve() if options.adapter and name == options.model else None
    if adapter is not None:
        model = with_adapter(model, adapter, store)
    load = Load(
        engine=options.engine,
        path=str(model.path),
        adapted_folder=str(store.adapted_dir),
        adapter=None if adapter is None else str(adapter),
        context_window=options.context or DEFAULT_WINDOW,
        threads=options.threads or default_threads(),
        parallel=options.parallel,
        niceness=options.niceness,
        rope_base=model.overrides.rope_base,
        context_length=model.overrides.context_length,
    )
    return Serving(model, load)


def _is_path(name: str) -> bool:
    """Tell whether a name could mean a file: only this machine's own users may name files."""
    return "/" in name or "\\" in name or Path(name).is_file()


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
def _leaving_on_signals() -> Iterator[asyncio.Event]:
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
def _token_file(options: HostOptions) -> Iterator[Path]:
    """Yield the token's file; one made here is removed in the end."""
    path = options.token_file or runtime_dir() / f"token-{os.getpid()}"
    if options.token_file is not None and path.exists():
        if not path.read_text(encoding="utf-8").strip():
            raise StartupError(f"the token file {path} is empty. Put a secret into it")
        yield path.resolve()
        return
    write_private(path, secrets.token_urlsafe(_TOKEN_BYTES) + "\n")
    try:
        yield path.resolve()
    finally:
        path.unlink(missing_ok=True)


def _url(listener: socket.socket, scheme: str) -> str:
    host, port = listener.getsockname()[:2]
    address = ipaddress.ip_address(host)
    if address.is_unspecified:
        address = ipaddress.ip_address("127.0.0.1" if address.version == _IPV4 else "::1")
    name = str(address) if address.version == _IPV4 else f"[{address}]"
    return f"{scheme}://{name}:{port}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
