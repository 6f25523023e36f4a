"""`procoder explain`: the facts at once, then the model's explanation as it is written."""

from typing import Annotated

import typer

STOPPED = 130
"""Exit code after Ctrl-C: 128 and the number of SIGINT, as shells have it."""


def explain(  # noqa: PLR0913 - one parameter an option
    path: Annotated[str, typer.Argument(help="A Python file, or - for standard input.")],
    *,
    line: Annotated[
        int | None, typer.Option(help="Explain the innermost symbol around this line.")
    ] = None,
    symbol: Annotated[
        str | None, typer.Option(metavar="QUALNAME", help="Explain this symbol: `Account.deposit`.")
    ] = None,
    level: Annotated[
        str | None, typer.Option(help="Whom it is for: beginner, intermediate or expert.")
    ] = None,
    lang: Annotated[
        str | None, typer.Option(metavar="CODE", help="Language of the explanation, e.g. en or es.")
    ] = None,
    model: Annotated[str | None, typer.Option(metavar="ID", help="Which model writes it.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask the model again, even if the answer is known.")
    ] = False,
) -> None:
    """Explain a function, class or file: facts first, then a model's words, checked.

    Facts need no model: without one they are printed, and a line on standard error says how to
    get a model; that is a success, except with --json, where an explanation was asked for.
    """
    import asyncio

    from procoder_cli.explaining import Request, run
    from procoder_tutor.errors import TutorError, describe

    request: Request = Request(path, line, symbol, refresh=refresh, as_json=json)
    try:
        code = asyncio.run(run(request, {"level": level, "language": lang, "model": model}))
    except KeyboardInterrupt:
        typer.echo("procoder: Stopped.", err=True)
        raise typer.Exit(STOPPED) from None
    except TutorError as error:
        typer.echo(f"procoder: {describe(error)}", err=True)
        raise typer.Exit(1) from None
    raise typer.Exit(code)
