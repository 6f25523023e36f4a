"""`procoder host`: serve a model over the OpenAI wire format."""

from pathlib import Path
from typing import Annotated

import typer


def host(  # noqa: PLR0913 - one parameter per flag
    *,
    model: Annotated[
        str, typer.Option(help="Catalogue id, or path of a .gguf file.")
    ] = "smollm2-135m",
    address: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 picks a free port.")] = 0,
    context: Annotated[
        int | None, typer.Option(min=64, help="Context window in tokens [default: the model's].")
    ] = None,
    threads: Annotated[
        int | None, typer.Option(min=1, help="Threads [default: processors - 1].")
    ] = None,
    idle_timeout: Annotated[
        float | None, typer.Option(min=1, help="Leave after so many seconds without a request.")
    ] = None,
    grace: Annotated[
        float, typer.Option(min=0, help="Seconds for running answers when told to leave.")
    ] = 10.0,
    shared: Annotated[
        bool, typer.Option("--shared", help="Be this user's one host, or name the one there is.")
    ] = False,
    token_file: Annotated[
        Path | None,
        typer.Option(help="File with the bearer token; made and removed when missing."),
    ] = None,
) -> None:
    """Serve a model on this machine; prints one JSON line with its address when ready."""
    import logging

    from procoder_model_host.errors import ModelHostError
    from procoder_model_host.serving import HostOptions, run_host
    from procoder_protocol.discovery import HostAddress

    logging.basicConfig(level=logging.WARNING, format="procoder host: %(levelname)s %(message)s")
    options = HostOptions(
        model=model,
        host=address,
        port=port,
        context=context,
        threads=threads,
        idle_timeout=idle_timeout,
        grace=grace,
        shared=shared,
        token_file=token_file,
    )

    def announce(ready: HostAddress) -> None:
        typer.echo(ready.to_json())

    try:
        run_host(options, announce)
    except (ModelHostError, OSError) as error:
        advice = getattr(error, "advice", "")
        typer.echo(f"procoder: {error}" + (f". {advice}" if advice else ""), err=True)
        raise typer.Exit(1) from error
