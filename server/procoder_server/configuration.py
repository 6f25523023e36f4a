"""`workspace/configuration` and `workspace/didChangeConfiguration`: settings, and changes to them.

A client that can be asked is asked, at the start and whenever it says that something changed: once
for everything and once for each folder. Others send their settings along with the change.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from procoder_server.layers import SECTION, Layers, Values, values_in
from procoder_tutor.errors import TutorError, describe

if TYPE_CHECKING:
    from procoder_server.server import ProcoderServer
    from procoder_server.session import Opened, Session, Tutor, Voice
    from procoder_server.settings import ServerSettings

logger = logging.getLogger(__name__)
T = TypeVar("T")

ANSWER_SECONDS = 5.0
_LISTED = 10


class Configuration:
    """What is known about settings, and what follows from a change of them."""

    def __init__(self, server: "ProcoderServer", chosen: Values) -> None:
        self.when_changed: list[Callable[[ServerSettings], None]] = []
        """Called with the settings outside all folders whenever any settings may have changed."""
        self.warm_up: Callable[[Session], Awaitable[None]] = _warm_up
        """Warms a session's tutor up; raises what the tutor raises."""
        self._server = server
        self._layers = Layers(chosen=chosen)
        self._reported: tuple[str, ...] = ()
        self._followed: list[ServerSettings] = []
        self._asking = asyncio.Lock()
        self._warmed: WeakKeyDictionary[Tutor, set[Voice]] = WeakKeyDictionary()

    def take(self, options: Any) -> None:
        """Take note of the `initializationOptions`."""
        self._layers = replace(self._layers, options=values_in(options))

    def begin(self) -> None:
        """Open the sessions; nobody gets one before the client has told its settings."""
        self._open(self._asked if self._can_be_asked() else self._layers)

    def choose(self, values: Values) -> None:
        """Let values win over everything else for as long as the server runs.

        They are merged by their first names only; None takes a choice back.
        """
        self._layers = replace(self._layers, chosen={**self._layers.chosen, **values})
        self._open(self._layers)

    async def change(self, sent: Any) -> None:
        """Take a change into account; `sent` is what the client said along with it."""
        before = self._layers
        if self._can_be_asked():
            await self._asked()
        elif isinstance(sent, dict) and SECTION in sent:
            self._layers = replace(self._layers, client=values_in(sent))
        if self._layers != before:
            self._open(self._layers)

    def _open(self, layers: Layers | Callable[[], Awaitable[Layers]]) -> None:
        opening = self._server.sessions.open(layers)

        async def follow() -> None:
            await self._follow(await opening)

        self._server.spawn(follow())

    async def _follow(self, opened: "Opened") -> None:
        if opened.problems != self._reported:
            self._reported = opened.problems
            self._report(opened.problems)
        settings = [session.settings for session in opened.all()]
        if settings != self._followed:
            self._followed = settings
            for listener in self.when_changed:
                listener(opened.everywhere.settings)
        for session in opened.all():
            voices = self._warmed.setdefault(session.tutor, set())
            if session.settings.enabled and session.voice not in voices:
                voices.add(session.voice)
                self._server.spawn(self.begin_warm_up(session))

    async def begin_warm_up(self, session: "Session") -> None:
        """Find or start the host; what fails is in the log, and in a hover where it matters."""
        try:
            await self.warm_up(session)
        except TutorError as error:
            self._server.log_to_client(types.MessageType.Warning, describe(error))

    def _report(self, problems: tuple[str, ...]) -> None:
        if not problems:
            return
        message = "ProCoder: " + "\n".join(problems[:_LISTED])
        if len(problems) > _LISTED:
            message += f"\nand {len(problems) - _LISTED} more."
        self._server.window_show_message(
            types.ShowMessageParams(type=types.MessageType.Warning, message=message)
        )

    def _can_be_asked(self) -> bool:
        workspace = self._server.client_capabilities.workspace
        return bool(workspace and workspace.configuration)

    async def _asked(self) -> Layers:
        """Ask the client, and return everything that is known; that alone if it does not answer."""
        folders = list(self._server.workspace.folders)
        items = [
            types.ConfigurationItem(section=SECTION),
            *(types.ConfigurationItem(scope_uri=uri, section=SECTION) for uri in folders),
        ]
        async with self._asking:
            answer = await _answer(
                self._server.workspace_configuration_async(types.ConfigurationParams(items))
            )
            if isinstance(answer, list | tuple) and len(answer) == len(items):
                client, *own = map(values_in, answer)
                by_folder = dict(zip(folders, own, strict=True))
                self._layers = replace(self._layers, client=client, folders=by_folder)
            else:
                logger.warning("the client did not tell its settings")
            return self._layers


async def _warm_up(session: "Session") -> None:
    await session.warm_up()


def register(server: "ProcoderServer") -> None:
    """Add configuration to a server."""

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
        await server.configuration.change(params.settings)

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def did_change_folders(_: types.DidChangeWorkspaceFoldersParams) -> None:
        await server.configuration.change(None)


async def register_for_changes(server: "ProcoderServer") -> None:
    """Ask the client to tell about changes, where it waits to be asked."""
    workspace = server.client_capabilities.workspace
    change = workspace.did_change_configuration if workspace else None
    if change is None or not change.dynamic_registration:
        return
    registration = types.Registration(
        id="procoder-configuration",
        method=types.WORKSPACE_DID_CHANGE_CONFIGURATION,
        register_options={"section": SECTION},
    )
    await _answer(server.client_register_capability_async(types.RegistrationParams([registration])))


async def _answer(request: Awaitable[T]) -> T | None:
    """Return what the client answers, None when it refuses or does not answer."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await request
    except (JsonRpcException, TimeoutError):
        return None
