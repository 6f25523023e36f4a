"""`procoder api`: the REST API, for the companion and for scripts."""

from pathlib import Path
from typing import Annotated

import typer

from procoder_cli.options import ModelName
from procoder_cli.serving import (
    PROCESS,
    SECURITY,
    Address,
    AllowedHosts,
    BehindProxy,
    Grace,
    LogFormat,
    LogFormatName,
    Port,
    TlsCert,
    TlsKey,
    TokenFile,
    fail,
)
from procoder_cli.worker import BROKER_VARIABLE

_EXTRA = ("cryptography", "limits", "python_multipart")
"""Modules of the extra `api`."""


def api(  # noqa: PLR0913 - one parameter per flag
    *,
    model: ModelName = None,
    address: Address = "127.0.0.1",
    port: Port = 0,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
    behind_proxy: BehindProxy = False,
    keys: Annotated[
        Path | None,
        typer.Option(
            help="File with the keys of many users (`procoder keys`); "
            "without it the API serves you alone.",
            rich_help_panel=SECURITY,
        ),
    ] = None,
    token_file: TokenFile = None,
    allowed_hosts: AllowedHosts = None,
    allowed_origin: Annotated[
        list[str] | None,
        typer.Option(
            help="Origin of web pages that may call this API (CORS); repeatable.",
            rich_help_panel=SECURITY,
        ),
    ] = None,
    rate: Annotated[
        str,
        typer.Option(help="Requests of one key, e.g. 5/second.", rich_help_panel=SECURITY),
    ] = "120/minute",
    at_once: Annotated[
        int,
        typer.Option(min=1, help="Requests of one key at the same time.", rich_help_panel=SECURITY),
    ] = 16,
    broker_url: Annotated[
        str | None,
        typer.Option(
            envvar=BROKER_VARIABLE,
            help="Hand batches to `procoder worker` through this broker (amqp:// or redis://).",
            rich_help_panel=PROCESS,
        ),
    ] = None,
    grace: Grace = 10.0,
    log_format: LogFormat = LogFormatName.HUMAN,
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
            allowed_hosts=tuple(allowed_hosts or ()),
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
        fail(error)
