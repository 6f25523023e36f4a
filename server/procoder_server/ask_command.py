"""`procoder.ask`: a question about some code, in the asker's words or chosen from a few.

Argument and result are described in docs/lsp.md. What is asked and answered goes into the
document's conversation.
"""

from collections.abc import Mapping
from typing import Any, Final

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from procoder_server.arguments import read_arguments
from procoder_server.asking import Outlet, ask, model_work
from procoder_server.commands import (
    PLACES,
    ExplainArguments,
    analysed,
    find_code,
    parse_arguments,
)
from procoder_server.errors import RequestFailedError, carrying_tutor_errors
from procoder_server.late import importing
from procoder_server.presentation import show
from procoder_server.protocol import PARTIAL_RESULT_TOKEN
from procoder_server.server import ProcoderServer
from procoder_tutor.questions import Kind, Question
from procoder_tutor.sanitize import escape

ASK: Final = "procoder.ask"
QUESTIONS: Final = (
    "What is it for?",
    "How do I use it?",
    "What can go wrong here?",
    "Why is it written this way?",
)
_FIELDS = {"uri": str, "symbol": str, "line": int, "range": dict, "text": str, "show": bool}


def register(server: ProcoderServer) -> None:
    """Add the command to a server."""

    @server.command(ASK)
    async def answer(params: types.ExecuteCommandParams) -> dict[str, Any] | None:
        given = read_arguments(ASK, params.arguments, _FIELDS, required=["uri"])
        asked_about = {name: given[name] for name in ("uri", *PLACES) if name in given}
        place = parse_arguments([asked_about], ASK)
        with carrying_tutor_errors():
            return await _answer(server, given, place, params.work_done_token)


async def _answer(
    server: ProcoderServer,
    given: Mapping[str, Any],
    place: ExplainArguments,
    token: types.ProgressToken | None,
) -> dict[str, Any] | None:
    # `initialize` is answered without this.
    with importing():
        from procoder_tutor.markdown import explanation_markdown  # noqa: PLC0415

    uri = given["uri"]
    document = (await analysed(server, uri)).document
    symbol = find_code(document, server.workspace.get_text_document(uri), place)
    text = given.get("text") or await _chosen(server, symbol.name)
    if text is None:
        return None
    title = f"Answering about {symbol.name}"
    async with model_work(server, uri, token, title) as progress:
        session = await server.sessions.get(uri)
        level, language = session.settings.level, session.settings.language
        kept_in = (await session.tutor.conversations.open_for(uri)).id
        question = Question(symbol, Kind.CHAT, level, language, text=text, conversation=kept_in)
        outlet = Outlet(server, progress, given.get(PARTIAL_RESULT_TOKEN))
        explanation = (await ask(server, session.tutor, document, question, outlet)).explanation
    markdown = f"**{escape(text)}**\n\n{explanation_markdown(explanation)}"
    if given.get("show"):
        server.spawn(show(server, symbol.name, markdown, explanation.markdown))
    return {"markdown": markdown, "text": text, "model": explanation.model}


async def _chosen(server: ProcoderServer, name: str) -> str | None:
    """Let the user choose a question; None for none, and where the client shows none."""
    params = types.ShowMessageRequestParams(
        type=types.MessageType.Info,
        message=f"What do you want to know about {name}?",
        actions=[types.MessageActionItem(question) for question in QUESTIONS],
    )
    try:
        chosen = await server.window_show_message_request_async(params)
    except JsonRpcException:
        message = f"This editor shows no questions to choose from: give {ASK} a `text`."
        raise RequestFailedError(message=message) from None
    return chosen.title if chosen is not None else None
