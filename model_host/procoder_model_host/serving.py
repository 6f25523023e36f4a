"""Start-up of `procoder host`: socket, token, child, HTTP server, and leaving without a trace.

The HTTP framework is imported while the child loads the model: each takes most of a second.
"""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from procoder_http.errors import StartupError
from procoder_http.http_options import HttpOptions
from procoder_http.keys import Keyring
from procoder_http.listening import is_loopback, leaving_on_signals, listen, token_file, url_of
from procoder_model_host.errors import EngineFailedError, ModelNotFoundError
from procoder_model_host.messages import Load, Loaded
from procoder_model_host.scheduling.engine_process import HANG_SECONDS, EngineProcess
from procoder_model_host.scheduling.scheduler import MAX_QUEUED, Scheduler
from procoder_model_host.scheduling.switching import DRAIN_GRACE, ModelSwitch, Serving
from procoder_model_host.served import ServedModel, find_model, with_adapter
from procoder_model_host.shared import SharedHost
from procoder_model_host.store.store import ModelStore
from procoder_protocol.discovery import HostAddress, runtime_dir

DEFAULT_WINDOW = 2048
"""Tokens: the KV cache costs memory by the token, and a prompt costs time by the token."""


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
    loopback = is_loopback(options.host)
    options.http.check(loopback=loopback)
    store = ModelStore()
    serving = _find(options.model, options, store)
    with (
        leaving_on_signals() as leaving,
        listen(options.host, options.port) as listener,
        token_file(options.token_file) as token,
    ):
        address = HostAddress(
            url=url_of(listener, options.http.scheme),
            token_file=str(token),
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
