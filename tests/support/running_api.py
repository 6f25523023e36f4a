"""The API on a real socket of this process, with a scripted model behind it."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from scripted_model import Scripted

from procoder_api.access import AccessRules
from procoder_api.app import create_app
from procoder_api.batches.running import BatchRunner
from procoder_api.batches.store import LEASE_SECONDS, BatchStore
from procoder_api.door import Door
from procoder_api.limits import Limits
from procoder_api.metrics import ApiMetrics
from procoder_api.replies import SqliteReplies
from procoder_api.service import Service
from procoder_api.state import ApiState, state_path
from procoder_http.http_options import HttpOptions
from procoder_http.keys import Keyring, add_key
from procoder_http.listening import listen, url_of
from procoder_http.names import AllowedNames
from procoder_http.uvicorn_server import create_server
from procoder_tutor.settings import load_settings
from procoder_tutor.tutor import Tutor, create_tutor

CODE = "def area(width, height):\n    return width * height\n"
ANSWER = "Multiplies `width` by `height`. Returns their product."
LEARNER = ("ask", "conversations", "batches")


@dataclass(slots=True)
class Api:
    """A running API, its model, and the keys of its users."""

    url: str
    tutor: Tutor
    model: Scripted
    door: Door
    keys: Path
    metrics: ApiMetrics
    state: ApiState
    batches: BatchStore
    runner: BatchRunner
    clients: AsyncExitStack
    secrets: dict[str, str] = field(default_factory=dict)

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
) -> AsyncIterator[Api]:
    model = model or Scripted(*(answers or (ANSWER,)))
    settings, problems = load_settings(
        {
            "cache": {"path": ":memory:"},
            "conversations": {"path": str(folder / "conversations.sqlite3")},
        }
    )
    assert not problems
    keys = folder / "keys"
    add_key(keys, "nobody")
    tutor, door = create_tutor(settings, backend=model), Door()
    state = ApiState(state_path(settings))
    batches = BatchStore(state, lease_seconds=lease_seconds)
    runner, metrics = BatchRunner(batches, tutor), ApiMetrics()
    if batches_run:
        runner.start()
    rules = AccessRules(
        Keyring(None, keys),
        AllowedNames(loopback=True, origins=origins),
        Limits(rate, at_once),
        door,
    )
    service = Service(tutor, door, metrics, batches, runner)
    app = create_app(service, rules, SqliteReplies(state))
    async with AsyncExitStack() as clients:
        with listen("127.0.0.1", 0) as listener:
            server = create_server(app, HttpOptions())
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            yield Api(
                url_of(listener, "http"),
                tutor,
                model,
                door,
                keys,
                metrics,
                state,
                batches,
                runner,
                clients,
            )
            await clients.aclose()
            server.should_exit = True
            await serving
    await runner.aclose()
    await tutor.aclose()
    await state.aclose()


def events_of(text: str) -> list[tuple[str, str]]:
    """Return name and data of each event of a stream."""
    found = []
    for block in text.strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
        if lines:
            found.append((lines["event"], lines["data"]))
    return found
