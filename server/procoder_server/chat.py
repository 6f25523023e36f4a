"""`procoder.chat`: a conversation about a document, as a command.

What can be typed is in `chat_input`; arguments, result and progress are described in docs/lsp.md.
"""

from typing import Any

from lsprotocol import types

from procoder_server.asking import Outlet, ask, model_work
from procoder_server.chat_arguments import parse_chat_arguments
from procoder_server.chat_input import Slash
from procoder_server.chat_questions import to_asked
from procoder_server.chat_results import answered, said
from procoder_server.chat_turns import Turn, read_turn
from procoder_server.edit_requests import KINDS
from procoder_server.late import importing
from procoder_server.next_steps import CHAT, hint_step
from procoder_server.presentation import show
from procoder_server.progress import Progress
from procoder_server.server import ProcoderServer
from procoder_server.subjects import find_subject

EDIT_KINDS = frozenset(KINDS.values())


def register(server: ProcoderServer) -> None:
    """Add the chat to a server."""

    @server.command(CHAT)
    async def chat(params: types.ExecuteCommandParams) -> dict[str, Any]:
        arguments = parse_chat_arguments(params.arguments)
        async with model_work(
            server, arguments.uri, params.work_done_token, "Answering"
        ) as progress:
            turn = await read_turn(server, arguments)
            if arguments.replaces is not None:
                await turn.conversations.take_back(turn.conversation, arguments.replaces)
            result = await _reply(server, turn, progress)
        if arguments.show:
            title = f"Chat about {turn.analysis.document.module.name}"
            prose = result["explanation"] or result["markdown"]
            server.spawn(show(server, title, result["markdown"], prose))
        return result


async def _reply(server: ProcoderServer, turn: Turn, progress: Progress) -> dict[str, Any]:
    match turn.said.slash:
        case Slash.HINT:
            return await _hint(turn)
        case Slash.NEW | Slash.CLEAR:
            return await _new(turn)
        case Slash.EXPORT:
            return said(turn, await turn.conversations.export_markdown(turn.conversation))
        case _:
            return await _answer(server, turn, progress)


async def _answer(server: ProcoderServer, turn: Turn, progress: Progress) -> dict[str, Any]:
    document = turn.analysis.document
    asked = to_asked(document, turn.analysis.findings, turn.said, turn.cursor)
    question = turn.question(asked)
    partial = turn.arguments.partial
    outlet = Outlet(server, progress, partial, of_edit=question.kind in EDIT_KINDS)
    answer = await ask(server, turn.session.tutor, document, question, outlet)
    return await answered(server, turn, asked, answer)


async def _hint(turn: Turn) -> dict[str, Any]:
    with importing():
        from procoder_tutor.hinting import next_hint  # noqa: PLC0415 - `initialize` needs no linter

    document = turn.analysis.document
    line = turn.cursor.line if turn.cursor else 1
    if turn.said.mentions:
        line = find_subject(document, turn.said.mentions, turn.cursor).symbol.line
    hint = await next_hint(
        turn.conversations,
        document,
        line,
        expectation=turn.said.words,
        max_rung=turn.session.settings.hints_up_to,
    )
    steps = [hint_step("Next hint", turn.arguments.repeatable, line)] if hint.more else []
    return {
        **said(turn, hint.markdown, steps),
        "rung": hint.rung.value,
        "more": hint.more.value if hint.more else None,
        "lesson": hint.lesson,
    }


async def _new(turn: Turn) -> dict[str, Any]:
    """Begin another conversation; `/clear` also deletes the one before."""
    if turn.said.slash is Slash.CLEAR:
        await turn.conversations.delete(turn.conversation)
    begun = await turn.conversations.start_new(turn.arguments.uri)
    text = "This is a new conversation: earlier turns are no part of it."
    if turn.said.slash is Slash.CLEAR:
        text = "The conversation was deleted. This is a new one."
    return {**said(turn, text), "conversation": begun.id}
