"""`procoder lint`: what Python and pyflakes find wrong with a file."""

from typing import Annotated

import typer

_UNREADABLE = 2


def lint(
    path: Annotated[str, typer.Argument(help="A Python file, or - for standard input.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,  # noqa: FBT002 (typer's way)
) -> None:
    """Print the findings as `path:line:col: CODE message`; exit 1 when there are any."""
    import json
    from dataclasses import asdict

    from procoder_cli.source import load_document
    from procoder_tutor.errors import InputError, describe
    from procoder_tutor.lint import lint as findings_of

    try:
        findings = findings_of(load_document(path))
    except InputError as error:
        typer.echo(f"procoder: {describe(error)}", err=True)
        raise typer.Exit(_UNREADABLE) from None
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        for found in findings:
            place = f"{path}:{found.line}:{found.column + 1}"
            typer.echo(f"{place}: {found.code} {found.message}")
    raise typer.Exit(1 if findings else 0)
