"""`procoder fix`, `simplify`, `document` and `tests`: edits that passed their checks."""

import typer

from procoder_cli.options import Line, ModelName, Source, SymbolName, Write


def fix(
    path: Source,
    *,
    line: Line = None,
    model: ModelName = None,
    write: Write = False,
) -> None:
    """Mend what the linter found in a line: the first finding of the file without --line.

    Certain fixes need no model; others are the model's, and offered only if the finding is gone
    and nothing else changed.
    """
    _edit("fix", path, line, None, model, write=write)


def simplify(
    path: Source,
    *,
    line: Line = None,
    symbol: SymbolName = None,
    model: ModelName = None,
    write: Write = False,
) -> None:
    """Have a function written more simply; offered only if its behaviour seems unchanged."""
    _edit("simplify", path, line, symbol, model, write=write)


def document(
    path: Source,
    *,
    line: Line = None,
    symbol: SymbolName = None,
    model: ModelName = None,
    write: Write = False,
) -> None:
    """Write or renew a docstring: a checked sentence of the model, and what the code proves."""
    _edit("document", path, line, symbol, model, write=write)


def write_tests(
    path: Source,
    *,
    line: Line = None,
    symbol: SymbolName = None,
    model: ModelName = None,
    write: Write = False,
) -> None:
    """Write tests for a function into the project's test file, which is added to."""
    _edit("tests", path, line, symbol, model, write=write)


def _edit(  # noqa: PLR0913 - the options of one command
    kind: str, path: str, line: int | None, symbol: str | None, model: str | None, *, write: bool
) -> None:
    from procoder_cli.asking import Request, ask_and_exit
    from procoder_cli.source import Where
    from procoder_tutor.questions import Kind

    if path == "-" and write:
        typer.echo("procoder: Standard input cannot be written to. Name a file.", err=True)
        raise typer.Exit(1)
    request = Request(path, Where(line, None, symbol), kind=Kind(kind), write=write)
    ask_and_exit(request, {"model": model})
