"""What the commands that serve have in common: options, and how a failed start is told."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

NETWORK, SECURITY, PROCESS = "Network", "Who may use it", "Process"
"""Headings of their help."""


class LogFormatName(StrEnum):
    """How log lines look."""

    HUMAN = "human"
    JSON = "json"


Address = Annotated[
    str, typer.Option("--host", help="Address to listen on.", rich_help_panel=NETWORK)
]
Port = Annotated[
    int, typer.Option(min=0, max=65535, help="0 picks a free port.", rich_help_panel=NETWORK)
]
TlsCert = Annotated[
    Path | None,
    typer.Option(help="PEM file with the certificate chain.", rich_help_panel=NETWORK),
]
TlsKey = Annotated[
    Path | None, typer.Option(help="PEM file with its private key.", rich_help_panel=NETWORK)
]
BehindProxy = Annotated[
    bool,
    typer.Option(
        "--behind-proxy",
        help="A proxy in front speaks TLS: allow an open address without.",
        rich_help_panel=NETWORK,
    ),
]
AllowedHosts = Annotated[
    list[str] | None,
    typer.Option(
        "--allowed-host",
        help="Name by which a proxy or other machines call this server; repeatable.",
        rich_help_panel=SECURITY,
    ),
]
TokenFile = Annotated[
    Path | None,
    typer.Option(
        help="File with your own bearer token; made and removed when missing.",
        rich_help_panel=SECURITY,
    ),
]
Grace = Annotated[
    float,
    typer.Option(
        min=0, help="Seconds for running answers when told to leave.", rich_help_panel=PROCESS
    ),
]
LogFormat = Annotated[
    LogFormatName,
    typer.Option(
        help="`json`: one object a line on stderr, with a line for each request.",
        rich_help_panel=PROCESS,
    ),
]


def fail(error: Exception) -> NoReturn:
    """Say on stderr what went wrong and what to do, and leave with exit code 1."""
    advice = getattr(error, "advice", "")
    typer.echo(f"procoder: {error}" + (f". {advice}" if advice else ""), err=True)
    raise typer.Exit(1) from error
