"""`initialize` to `exit`: settings, the model host, and leaving nothing behind.

`initialize` is answered before the tutor is imported; settings, tutor and host come after
`initialized`, in the background.
"""

import logging
from collections.abc import Mapping
from typing import Any

from lsprotocol import types

from procoder_server.server import ProcoderServer
from procoder_server.activity import Activity
from procoder_tutor.errors import TutorError, describe

logger = logging.getLogger(__name__)

SECTION = "procoder"


def register(server: ProcoderServer) -> None:
    """Add the lifecycle to a server."""
    options: dict[str, Any] = {}
    activity = Activity(server)
    server.background.accompany = activity.thinking

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.protocol.use_exact_workspace()
        options.update(settings_in(params.initialization_options))

    @server.feature(types.INITIALIZED)
    def initialized(_: types.InitializedParams) -> None:
        server.spawn(_start(server, activity, dict(options)))

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
        if isinstance(params.settings, Mapping) and SECTION in params.settings:
            server.spawn(_start(server, activity, settings_in(params.settings)))

    @server.feature(types.SHUTDOWN)
    async def shutdown(_: None) -> None:
        await server.aclose()


def settings_in(options: Any) -> dict[str, Any]:
    """Return our settings from what a client sends: bare, or under the key `procoder`."""
    if not isinstance(options, Mapping):
        return {}
    inner = options.get(SECTION, options)
    return dict(inner) if isinstance(inner, Mapping) else {}


async def _start(server: ProcoderServer, activity: Activity, options: Mapping[str, Any]) -> None:
    """Open the tutor, then find or start the host; what fails is said once, in the log.

    A hover says it too, where it matters.
    """
    server.sessions.open(options)
    session = await server.sessions.get()
    for problem in session.problems:
        server.window_show_message(
            types.ShowMessageParams(type=types.MessageType.Warning, message=f"ProCoder: {problem}")
        )
    try:
        await activity.warm_up(session)
    except TutorError as error:
        server.log_to_client(types.MessageType.Warning, describe(error))
