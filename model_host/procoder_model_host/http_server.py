"""The HTTP server around the application: signals, readiness and leaving when idle."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator

import uvicorn

from procoder_model_host.activity import Activity
from procoder_model_host.app import HostState, create_app
from procoder_model_host.engine_process import EngineProcess
from procoder_model_host.served import ServedModel

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_GRACE_SECONDS = 2


class _Server(uvicorn.Server):
    """uvicorn, but signals are handled here: its own way ends the process by the signal."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve_http(  # noqa: PLR0913 - the one place where all parts meet
    *,
    engine: EngineProcess,
    model: ServedModel,
    token: str,
    listener: socket.socket,
    loopback: bool,
    idle_timeout: float | None,
    on_ready: Callable[[], None],
) -> None:
    """Serve until a signal or idleness; `on_ready` is called once the model is loaded.

    Raises EngineFailedError when it cannot be loaded at all.
    """
    activity = Activity()
    app = create_app(HostState(engine, model, activity), token=token, loopback=loopback)
    server = _Server(
        uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
    )

    def leave() -> None:
        server.should_exit = True

    with _on_signals(leave):
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        watching = asyncio.create_task(_watch(engine, activity, idle_timeout, on_ready))
        await asyncio.wait({serving, watching}, return_when=asyncio.FIRST_COMPLETED)
        leave()
        failure = watching.exception() if watching.done() else None
        watching.cancel()
        # Whoever is still being answered learns that it ends, before the connections close.
        await engine.aclose()
        await serving
    if failure is not None:
        raise failure


async def _watch(
    engine: EngineProcess,
    activity: Activity,
    idle_timeout: float | None,
    on_ready: Callable[[], None],
) -> None:
    await engine.loaded()
    on_ready()
    if idle_timeout is None:
        await asyncio.Event().wait()
    else:
        await activity.idle_for(idle_timeout)


@contextlib.contextmanager
def _on_signals(leave: Callable[[], None]) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    previous = {}
    for number in _SIGNALS:
        previous[number] = signal.signal(number, lambda *_: loop.call_soon_threadsafe(leave))
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
