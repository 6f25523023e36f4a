"""`procoder worker`: explains the items of batches that the API hands to a broker."""

from typing import Annotated

import typer

from procoder_cli.options import ModelName

BROKER_VARIABLE = "PROCODER_BROKER_URL"


def worker(
    broker_url: Annotated[
        str,
        typer.Option(
            envvar=BROKER_VARIABLE, help="Where work comes from: an amqp:// or redis:// URL."
        ),
    ],
    *,
    model: ModelName = None,
) -> None:
    """Take batch work from a broker; start as many as the model can serve.

    Workers and the API share the file with the batches: they run on one machine or one volume.
    """
    from importlib.util import find_spec

    if find_spec("celery") is None:
        typer.echo("procoder: A broker needs more packages: install procoder[worker].", err=True)
        raise typer.Exit(1)
    from procoder_api.batches.worker import run_worker
    from procoder_http.json_logs import configure_logging
    from procoder_tutor.settings import load_settings

    configure_logging("human", "procoder worker")
    settings, problems = load_settings({"model": model})
    for problem in problems:
        typer.echo(f"procoder: {problem}", err=True)
    run_worker(settings, broker_url)
