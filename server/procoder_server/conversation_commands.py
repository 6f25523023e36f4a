"""Conversations as a whole: begin another one, export one, delete one or all of them."""

from typing import Any

from lsprotocol import types

from procoder_server.arguments import read_arguments
from procoder_server.errors import InvalidArgumentsError, carrying_tutor_errors
from procoder_server.presentation import show
from procoder_server.server import ProcoderServer

NEW = "procoder.newConversation"
EXPORT = "procoder.exportConversation"
DELETE = "procoder.deleteConversations"


def register(server: ProcoderServer) -> None:
    """Add the commands to a server."""

    @server.command(NEW)
    async def new_conversation(params: types.ExecuteCommandParams) -> dict[str, Any]:
        given = read_arguments(NEW, params.arguments, {"uri": str}, required=["uri"])
        session = await server.sessions.get()
        with carrying_tutor_errors():
            begun = await session.tutor.conversations.start_new(given["uri"])
        return {"conversation": begun.id}

    @server.command(EXPORT)
    async def export_conversation(params: types.ExecuteCommandParams) -> dict[str, Any]:
        fields = {"uri": str, "conversation": str, "show": bool}
        given = read_arguments(EXPORT, params.arguments, fields)
        _require_one(EXPORT, given, "uri", "conversation")
        session = await server.sessions.get()
        conversations = session.tutor.conversations
        with carrying_tutor_errors():
            if "uri" in given:
                identity = (await conversations.open_for(given["uri"])).id
            else:
                identity = given["conversation"]
            markdown = await conversations.export_markdown(identity)
        if given.get("show"):
            server.spawn(show(server, "Conversation", markdown, markdown))
        return {"conversation": identity, "markdown": markdown}

    @server.command(DELETE)
    async def delete_conversations(params: types.ExecuteCommandParams) -> dict[str, Any]:
        fields = {"conversation": str, "all": bool}
        given = read_arguments(DELETE, params.arguments, fields)
        _require_one(DELETE, {name: value for name, value in given.items() if value}, *fields)
        session = await server.sessions.get()
        conversations = session.tutor.conversations
        with carrying_tutor_errors():
            if "conversation" in given:
                return {"deleted": int(await conversations.delete(given["conversation"]))}
            return {"deleted": await conversations.delete_all()}


def _require_one(command: str, given: dict[str, Any], first: str, second: str) -> None:
    if (first in given) == (second in given):
        raise InvalidArgumentsError(message=f"{command} needs `{first}` or `{second}`.")
