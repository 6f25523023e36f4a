"""`procoder explain` and `procoder ask`: facts at once, then the model's words as they come."""

from typing import Annotated

import typer

from procoder_cli.options import (
    AsJson,
    Language,
    LevelName,
    Line,
    Lines,
    ModelName,
    Refresh,
    Sent,
    Source,
    SymbolName,
)


def explain(  # noqa: PLR0913 - one parameter an option
    path: Source,
    *,
    line: Line = None,
    lines: Lines = None,
    symbol: SymbolName = None,
    parts: Annotated[
        bool, typer.Option("--parts", help="Then go through it part by part.")
    ] = False,
    level: LevelName = None,
    lang: Language = None,
    model: ModelName = None,
    json: AsJson = False,
    refresh: Refresh = False,
    sent: Sent = False,
) -> None:
    """Explain a function, class, file or a few lines: facts first, then a model's words, checked.

    Facts need no model: without one they are printed, and a line on standard error says how to
    get a model; that is a success, except with --json, where an explanation was asked for.
    """
    from procoder_cli.asking import Request, ask_and_exit
    from procoder_cli.source import Where
    from procoder_tutor.questions import Kind

    request = Request(
        path,
        Where(line, lines, symbol),
        kind=Kind.BLOCKS if parts else Kind.EXPLAIN,
        refresh=refresh,
        as_json=json,
        show_sent=sent,
    )
    ask_and_exit(request, {"level": level, "language": lang, "model": model})


def ask(  # noqa: PLR0913 - one parameter an option
    path: Source,
    question: Annotated[str, typer.Argument(help="What you want to know, in your own words.")],
    *,
    line: Line = None,
    lines: Lines = None,
    symbol: SymbolName = None,
    new: Annotated[
        bool, typer.Option("--new", help="Begin a new conversation about this file.")
    ] = False,
    level: LevelName = None,
    lang: Language = None,
    model: ModelName = None,
    json: AsJson = False,
    sent: Sent = False,
) -> None:
    """Ask about some code; the conversation about a file goes on from question to question."""
    from procoder_cli.asking import Request, ask_and_exit
    from procoder_cli.source import Where
    from procoder_tutor.questions import Kind

    request = Request(
        path,
        Where(line, lines, symbol),
        kind=Kind.CHAT,
        text=question,
        as_json=json,
        show_sent=sent,
        new_conversation=new,
    )
    ask_and_exit(request, {"level": level, "language": lang, "model": model})
