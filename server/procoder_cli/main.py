"""The command line's front door: names the commands; each imports what it needs when it runs."""

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from procoder_cli import history, host, keys, models
from procoder_cli.api import api
from procoder_cli.companion import companion
from procoder_cli.doctor import doctor
from procoder_cli.edit import document, fix, simplify, write_tests
from procoder_cli.evaluate import evaluate
from procoder_cli.explain import ask, explain
from procoder_cli.facts import facts
from procoder_cli.hint import hint
from procoder_cli.lesson import lesson
from procoder_cli.lint import lint
from procoder_cli.lsp import run
from procoder_cli.settings import settings
from procoder_cli.worker import worker

app = typer.Typer(
    name="procoder",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    explain,
    ask,
    fix,
    simplify,
    document,
    hint,
    lesson,
    facts,
    lint,
    api,
    worker,
    companion,
    settings,
    doctor,
):
    app.command()(command)
app.command("tests")(write_tests)
app.command("eval")(evaluate)
app.add_typer(history.app, name="history")
app.add_typer(host.app, name="host")
app.add_typer(keys.app, name="keys")
app.add_typer(models.app, name="models")


@app.command(
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": [],
    }
)
def lsp(context: typer.Context) -> None:
    """Run the language server over stdin and stdout, as editors start it."""
    sys.exit(run(context.args))


def _print_version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"procoder {version('procoder')}")
        raise typer.Exit


@app.callback()
def procoder(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Explain code: facts computed from it, prose from a model on your own machine."""
