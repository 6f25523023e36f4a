"""Puts the language server together."""

from procoder_server import (
    chat,
    code_actions,
    commands,
    controls,
    conversation_commands,
    hover,
    lifecycle,
    models,
    renames,
    status,
    synchronization,
    upkeep,
)
from procoder_server.server import ProcoderServer
from procoder_server.session import TutorFactory

FEATURES = (
    lifecycle,
    synchronization,
    renames,
    hover,
    code_actions,
    commands,
    chat,
    controls,
    conversation_commands,
    models,
    status,
    upkeep,
)


def create_server(tutor_factory: TutorFactory | None = None) -> ProcoderServer:
    """Return a server for one client; by default its tutor is the real one."""
    server = ProcoderServer(tutor_factory)
    for feature in FEATURES:
        feature.register(server)
    return server
