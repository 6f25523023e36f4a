"""Puts the language server together."""

from types import MappingProxyType

from procoder_server import (
    code_actions,
    commands,
    configuration,
    hover,
    inline_completion,
    lifecycle,
    synchronization,
)
from procoder_server.layers import Values
from procoder_server.server import ProcoderServer
from procoder_server.session import TutorFactory

FEATURES = (
    lifecycle,
    configuration,
    synchronization,
    hover,
    inline_completion,
    code_actions,
    commands,
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
