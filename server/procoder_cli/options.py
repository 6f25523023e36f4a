"""Arguments and options that several commands share."""

from typing import Annotated

import typer

STOPPED = 130
"""Exit code after Ctrl-C: 128 and the number of SIGINT, as shells have it."""

Source = Annotated[str, typer.Argument(help="A Python file, or - for standard input.")]
Line = Annotated[int | None, typer.Option(help="The innermost symbol around this line.")]
Lines = Annotated[str | None, typer.Option(metavar="FIRST-LAST", help="These lines, e.g. 10-18.")]
SymbolName = Annotated[
    str | None, typer.Option("--symbol", metavar="QUALNAME", help="This one: `Account.deposit`.")
]
LevelName = Annotated[
    str | None,
    typer.Option("--level", help="Whom it is for: beginner, intermediate or expert."),
]
Language = Annotated[
    str | None,
    typer.Option("--lang", metavar="CODE", help="Language of the answer, e.g. en or es."),
]
ModelName = Annotated[
    str | None, typer.Option("--model", metavar="ID", help="Which model writes it.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Refresh = Annotated[
    bool, typer.Option("--refresh", help="Ask the model again, even if the answer is known.")
]
Sent = Annotated[
    bool, typer.Option("--sent", help="Print what was sent to the model, secrets taken out.")
]
Write = Annotated[
    bool, typer.Option("--write", help="Make the change; without it, only the difference shows.")
]
