"""A turn of a chat, read: what was said, about which code, and what is to be asked for it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from procoder_server.analysis import Analysis
from procoder_server.chat_arguments import ChatArguments
from procoder_server.chat_input import (
    ChatInput,
    describe_unknown,
    describe_unknown_slash,
    parse_chat_input,
)
from procoder_server.chat_questions import Asked
from procoder_server.commands import analysed
from procoder_server.server import ProcoderServer
from procoder_server.session import Session
from procoder_server.subjects import Cursor
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

    def question(self, asked: Asked) -> Question:
        """Return what the tutor is asked."""
        return Question(
            asked.symbol,
            asked.kind,
            level=self.level,
            language=self.arguments.language or self.session.settings.language,
            refresh=self.arguments.refresh,
            text=asked.text,
            finding=asked.finding,
            conversation=self.conversation,
        )


def unknown_mentions(typed: ChatInput, code: str) -> tuple[str, ...]:
    """Return what was meant to be a mention and is none; decorators are words like any other."""
    return tuple(
        name for name in typed.unknown if name not in _BUILTIN_DECORATORS and name not in code
    )


async def read_turn(server: ProcoderServer, arguments: ChatArguments) -> Turn:
    """Read a turn; raises InputError where it says what there is not, and StorageError."""
    typed = parse_chat_input(arguments.text)
    if typed.unknown_slash:
        advice = describe_unknown_slash(typed.unknown_slash)
        raise InputError(f"There is no command `{typed.unknown_slash}`", advice)
    analysis = await analysed(server, arguments.uri)
    session = await server.sessions.get(arguments.uri)
    conversations = session.tutor.conversations
    if arguments.conversation is None:
        conversation = await conversations.open_for(arguments.uri)
    else:
        conversation = await conversations.get(arguments.conversation)
    unknown = unknown_mentions(typed, analysis.document.snapshot.text)
    cursor = arguments.cursor(server.workspace.get_text_document(arguments.uri))
    notes = (describe_unknown(unknown),) if unknown else ()
    return Turn(arguments, typed, session, conversation.id, analysis, cursor, notes)
