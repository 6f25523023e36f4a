"""`procoder lsp`: the language server.

Its options are read by argparse: with typer an editor would wait a fifth longer for the start.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from procoder_server.server import ProcoderServer
    from procoder_server.settings import ServerSettings

_LAST_PORT = 65535


def run(arguments: Sequence[str]) -> int:
    """Run the language server for one editor; returns the process's exit code."""
    given = _parser().parse_args(arguments)
    from procoder_server.responsiveness import favour_answers

    favour_answers()
    from procoder_server.logs import configure_logging
    from procoder_server.stdio import serve_socket, serve_stdio

    try:
        configure_logging(given.log_level or "warning", given.log_file)
    except OSError as error:
        message = f"procoder: cannot write the log: {error}. Choose another --log-file."
        print(message, file=sys.stderr)  # noqa: T201 - there is no client yet to be told
        return 1
    if given.socket is None:
        return serve_stdio(lambda: _server(given))
    try:
        return serve_socket(lambda: _server(given), given.socket)
    except ConnectionRefusedError:
        message = f"procoder: no editor listens on port {given.socket} of 127.0.0.1."
        print(message, file=sys.stderr)  # noqa: T201 - there is no client to be told
        return 1


def _parser() -> ArgumentParser:
    parser = ArgumentParser("procoder lsp", description="Run the language server for one editor.")
    parser.add_argument(
        "--stdio", action="store_true", help="speak over stdin and stdout, as without this option"
    )
    parser.add_argument(
        "--socket",
        type=_port,
        metavar="PORT",
        help="connect to the editor, which listens on this port of 127.0.0.1",
    )
    parser.add_argument(
        "--log-file", type=Path, help="log to this file; wins over the setting log.file"
    )
    parser.add_argument(
        "--log-level",
        choices=("debug", "info", "warning", "error"),
        help="how much to log; wins over the setting log.level",
    )
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 1 <= port <= _LAST_PORT:
        raise ValueError(text)
    return port


def _server(given: Namespace) -> "ProcoderServer":
    from procoder_server.app import create_server

    said = {"level": given.log_level, "file": given.log_file}
    chosen = {"log": {name: value for name, value in said.items() if value is not None}}
    server = create_server(chosen=chosen)
    server.configuration.when_changed.append(_log_as_configured)
    return server


def _log_as_configured(settings: "ServerSettings") -> None:
    """Follow a change of the settings; a file that cannot be written leaves the log where it is."""
    import logging

    from procoder_server.logs import configure_logging

    try:
        configure_logging(settings.log.level, settings.log.file)
    except OSError:
        logging.getLogger(__name__).exception("the log file cannot be written")
