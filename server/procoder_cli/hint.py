"""`procoder hint`: one rung more of help with a line each time, the solution last."""

from typing import Annotated

import typer

from procoder_cli.options import Source


def hint(
    path: Source,
    line: Annotated[int, typer.Option(help="The line that you are stuck at.")],
    expected: Annotated[
        str, typer.Option(help="What you expected to happen, when nothing looks wrong.")
    ] = "",
) -> None:
    """Give the next hint about a line: a question first, then more with each call."""
    import asyncio

    from procoder_cli.source import Where, load_document, select
    from procoder_tutor.conversations import ConversationStore
    from procoder_tutor.errors import TutorError, describe
    from procoder_tutor.hinting import next_hint
    from procoder_tutor.hints.ladder import Hint
    from procoder_tutor.markdown import plain_text
    from procoder_tutor.settings import load_settings

    async def give() -> Hint:
        document = load_document(path)
        select(document, Where(line=line))
        settings, _ = load_settings()
        store = ConversationStore(settings.conversations)
        try:
            return await next_hint(
                store.of(), document, line, expectation=expected, max_rung=settings.hints_up_to
            )
        finally:
            await store.aclose()

    try:
        given = asyncio.run(give())
    except TutorError as error:
        typer.echo(f"procoder: {describe(error)}", err=True)
        raise typer.Exit(1) from None
    typer.echo(plain_text(given.markdown))
    if given.lesson:
        typer.echo(f"\nprocoder lesson {given.lesson}")
    if given.more:
        typer.echo(f"\nAsk again for the {given.more.value}.")
