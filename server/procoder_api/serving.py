"""Start-up of `procoder api`: socket, token, tutor, HTTP server, and leaving without a trace."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from procoder_api.access import AccessRules
from procoder_api.app import create_app
from procoder_api.door import Door
from procoder_api.limits import Limits
from procoder_api.metrics import ApiMetrics
from procoder_api.parts import opened, redis_url
from procoder_api.service import Service
from procoder_http.connections import Doorkeeper
from procoder_http.errors import StartupError
from procoder_http.http_options import HttpOptions
from procoder_http.keys import Keyring
from procoder_http.listening import is_loopback, leaving_on_signals, listen, token_file, url_of
from procoder_http.names import AllowedNames
from procoder_http.uvicorn_server import create_server
from procoder_protocol.api_address import ApiAddress, publish_api_address, withdraw_api_address
from procoder_tutor.errors import TutorError, describe
from procoder_tutor.settings import Settings
from procoder_tutor.tutor import Tutor

log = logging.getLogger(__name__)

_UPLOAD_SECONDS = 60.0
"""For the whole of a request to arrive, files included."""


@dataclass(frozen=True, slots=True)
class ApiOptions:
    """What `procoder api` was asked for."""

    host: str = "127.0.0.1"
    port: int = 0
    http: HttpOptions = field(default_factory=HttpOptions)
    token_file: Path | None = None
    """The token of the one user, where there is no file of keys."""
    origins: tuple[str, ...] = ()
    """Origins of web pages that may call this API."""
    broker_url: str | None = None
    """Broker that takes batches to workers; without one they are worked on here."""
    rate: str = "120/minute"
    """Requests of one key in a time."""
    at_once: int = 16
    """Requests of one key that are answered at the same time, streams included."""
    grace: float = 10.0
    """Seconds that running answers get to finish when the API is told to leave."""


def run_api(
    options: ApiOptions, settings: Settings, announce: Callable[[ApiAddress], None]
) -> None:
    """Serve until told to leave; `announce` is called once the API is ready.

    Raises StartupError with what to do.
    """
    asyncio.run(_serve(options, settings, announce))


async def _serve(
    options: ApiOptions, settings: Settings, announce: Callable[[ApiAddress], None]
) -> None:
    loopback = is_loopback(options.host)
    options.http.check(loopback=loopback)
    if not loopback and options.http.keys is None:
        raise StartupError(
            "other machines would reach this API with one token for all",
            "Make keys with `procoder keys add NAME`, and give their file as --keys.",
        )
    with (
        leaving_on_signals() as leaving,
        listen(options.host, options.port) as listener,
        _token(options) as token,
    ):
        async with (
            aclosing(_limits(options, settings)) as limits,
            opened(settings, broker_url=options.broker_url) as parts,
        ):
            door = Door()
            rules = AccessRules(
                _keyring(options, token), _names(options, loopback=loopback), limits, door
            )
            service = Service(parts.tutor, door, ApiMetrics(), parts.batches, parts.dispatcher)
            app = create_app(service, rules, parts.replies)
            server = create_server(app, options.http, Doorkeeper(seconds=_UPLOAD_SECONDS))
            address = ApiAddress(
                url_of(listener, options.http.scheme),
                None if token is None else str(token),
                os.getpid(),
                version("procoder"),
            )
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            parts.dispatcher.start()
            async with _warming(parts.tutor):
                with _advertised(address):
                    announce(address)
                    await _told_or_ended(leaving, serving)
                await door.close(options.grace)
                server.should_exit = True
                await serving


async def _told_or_ended(leaving: asyncio.Event, serving: asyncio.Task[None]) -> None:
    told = asyncio.create_task(leaving.wait())
    await asyncio.wait({serving, told}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()


def _limits(options: ApiOptions, settings: Settings) -> Limits:
    try:
        return Limits(options.rate, options.at_once, redis_url(settings))
    except ValueError as error:
        raise StartupError(
            f"{options.rate!r} is no rate", "Give one such as 120/minute or 5/second."
        ) from error


def _keyring(options: ApiOptions, token: Path | None) -> Keyring:
    own = None if token is None else token.read_text(encoding="utf-8").strip()
    return Keyring(own, options.http.keys)


def _names(options: ApiOptions, *, loopback: bool) -> AllowedNames:
    names = frozenset(map(str.lower, options.http.allowed_hosts))
    return AllowedNames(loopback, names, frozenset(options.origins))


@contextmanager
def _token(options: ApiOptions) -> Iterator[Path | None]:
    """Yield the file of the one user's token; None where everybody has a key of their own."""
    if options.http.keys is not None:
        yield None
        return
    with token_file(options.token_file) as path:
        yield path


@contextmanager
def _advertised(address: ApiAddress) -> Iterator[None]:
    """Let the companion of the one user find an API while it serves."""
    if address.token_file is None:
        yield
        return
    publish_api_address(address)
    try:
        yield
    finally:
        withdraw_api_address(address)


@asynccontextmanager
async def _warming(tutor: Tutor) -> AsyncIterator[None]:
    """Start what answers need; what needs no model is served meanwhile, and without one."""
    warming = asyncio.create_task(_warm_up(tutor))
    try:
        yield
    finally:
        warming.cancel()
        await asyncio.wait({warming})


async def _warm_up(tutor: Tutor) -> None:
    try:
        await tutor.warm_up(tutor.settings.level, tutor.settings.language)
    except TutorError as error:
        log.warning("%s", describe(error))
