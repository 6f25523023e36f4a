"""`procoder.stop` and `procoder.toggle`: stop what runs, and the switch that turns all off."""

from typing import Any

from lsprotocol import types

from procoder_server.arguments import read_arguments
from procoder_server.server import ProcoderServer

STOP = "procoder.stop"
TOGGLE = "procoder.toggle"


def register(server: ProcoderServer) -> None:
    """Add the commands to a server."""

    @server.command(STOP)
    async def stop(params: types.ExecuteCommandParams) -> dict[str, Any]:
        read_arguments(STOP, params.arguments, {})
        return {"stopped": await server.stop()}

    @server.command(TOGGLE)
    async def toggle(params: types.ExecuteCommandParams) -> dict[str, Any]:
        given = read_arguments(TOGGLE, params.arguments, {"on": bool})
        before = (await server.sessions.get()).settings.enabled
        server.configuration.choose({"enabled": given.get("on", not before)})
        now = (await server.sessions.get()).settings.enabled
        if not now:
            await server.stop()
        for method in refreshes(server.client_capabilities):
            server.spawn(_refresh(server, method))
        return {"on": now}


def refreshes(capabilities: types.ClientCapabilities) -> list[str]:
    """Return the requests by which a client can be made to ask anew for what it shows."""
    workspace = capabilities.workspace
    if workspace is None:
        return []
    asked = {
        types.WORKSPACE_CODE_LENS_REFRESH: workspace.code_lens,
        types.WORKSPACE_DIAGNOSTIC_REFRESH: workspace.diagnostics,
    }
    return [method for method, able in asked.items() if able and able.refresh_support]


async def _refresh(server: ProcoderServer, method: str) -> None:
    await server.protocol.send_request_async(method)
