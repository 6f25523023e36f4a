"""`initialize` to `exit`: settings, the model host, and leaving nothing behind.

`initialize` is answered before the tutor is imported; settings, tutor and host come after
`initialized`, in the background.
"""

from lsprotocol import types

from procoder_server.client_quirks import correct, hides_command_errors
from procoder_server.configuration import register_for_changes
from procoder_server.server import ProcoderServer


def register(server: ProcoderServer) -> None:
    """Add the lifecycle to a server."""

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.protocol.use_exact_workspace()
        server.protocol.trace = params.trace or types.TraceValue.Off
        server.protocol.shows_command_errors = hides_command_errors(params.client_info)
        correct(params.capabilities, params.client_info)
        server.configuration.take(params.initialization_options)
        for prepare in server.when_initializing:
            prepare(params.capabilities)

    @server.feature(types.INITIALIZED)
    def initialized(_: types.InitializedParams) -> None:
        server.configuration.begin()
        server.spawn(register_for_changes(server))

    @server.feature(types.SHUTDOWN)
    async def shutdown(_: None) -> None:
        await server.aclose()
