"""Puts the language server together."""

from procoder_server import (
    chat,
    code_actions,
    commands,
    hover,
    lifecycle,
    synchronization,
)
from procoder_server.server import ProcoderServer
from procoder_server.session import TutorFactory

FEATURES = (lifecycle, synchronization, hover, code_actions, commands, chat)


def create_server(tutor_factory: TutorFactory | None = None) -> ProcoderServer:
    """Return a server for one client; by default its tutor is the real one."""
    server = ProcoderServer(tutor_factory)
    for feature in FEATURES:
        feature.register(server)
    return server
