"""Puts the language server together."""

from procoder_server import (
    ask_command,
    code_actions,
    commands,
    diagnostics,
    edit_commands,
    hover,
    lifecycle,
    problem_commands,
    synchronization,
)
from procoder_server.server import ProcoderServer
from procoder_server.session import TutorFactory

FEATURES = (
    lifecycle,
    synchronization,
    diagnostics,
    hover,
    code_actions,
    commands,
    edit_commands,
    problem_commands,
    ask_command,
)


def create_server(tutor_factory: TutorFactory | None = None) -> ProcoderServer:
    """Return a server for one client; by default its tutor is the real one."""
    server = ProcoderServer(tutor_factory)
    for feature in FEATURES:
        feature.register(server)
    return server
