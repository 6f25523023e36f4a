"""`procoder history`: what was asked and answered, to read, keep or delete."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from procoder_tutor.conversations import Conversations

_WIDTH = 100
app = typer.Typer(
    help="Conversations with ProCoder: list, search, export, delete.", no_args_is_help=True
)
Id = Annotated[str, typer.Argument(metavar="ID", help="As `procoder history list` shows it.")]


@app.command("list")
def list_conversations(
    limit: Annotated[int, typer.Option(min=1, help="How many, the latest first.")] = 20,
) -> None:
    """Show the conversations, those that went on last first."""

    async def show(conversations: "Conversations") -> None:
        for found in await conversations.list(limit=limit):
            typer.echo(f"{found.id}  {found.changed:%Y-%m-%d %H:%M}  {found.title}")

    _run(show)


@app.command()
def search(words: Annotated[str, typer.Argument(help="All of these words.")]) -> None:
    """Find turns that hold all of some words."""

    async def show(conversations: "Conversations") -> None:
        for found in await conversations.search(words):
            text = " ".join(found.turn.text.split())
            typer.echo(f"{found.conversation.id}  {found.turn.role}: {text[:_WIDTH]}")

    _run(show)


@app.command()
def export(conversation: Id) -> None:
    """Print a conversation as Markdown."""

    async def show(conversations: "Conversations") -> None:
        typer.echo(await conversations.export_markdown(conversation), nl=False)

    _run(show)


@app.command()
def delete(
    conversation: Annotated[str | None, typer.Argument(metavar="[ID]")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Delete all conversations.")] = False,
) -> None:
    """Delete one conversation, or all of them; their text is overwritten."""
    if (conversation is None) != everything:
        typer.echo("procoder: Give the id of a conversation, or --all.", err=True)
        raise typer.Exit(2)

    async def erase(conversations: "Conversations") -> None:
        if conversation is None:
            typer.echo(f"Deleted {await conversations.delete_all()}.")
        elif not await conversations.delete(conversation):
            typer.echo(f"procoder: There is no conversation {conversation}.", err=True)
            raise typer.Exit(1)

    _run(erase)


def _run(work: "Callable[[Conversations], Awaitable[None]]") -> None:
    from procoder_tutor.conversations import ConversationStore
    from procoder_tutor.errors import TutorError, describe
    from procoder_tutor.settings import load_settings

    async def opened() -> None:
        settings, _ = load_settings()
        store = ConversationStore(settings.conversations)
        try:
            await work(store.of())
        finally:
            await store.aclose()

    try:
        asyncio.run(opened())
    except TutorError as error:
        typer.echo(f"procoder: {describe(error)}", err=True)
        raise typer.Exit(1) from None
