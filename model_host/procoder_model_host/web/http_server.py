"""The HTTP server around the application: readiness, and leaving when told or idle."""

import asyncio
import socket
from collections.abc import Callable

from procoder_http.activity import Activity
from procoder_http.http_options import HttpOptions
from procoder_http.keys import Keyring
from procoder_http.names import AllowedNames
from procoder_http.uvicorn_server import create_server
from procoder_model_host.errors import HostLeavingError
from procoder_model_host.messages import Loaded
from procoder_model_host.scheduling.engine_process import EngineProcess
from procoder_model_host.scheduling.scheduler import Scheduler
from procoder_model_host.scheduling.switching import ModelSwitch
from procoder_model_host.web.access import AccessRules
from procoder_model_host.web.app import HostState, create_app
from procoder_model_host.web.metrics import HostMetrics


async def serve_http(  # noqa: PLR0913 - the one place where all parts meet
    *,
    engine: EngineProcess,
    scheduler: Scheduler,
    switch: ModelSwitch,
    metrics: HostMetrics,
    keyring: Keyring,
    options: HttpOptions,
    listener: socket.socket,
    loopback: bool,
    idle_timeout: float | None,
    on_ready: Callable[[Loaded], None],
    on_leaving: Callable[[], None],
    leaving: asyncio.Event,
    grace: float,
) -> None:
    """Serve until `leaving` or idleness; `on_ready` is called once the model is loaded.

    Then new requests are refused, and running answers get `grace` seconds to finish.
    Raises EngineFailedError when it cannot be loaded at all.
    """
    activity = Activity()
    state = HostState(engine, scheduler, switch, activity, metrics, leave=leaving.set)
    names = AllowedNames(loopback, frozenset(map(str.lower, options.allowed_hosts)))
    rules = AccessRules(keyring, names)
    server = create_server(create_app(state, rules), options)

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
    on_ready: Callable[[Loaded], None],
) -> None:
    on_ready(await engine.loaded())
    if idle_timeout is None:
        await asyncio.Event().wait()
    else:
        await activity.idle_for(idle_timeout)
