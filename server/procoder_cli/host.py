"""`procoder host`: serve a model over the OpenAI wire format, and name who may use it."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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

if TYPE_CHECKING:
    from procoder_model_host.serving import HostOptions

_MODEL = "Model and engine"

app = typer.Typer(invoke_without_command=True, no_args_is_help=False)
keys_app = typer.Typer(no_args_is_help=True)
app.add_typer(keys_app, name="keys", help="Keys for a team: one a name, revoked by removing.")


class EngineName(StrEnum):
    """Engines, and the choice by the model's format."""

    AUTO = "auto"
    CTRANSFORMERS = "ctransformers"
    LLAMACPP = "llamacpp"
    TRANSFORMERS = "transformers"


@app.callback()
def host(  # noqa: PLR0913 - one parameter per flag
    context: typer.Context,
    *,
    model: Annotated[
        str,
        typer.Option(help="Catalogue id, or path of a model file.", rich_help_panel=_MODEL),
    ] = "smollm2-135m",
    engine: Annotated[
        EngineName,
        typer.Option(help="`auto`: what reads the model's format.", rich_help_panel=_MODEL),
    ] = EngineName.AUTO,
    adapter: Annotated[
        Path | None,
        typer.Option(
            help="Folder of a LoRA adapter for the model (transformers).", rich_help_panel=_MODEL
        ),
    ] = None,
    window: Annotated[
        int | None,
        typer.Option(
            "--context",
            min=64,
            help="Context window in tokens (default: 2048).",
            rich_help_panel=_MODEL,
        ),
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option(min=1, help="Threads (default: processors - 1).", rich_help_panel=_MODEL),
    ] = None,
    parallel: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=64,
            help="Requests of one priority at the same time (llamacpp; default: many).",
            rich_help_panel=_MODEL,
        ),
    ] = None,
    queue: Annotated[
        int,
        typer.Option(
            min=0, max=10_000, help="Requests that may wait for the model.", rich_help_panel=_MODEL
        ),
    ] = 32,
    hang_timeout: Annotated[
        float,
        typer.Option(
            min=0.1,
            help="Restart the engine after so many seconds without progress.",
            rich_help_panel=_MODEL,
        ),
    ] = 60.0,
    address: Address = "127.0.0.1",
    port: Port = 0,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
    behind_proxy: BehindProxy = False,
    allowed_hosts: AllowedHosts = None,
    token_file: TokenFile = None,
    keys: Annotated[
        Path | None,
        typer.Option(
            help="File with the keys of a team; see `procoder host keys`.",
            rich_help_panel=SECURITY,
        ),
    ] = None,
    idle_timeout: Annotated[
        float | None,
        typer.Option(
            min=1,
            help="Leave after so many seconds without a request.",
            rich_help_panel=PROCESS,
        ),
    ] = None,
    grace: Grace = 10.0,
    nice: Annotated[
        int,
        typer.Option(
            min=0,
            max=19,
            help="How far the engine gives way to other programs.",
            rich_help_panel=PROCESS,
        ),
    ] = 5,
    shared: Annotated[
        bool,
        typer.Option(
            "--shared",
            help="Be this user's one host, or name the one there is.",
            rich_help_panel=PROCESS,
        ),
    ] = False,
    log_format: LogFormat = LogFormatName.HUMAN,
) -> None:
    """Serve a model on this machine; prints one JSON line with its address when ready."""
    if context.invoked_subcommand is not None:
        return
    from procoder_http.http_options import HttpOptions
    from procoder_http.json_logs import configure_logging
    from procoder_model_host.serving import HostOptions

    configure_logging(log_format.value, "procoder host")
    options = HostOptions(
        model=model,
        host=address,
        port=port,
        context=window,
        threads=threads,
        idle_timeout=idle_timeout,
        shared=shared,
        token_file=token_file,
        engine=engine.value,
        adapter=adapter,
        parallel=parallel,
        niceness=nice,
        queue=queue,
        hang_timeout=hang_timeout,
        grace=grace,
        http=HttpOptions(
            keys=keys,
            tls_cert=tls_cert,
            tls_key=tls_key,
            behind_proxy=behind_proxy,
            allowed_hosts=tuple(allowed_hosts or ()),
        ),
    )
    _run(options)


def _run(options: "HostOptions") -> None:
    from procoder_http.errors import StartupError
    from procoder_model_host.errors import ModelHostError
    from procoder_model_host.serving import run_host
    from procoder_protocol.discovery import HostAddress

    def announce(ready: HostAddress) -> None:
        typer.echo(ready.to_json())

    try:
        run_host(options, announce)
    except (ModelHostError, StartupError, OSError) as error:
        fail(error)


@keys_app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Who the key is for.")],
    keys: Annotated[Path, typer.Option(help="File with the keys of the team.")],
) -> None:
    """Print a new key, once; the file keeps only its digest. A running host takes it at once."""
    from procoder_http.errors import StartupError
    from procoder_http.keys import add_key

    try:
        typer.echo(add_key(keys, name))
    except (StartupError, OSError) as error:
        fail(error)
