"""`procoder.chat`: a conversation about a document, as a command.

What can be typed is in `chat_input`; arguments, result and progress are described in docs/lsp.md.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from procoder_server.analysis import Analysis
from procoder_server.asking import Answer, Outlet, ask, model_work
from procoder_server.chat_arguments import ChatArguments, parse_chat_arguments
from procoder_server.chat_input import (
    ChatInput,
    Slash,
    describe_unknown,
    describe_unknown_slash,
    parse_chat_input,
)
from procoder_server.chat_questions import Asked, to_asked
from procoder_server.commands import analysed, answer_fields
from procoder_server.late import importing
from procoder_server.next_steps import CHAT, hint_step, next_steps
from procoder_server.presentation import show
from procoder_server.progress import Progress
from procoder_server.server import ProcoderServer
from procoder_server.session import Session
from procoder_server.subjects import Cursor, find_subject
from procoder_tutor.edits.model import ProposedEdit, Rejected
from procoder_tutor.errors import InputError
from procoder_tutor.questions import Level, Question

if TYPE_CHECKING:
    from procoder_tutor.conversations import Conversations

_BUILTIN_DECORATORS = frozenset({"@classmethod", "@property", "@staticmethod"})


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation: what was said, and all that is known to answer it."""

    arguments: ChatArguments
    said: ChatInput
    session: Session
    conversation: str
    analysis: Analysis
    cursor: Cursor | None
    notes: tuple[str, ...]

    @property
    def level(self) -> Level:
        """Whom the answer is for."""
        return self.arguments.level or self.session.settings.level

    @property
    def conversations(self) -> "Conversations":
        """All of them."""
        return self.session.tutor.conversations


def register(server: ProcoderServer) -> None:
    """Add the chat to a server."""

    @server.command(CHAT)
    async def chat(params: types.ExecuteCommandParams) -> dict[str, Any]:
        arguments = parse_chat_arguments(params.arguments)
        async with model_work(
            server, arguments.uri, params.work_done_token, "Answering"
        ) as progress:
            turn = await _turn(server, arguments)
            result = await _reply(server, turn, progress)
        if arguments.show:
            title = f"Chat about {turn.analysis.document.module.name}"
            prose = result["explanation"] or result["markdown"]
            server.spawn(show(server, title, result["markdown"], prose))
        return result


def unknown_mentions(said: ChatInput, code: str) -> tuple[str, ...]:
    """Return what was meant to be a mention and is none; decorators are words like any other."""
    return tuple(
        name for name in said.unknown if name not in _BUILTIN_DECORATORS and name not in code
    )


async def _turn(server: ProcoderServer, arguments: ChatArguments) -> Turn:
    said = parse_chat_input(arguments.text)
    if said.unknown_slash:
        advice = describe_unknown_slash(said.unknown_slash)
        raise InputError(f"There is no command `{said.unknown_slash}`", advice)
    analysis = await analysed(server, arguments.uri)
    session = await server.sessions.get(arguments.uri)
    conversations = session.tutor.conversations
    if arguments.conversation is None:
        conversation = await conversations.open_for(arguments.uri)
    else:
        conversation = await conversations.get(arguments.conversation)
    unknown = unknown_mentions(said, analysis.document.snapshot.text)
    cursor = arguments.cursor(server.workspace.get_text_document(arguments.uri))
    notes = (describe_unknown(unknown),) if unknown else ()
    return Turn(arguments, said, session, conversation.id, analysis, cursor, notes)


async def _reply(server: ProcoderServer, turn: Turn, progress: Progress) -> dict[str, Any]:
    match turn.said.slash:
        case Slash.HINT:
            return await _hint(turn)
        case Slash.NEW | Slash.CLEAR:
            return await _new(turn)
        case Slash.EXPORT:
            return _said(turn, await turn.conversations.export_markdown(turn.conversation))
        case _:
            return await _answer(server, turn, progress)


async def _answer(server: ProcoderServer, turn: Turn, progress: Progress) -> dict[str, Any]:
    document, settings = turn.analysis.document, turn.session.settings
    asked = to_asked(document, turn.analysis.findings, turn.said, turn.cursor)
    question = Question(
        asked.symbol,
        asked.kind,
        level=turn.level,
        language=turn.arguments.language or settings.language,
        text=asked.text,
        finding=asked.finding,
        conversation=turn.conversation,
    )
    outlet = Outlet(server, progress, turn.arguments.partial)
    answer = await ask(server, turn.session.tutor, document, question, outlet)
    return await asyncio.to_thread(_answered, turn, asked, answer)


def _answered(turn: Turn, asked: Asked, answer: Answer) -> dict[str, Any]:
    """Return the result for an answer; reads the files that a proposed edit changes."""
    # `initialize` is answered without these.
    with importing():
        from procoder_server import answer_cards  # noqa: PLC0415
        from procoder_tutor.edits.difference import difference  # noqa: PLC0415

    changed = ""
    if isinstance(answer.proposal, ProposedEdit):
        changed = difference(turn.analysis.document, answer.proposal)
    notes = (*turn.notes, *asked.notes)
    reply = answer_cards.reply(asked.kind, answer, turn.level, changed)
    argument = turn.arguments.repeatable
    return {
        "conversation": turn.conversation,
        "kind": asked.kind.value,
        "markdown": "\n\n".join([*notes, reply]),
        "notes": list(notes),
        "next": next_steps(asked.kind, turn.level, argument, answer, asked.findings),
        "proposal": _proposal(answer.proposal, changed),
        **answer_fields(answer),
    }


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
    return {**_said(turn, hint.markdown, steps), "lesson": hint.lesson}


async def _new(turn: Turn) -> dict[str, Any]:
    """Begin another conversation; `/clear` also deletes the one before."""
    if turn.said.slash is Slash.CLEAR:
        await turn.conversations.delete(turn.conversation)
    begun = await turn.conversations.start_new(turn.arguments.uri)
    text = "This is a new conversation: earlier turns are no part of it."
    if turn.said.slash is Slash.CLEAR:
        text = "The conversation was deleted. This is a new one."
    return {**_said(turn, text), "conversation": begun.id}


def _said(turn: Turn, markdown: str, steps: Sequence[types.Command] = ()) -> dict[str, Any]:
    """Return the result of what needs no model."""
    return {
        "conversation": turn.conversation,
        "kind": str(turn.said.slash),
        "markdown": "\n\n".join([*turn.notes, markdown]),
        "explanation": markdown,
        "notes": list(turn.notes),
        "next": list(steps),
    }


def _proposal(proposal: ProposedEdit | Rejected | None, difference: str) -> dict[str, Any] | None:
    match proposal:
        case ProposedEdit(title=title, notes=notes):
            return {"title": title, "difference": difference, "notes": list(notes)}
        case Rejected():
            return asdict(proposal)
        case _:
            return None
