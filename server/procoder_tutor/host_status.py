"""How the model host is doing, asked without starting one."""

from dataclasses import dataclass
from typing import Literal

import httpx2

from procoder_protocol.discovery import HostAddress, read_discovery
from procoder_tutor.launcher import FixedEndpoint
from procoder_tutor.settings import HostSettings

HostState = Literal["not running", "loading", "ready", "unreachable"]
_SECONDS = 2.0
_LOADING = 503


@dataclass(frozen=True, slots=True)
class HostStatus:
    """A host as it answers now."""

    state: HostState
    url: str = ""
    model: str = ""
    """Id of what it serves; empty for a server that is not ours."""
    engine: str = ""
    pid: int | None = None


async def host_status(
    settings: HostSettings, transport: httpx2.AsyncBaseTransport | None = None
) -> HostStatus:
    """Ask the configured server, or the user's own host if it runs; takes at most seconds."""
    if settings.url:
        fixed = FixedEndpoint.of(settings.url, settings)
        state = await _state(fixed, "/v1/models", transport)
        return HostStatus(state or "unreachable", settings.url)
    address = read_discovery()
    state = await _state(address, "/readyz", transport) if address else None
    if address is None or state is None:
        return HostStatus("not running")
    return HostStatus(state, address.url, address.model, address.engine, address.pid)


async def _state(
    place: FixedEndpoint | HostAddress, route: str, transport: httpx2.AsyncBaseTransport | None
) -> HostState | None:
    """Return what an answer says; None when there is none."""
    try:
        token = place.read_token()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with httpx2.AsyncClient(
            timeout=_SECONDS, trust_env=False, transport=transport
        ) as client:
            answer = await client.get(place.url + route, headers=headers)
    except (OSError, httpx2.HTTPError, httpx2.InvalidURL):
        return None
    if answer.is_success:
        return "ready"
    return "loading" if answer.status_code == _LOADING else "unreachable"
