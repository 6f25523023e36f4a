"""The HTTP server around the application: readiness, and leaving when told or idle."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator

import uvicorn

from procoder_model_host.activity import Activity
from procoder_model_host.app import HostState, create_app
from procoder_model_host.engine_process import EngineProcess
from procoder_model_host.errors import HostLeavingError
from procoder_model_host.scheduler import Scheduler
from procoder_model_host.switching import ModelSwitch

_GRACE_SECONDS = 2


class _Server(uvicorn.Server):
    """uvicorn, without its signal handlers: they end the process by the signal."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve_http(  # noqa: PLR0913 - the one place where all parts meet
    *,
    engine: EngineProcess,
    scheduler: Scheduler,
    switch: ModelSwitch,
    token: str,
    listener: socket.socket,
    loopback: bool,
    idle_timeout: float | None,
    on_ready: Callable[[], None],
    on_leaving: Callable[[], None],
    leaving: asyncio.Event,
    grace: float,
) -> None:
    """Serve until `leaving` or idleness; `on_ready` is called once the model is loaded.

    Then new requests are refused, and running answers get `grace` seconds to finish.
    Raises EngineFailedError when it cannot be loaded at all.
    """
    activity = Activity()
    state = HostState(engine, scheduler, switch, activity, leave=leaving.set)
    app = create_app(state, token=token, loopback=loopback)
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

    serving = asyncio.create_task(server.serve(sockets=[listener]))
    watching = asyncio.create_task(_watch(engine, activity, idle_timeout, on_ready))
    told = asyncio.create_task(leaving.wait())
    await asyncio.wait({serving, watching, told}, return_when=asyncio.FIRST_COMPLETED)
    failure = watching.exception() if watching.done() else None
    watching.cancel()
    told.cancel()
    on_leaving()
    parting = HostLeavingError("the host is leaving", retry_after=1.0)
    scheduler.refuse(parting)
    # The port stays open meanwhile: who comes now is told, not left without an answer.
    await scheduler.drain(parting, grace)
    server.should_exit = True
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
