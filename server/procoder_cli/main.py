"""The command line's front door: registers the commands, each of which imports what it needs."""

import contextlib
from importlib import import_module

import typer

app = typer.Typer(
    name="procoder",
    help="Explains code: facts computed from it, prose from a model on your own machine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for name in ("explain", "facts", "lint", "lsp", "host", "doctor"):
    with contextlib.suppress(ModuleNotFoundError):
        app.command()(getattr(import_module(f"procoder_cli.{name}"), name))
with contextlib.suppress(ModuleNotFoundError):
    app.add_typer(import_module("procoder_cli.models").app, name="models")
