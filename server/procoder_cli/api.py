"""`procoder api`: the REST API, for the companion and for scripts."""

from pathlib import Path
from typing import Annotated

import typer

from procoder_cli.host import LogFormatName
from procoder_cli.options import ModelName
from procoder_cli.worker import BROKER_VARIABLE

_EXTRA = ("cryptography", "limits", "python_multipart")
"""Modules of the extra `api`."""
_NETWORK, _SECURITY, _PROCESS = "Network", "Who may use it", "Process"


def api(  # noqa: PLR0913 - one parameter per flag
    *,
    model: ModelName = None,
    address: Annotated[
        str, typer.Option("--host", help="Address to listen on.", rich_help_panel=_NETWORK)
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="0 picks a free port.", rich_help_panel=_NETWORK)
    ] = 0,
    tls_cert: Annotated[
        Path | None,
        typer.Option(help="PEM file with the certificate chain.", rich_help_panel=_NETWORK),
    ] = None,
    tls_key: Annotated[
        Path | None,
        typer.Option(help="PEM file with its private key.", rich_help_panel=_NETWORK),
    ] = None,
    behind_proxy: Annotated[
        bool,
        typer.Option(
            "--behind-proxy",
            help="A proxy in front speaks TLS: allow an open address without.",
            rich_help_panel=_NETWORK,
        ),
    ] = False,
    keys: Annotated[
        Path | None,
        typer.Option(
            help="File with the keys of many users (`procoder keys`); "
            "without it the API serves you alone.",
            rich_help_panel=_SECURITY,
        ),
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option(
            help="File with your own token; made and removed when missing.",
            rich_help_panel=_SECURITY,
        ),
    ] = None,
    allowed_host: Annotated[
        list[str] | None,
        typer.Option(
            help="Name by which a proxy or other machines call this API; repeatable.",
            rich_help_panel=_SECURITY,
        ),
    ] = None,
    allowed_origin: Annotated[
        list[str] | None,
        typer.Option(
            help="Origin of web pages that may call this API (CORS); repeatable.",
            rich_help_panel=_SECURITY,
        ),
    ] = None,
    rate: Annotated[
        str,
        typer.Option(help="Requests of one key, e.g. 5/second.", rich_help_panel=_SECURITY),
    ] = "120/minute",
    at_once: Annotated[
        int,
        typer.Option(
            min=1, help="Requests of one key at the same time.", rich_help_panel=_SECURITY
        ),
    ] = 16,
    broker_url: Annotated[
        str | None,
        typer.Option(
            envvar=BROKER_VARIABLE,
            help="Hand batches to `procoder worker` through this broker (amqp:// or redis://).",
            rich_help_panel=_PROCESS,
        ),
    ] = None,
    grace: Annotated[
        float,
        typer.Option(
            min=0,
            help="Seconds for running answers when told to leave.",
            rich_help_panel=_PROCESS,
        ),
    ] = 10.0,
    log_format: Annotated[
        LogFormatName,
        typer.Option(
            help="`json`: one object a line on stderr, with a line for each request.",
            rich_help_panel=_PROCESS,
        ),
    ] = LogFormatName.HUMAN,
) -> None:
    """Serve the tutor over HTTP; prints one JSON line with its address when ready."""
    from importlib.util import find_spec

    if any(find_spec(name) is None for name in _EXTRA):
        typer.echo("procoder: The REST API needs more packages: install procoder[api].", err=True)
        raise typer.Exit(1)
    from procoder_api.serving import ApiOptions, run_api
    from procoder_http.errors import StartupError
    from procoder_http.http_options import HttpOptions
    from procoder_http.json_logs import configure_logging
    from procoder_tutor.settings import load_settings

    configure_logging(log_format.value, "procoder api")
    settings, problems = load_settings({"model": model})
    for problem in problems:
        typer.echo(f"procoder: {problem}", err=True)
    options = ApiOptions(
        host=address,
        port=port,
        http=HttpOptions(
            keys=keys,
            tls_cert=tls_cert,
            tls_key=tls_key,
            behind_proxy=behind_proxy,
            allowed_hosts=tuple(allowed_host or ()),
        ),
        token_file=token_file,
        origins=tuple(allowed_origin or ()),
        broker_url=broker_url,
        rate=rate,
        at_once=at_once,
        grace=grace,
    )
    try:
        run_api(options, settings, lambda ready: typer.echo(ready.to_json()))
    except (StartupError, OSError) as error:
        advice = getattr(error, "advice", "")
        typer.echo(f"procoder: {error}" + (f". {advice}" if advice else ""), err=True)
        raise typer.Exit(1) from error
