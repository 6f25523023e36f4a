"""`procoder settings`: what holds on this machine, or the schema of all settings."""

from typing import Annotated

import typer


def settings(
    *,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON schema instead.")
    ] = False,
) -> None:
    """Print every setting as the environment has it; an editor may set others.

    Exits with 1 when a value cannot be used.
    """
    import json

    from procoder_server.settings import ServerSettings, leaves, load_server_settings
    from procoder_server.settings_document import schema as schema_of_all

    if schema:
        typer.echo(json.dumps(schema_of_all(), indent=2))
        return
    held, problems = load_server_settings()
    values = held.model_dump(mode="json")
    for name, _ in leaves(ServerSettings):
        value = values
        for part in name.split("."):
            value = value[part]
        typer.echo(f"{name:<32} {json.dumps(value)}")
    for problem in problems:
        typer.echo(f"procoder: {problem}", err=True)
    raise typer.Exit(1 if problems else 0)
