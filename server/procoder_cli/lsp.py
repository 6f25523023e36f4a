"""`procoder lsp`: the language server."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class LogLevel(StrEnum):
    """How much is logged; no level logs code or answers."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def lsp(
    *,
    stdio: Annotated[  # noqa: ARG001 - editors pass it; there is nothing to choose
        bool, typer.Option("--stdio", help="Speak over stdin and stdout (the only way there is).")
    ] = True,
    log_file: Annotated[
        Path | None, typer.Option(help="Log to this file instead of stderr.")
    ] = None,
    log_level: Annotated[LogLevel, typer.Option(help="How much to log.")] = LogLevel.WARNING,
) -> None:
    """Run the language server over stdin and stdout, as editors start it."""
    from procoder_server.app import create_server
    from procoder_server.logs import configure_logging
    from procoder_server.responsiveness import favour_answers
    from procoder_server.stdio import serve_stdio

    try:
        configure_logging(log_level, log_file)
    except OSError as error:
        typer.echo(f"procoder: cannot write the log: {error}. Choose another --log-file.", err=True)
        raise typer.Exit(1) from None
    favour_answers()
    sys.exit(serve_stdio(create_server()))
