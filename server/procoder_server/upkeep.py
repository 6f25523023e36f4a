"""`procoder.clearCache` and `procoder.showSent`: what is kept of answers, and what was sent."""

from typing import Any

from lsprotocol import types

from procoder_server.arguments import read_arguments
from procoder_server.late import importing
from procoder_server.presentation import show
from procoder_server.server import ProcoderServer

CLEAR_CACHE = "procoder.clearCache"
SHOW_SENT = "procoder.showSent"


def register(server: ProcoderServer) -> None:
    """Add the commands to a server."""

    @server.command(CLEAR_CACHE)
    async def clear_cache(params: types.ExecuteCommandParams) -> dict[str, Any]:
        read_arguments(CLEAR_CACHE, params.arguments, {})
        await server.sessions.get()
        server.background.forget()
        # They share one file, so that only the first finds the answers in it.
        cleared = [await tutor.clear_cache() for tutor in server.sessions.tutors]
        return {"deleted": max(cleared)}

    @server.command(SHOW_SENT)
    async def show_sent(params: types.ExecuteCommandParams) -> dict[str, Any]:
        given = read_arguments(SHOW_SENT, params.arguments, {"show": bool})
        result = _sent(server)
        if given.get("show"):
            server.spawn(show(server, "What was sent", result["markdown"], result["markdown"]))
        return result


def _sent(server: ProcoderServer) -> dict[str, Any]:
    with importing():
        from procoder_server import answer_cards  # noqa: PLC0415 - `initialize` needs no Markdown

    title, last = server.journal.title, server.journal.last
    prompts, model, cached = (last.sent, last.model, last.cached) if last else ((), "", False)
    text = answer_cards.sent_markdown(title, model, prompts, cached=cached)
    return {"symbol": title, "model": model, "sent": list(prompts), "markdown": text}
