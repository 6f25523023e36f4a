"""Conversations as a whole: list, search and read them, begin, export and delete them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types

from procoder_server.arguments import read_arguments
from procoder_server.commands import analysed
from procoder_server.conversation_items import conversation_item, found_items, turn_item
from procoder_server.errors import InvalidArgumentsError, carrying_tutor_errors
from procoder_server.late import importing
from procoder_server.presentation import show
from procoder_server.server import ProcoderServer
from procoder_tutor.errors import InputError

if TYPE_CHECKING:
    from procoder_tutor.conversations import Conversation, Conversations, Turn

LIST: Final = "procoder.listConversations"
SEARCH: Final = "procoder.searchConversations"
READ: Final = "procoder.readConversation"
NEW: Final = "procoder.newConversation"
EXPORT: Final = "procoder.exportConversation"
DELETE: Final = "procoder.deleteConversations"
_PAGE = 50


def register(server: ProcoderServer) -> None:
    """Add the commands to a server."""
    register_reading(server)

    @server.command(NEW)
    async def new_conversation(params: types.ExecuteCommandParams) -> dict[str, Any]:
        given = read_arguments(NEW, params.arguments, {"uri": str}, required=["uri"])
        with carrying_tutor_errors():
            begun = await (await _conversations(server)).start_new(given["uri"])
        return {"conversation": begun.id}

    @server.command(EXPORT)
    async def export_conversation(params: types.ExecuteCommandParams) -> dict[str, Any]:
        fields = {"uri": str, "conversation": str, "show": bool}
        given = read_arguments(EXPORT, params.arguments, fields)
        conversations = await _conversations(server)
        with carrying_tutor_errors():
            identity = (await _named(EXPORT, conversations, given)).id
            markdown = await conversations.export_markdown(identity)
        if given.get("show"):
            server.spawn(show(server, "Conversation", markdown, markdown))
        return {"conversation": identity, "markdown": markdown}

    @server.command(DELETE)
    async def delete_conversations(params: types.ExecuteCommandParams) -> dict[str, Any]:
        fields = {"conversation": str, "all": bool}
        given = read_arguments(DELETE, params.arguments, fields)
        _require_one(DELETE, {name: value for name, value in given.items() if value}, *fields)
        conversations = await _conversations(server)
        with carrying_tutor_errors():
            if "conversation" in given:
                return {"deleted": int(await conversations.delete(given["conversation"]))}
            return {"deleted": await conversations.delete_all()}


def register_reading(server: ProcoderServer) -> None:
    """Add the commands that change nothing."""

    @server.command(LIST)
    async def list_conversations(params: types.ExecuteCommandParams) -> dict[str, Any]:
        given = read_arguments(LIST, params.arguments, {"after": str, "limit": int})
        conversations = await _conversations(server)
        with carrying_tutor_errors():
            after = await conversations.get(given["after"]) if "after" in given else None
            page = await conversations.list(limit=_limit(LIST, given), after=after)
        return {"conversations": [conversation_item(item) for item in page]}

    @server.command(SEARCH)
    async def search_conversations(params: types.ExecuteCommandParams) -> dict[str, Any]:
        fields = {"text": str, "limit": int}
        given = read_arguments(SEARCH, params.arguments, fields, required=["text"])
        conversations = await _conversations(server)
        with carrying_tutor_errors():
            found = await conversations.search(given["text"], limit=_limit(SEARCH, given))
        return {"found": found_items(found)}

    @server.command(READ)
    async def read_conversation(params: types.ExecuteCommandParams) -> dict[str, Any]:
        given = read_arguments(READ, params.arguments, {"uri": str, "conversation": str})
        conversations = await _conversations(server)
        with carrying_tutor_errors():
            read = await _named(READ, conversations, given)
            turns = await conversations.turns(read.id)
        stale = await _stale(server, read, turns)
        items = [{**turn_item(t), "stale": s} for t, s in zip(turns, stale, strict=True)]
        return {**conversation_item(read), "turns": items}


async def _conversations(server: ProcoderServer) -> "Conversations":
    return (await server.sessions.get()).tutor.conversations


async def _named(
    command: str, conversations: "Conversations", given: Mapping[str, Any]
) -> "Conversation":
    """Return the conversation of that id, or the current one about a document."""
    _require_one(command, given, "uri", "conversation")
    if "uri" in given:
        return await conversations.open_for(given["uri"])
    return await conversations.get(given["conversation"])


async def _stale(
    server: ProcoderServer, conversation: "Conversation", turns: "tuple[Turn, ...]"
) -> tuple[bool, ...]:
    """Tell of each turn whether its code has changed since; False where the code is not here."""
    unknown = (False,) * len(turns)
    if conversation.document is None:
        return unknown
    try:
        document = (await analysed(server, conversation.document)).document
    except InputError:
        return unknown
    with importing():
        from procoder_tutor.conversations import stale_turns  # noqa: PLC0415 - `initialize` is faster

    privacy = await (await server.sessions.get()).tutor.privacy(document)
    return stale_turns(turns, privacy.document)


def _limit(command: str, given: Mapping[str, Any]) -> int:
    limit = int(given.get("limit", _PAGE))
    if not 1 <= limit <= _PAGE:
        raise InvalidArgumentsError(message=f"`limit` of {command} is between 1 and {_PAGE}.")
    return limit


def _require_one(command: str, given: Mapping[str, Any], first: str, second: str) -> None:
    if (first in given) == (second in given):
        raise InvalidArgumentsError(message=f"{command} needs `{first}` or `{second}`.")
