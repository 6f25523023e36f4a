"""Puts the language server together."""

from types import MappingProxyType

from procoder_server import (
    activity,
    ask_command,
    chat,
    chat_completion,
    chat_preview,
    code_actions,
    code_lenses,
    commands,
    configuration,
    controls,
    conversation_commands,
    diagnostics,
    edit_commands,
    highlights,
    hover,
    inline_completion,
    lifecycle,
    model_pull,
    models,
    problem_commands,
    renames,
    status,
    synchronization,
    upkeep,
    views,
)
from procoder_server.layers import Values
from procoder_server.server import ProcoderServer
from procoder_server.session import TutorFactory

FEATURES = (
    lifecycle,
    activity,
    configuration,
    synchronization,
    diagnostics,
    renames,
    hover,
    highlights,
    code_lenses,
    views,
    inline_completion,
    code_actions,
    commands,
    edit_commands,
    problem_commands,
    ask_command,
    chat,
    chat_completion,
    chat_preview,
    controls,
    conversation_commands,
    models,
    model_pull,
    status,
    upkeep,
)


def create_server(
    tutor_factory: TutorFactory | None = None, chosen: Values = MappingProxyType({})
) -> ProcoderServer:
    """Return a server for one client; by default its tutor is the real one.

    `chosen` holds settings, nested, that win over the client's.
    """
    server = ProcoderServer(tutor_factory, chosen)
    for feature in FEATURES:
        feature.register(server)
    return server
