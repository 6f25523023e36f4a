"""The API on a real socket of this process, with a scripted model behind it."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from scripted_model import Scripted

from procoder_api.access import AccessRules
from procoder_api.app import create_app
from procoder_api.batches.store import LEASE_SECONDS
from procoder_api.door import Door
from procoder_api.limits import Limits
from procoder_api.metrics import ApiMetrics
from procoder_api.parts import Parts, opened
from procoder_api.service import Service
from procoder_http.http_options import HttpOptions
from procoder_http.keys import Keyring, add_key
from procoder_http.listening import listen, url_of
from procoder_http.names import AllowedNames
from procoder_http.uvicorn_server import create_server
from procoder_tutor.settings import load_settings
from procoder_tutor.tutor import Tutor

CODE = "def area(width, height):\n    return width * height\n"
ANSWER = "Multiplies `width` by `height`. Returns their product."
LEARNER = ("ask", "conversations", "batches")


@dataclass(slots=True)
class Api:
    """A running API, its model, and the keys of its users."""

    url: str
    parts: Parts
    model: Scripted
    door: Door
    keys: Path
    metrics: ApiMetrics
    clients: AsyncExitStack
    secrets: dict[str, str] = field(default_factory=dict)

    @property
    def tutor(self) -> Tutor:
        """What answers."""
        return self.parts.tutor

    async def client(
        self,
        user: str = "ada",
        scopes: Iterable[str] | None = LEARNER,
        connections: int = 20,
    ) -> httpx2.AsyncClient:
        """Return a client with a key of its own."""
        name = f"{user}-{len(self.secrets)}"
        self.secrets[name] = add_key(self.keys, name, user=user, scopes=scopes)
        headers = {"Authorization": f"Bearer {self.secrets[name]}"}
        return await self.with_headers(headers, connections)

    async def with_headers(
        self, headers: dict[str, str], connections: int = 20
    ) -> httpx2.AsyncClient:
        """Return a client that sends these headers."""
        client = httpx2.AsyncClient(
            base_url=self.url,
            headers=headers,
            timeout=120,
            trust_env=False,
            limits=httpx2.Limits(max_connections=connections),
        )
        return await self.clients.enter_async_context(client)


@asynccontextmanager
async def running_api(  # noqa: PLR0913 - what tests vary
    folder: Path,
    *answers: str,
    model: Scripted | None = None,
    rate: str = "100000/minute",
    at_once: int = 1000,
    origins: frozenset[str] = frozenset(),
    lease_seconds: float = LEASE_SECONDS,
    batches_run: bool = True,
    redis: str | None = None,
) -> AsyncIterator[Api]:
    model = model or Scripted(*(answers or (ANSWER,)))
    chosen: dict[str, Any] = {
        "prose": "all",
        "cache": {"path": ":memory:"},
        "conversations": {"path": str(folder / "conversations.sqlite3")},
        "redis": {"url": redis},
    }
    settings, problems = load_settings(chosen)
    assert not problems
    keys = folder / "keys"
    add_key(keys, "nobody")
    door, metrics, limits = Door(), ApiMetrics(), Limits(rate, at_once, redis)
    rules = AccessRules(
        Keyring(None, keys),
        AllowedNames(loopback=True, origins=origins),
        limits,
        door,
    )
    async with (
        aclosing(limits),
        opened(settings, backend=model, lease_seconds=lease_seconds) as parts,
        AsyncExitStack() as clients,
    ):
        if batches_run:
            parts.dispatcher.start()
        service = Service(parts.tutor, door, metrics, parts.batches, parts.dispatcher)
        app = create_app(service, rules, parts.replies)
        with listen("127.0.0.1", 0) as listener:
            server = create_server(app, HttpOptions())
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            yield Api(url_of(listener, "http"), parts, model, door, keys, metrics, clients)
            await clients.aclose()
            server.should_exit = True
            await asyncio.wait_for(serving, 60)


def events_of(text: str) -> list[tuple[str, str]]:
    """Return name and data of each event of a stream."""
    found = []
    for block in text.strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
        if lines:
            found.append((lines["event"], lines["data"]))
    return found
