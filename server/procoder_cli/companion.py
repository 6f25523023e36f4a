"""`procoder companion`: tutoring in a browser."""

from typing import Annotated

import typer


def companion(
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 picks a free port.")] = 8501,
    headless: Annotated[
        bool, typer.Option("--headless", help="Open no browser; only print the address.")
    ] = False,
    api_url: Annotated[
        str,
        typer.Option(
            "--api",
            envvar="PROCODER_API_URL",
            help="Address of an API that others run; everybody signs in with a key of their own.",
        ),
    ] = "",
) -> None:
    """Open the companion: code on the left, the tutor on the right. Ctrl-C ends it."""
    import webbrowser
    from importlib.util import find_spec

    if find_spec("streamlit") is None:
        typer.echo(
            "procoder: the companion needs `pip install 'procoder[api,companion]'`", err=True
        )
        raise typer.Exit(1)

    from procoder_companion.errors import StartError
    from procoder_companion.serving import CompanionOptions, run_companion

    def announce(url: str) -> None:
        typer.echo(f"The companion is open at {url} (Ctrl-C ends it)")
        if not headless:
            webbrowser.open(url)

    try:
        run_companion(CompanionOptions(port, api_url), announce)
    except (StartError, OSError) as error:
        typer.echo(f"procoder: {error}", err=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        pass
