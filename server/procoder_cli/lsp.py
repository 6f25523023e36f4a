"""`procoder lsp`: the language server."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from procoder_cli.options import HELP

if TYPE_CHECKING:
    from procoder_server.server import ProcoderServer
    from procoder_server.settings import ServerSettings


app = typer.Typer(pretty_exceptions_enable=False, add_completion=False, context_settings=HELP)


@app.command()
def lsp(
    *,
    stdio: Annotated[  # noqa: ARG001 - editors pass it; there is nothing to choose
        bool, typer.Option("--stdio", help="Speak over stdin and stdout (the only way there is).")
    ] = True,
    log_file: Annotated[
        Path | None, typer.Option(help="Log to this file; wins over the setting `log.file`.")
    ] = None,
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"] | None,
        typer.Option(help="How much to log; wins over the setting `log.level`."),
    ] = None,
) -> None:
    """Run the language server over stdin and stdout, as editors start it."""
    from procoder_server.responsiveness import favour_answers

    favour_answers()
    from procoder_server.logs import configure_logging
    from procoder_server.stdio import serve_stdio

    try:
        configure_logging(log_level or "warning", log_file)
    except OSError as error:
        typer.echo(f"procoder: cannot write the log: {error}. Choose another --log-file.", err=True)
        raise typer.Exit(1) from None
    given = {"level": log_level, "file": log_file}
    chosen = {"log": {k: v for k, v in given.items() if v is not None}}
    sys.exit(serve_stdio(lambda: _server(chosen)))


def _server(chosen: dict[str, dict[str, Any]]) -> "ProcoderServer":
    from procoder_server.app import create_server

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
