"""Conversations and turns as commands return them; texts are without secrets, as they are kept."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from procoder_tutor.conversations import Conversation, Found, Turn


def conversation_item(conversation: "Conversation") -> dict[str, Any]:
    """Return a conversation; times are ISO 8601 in UTC."""
    return {
        "conversation": conversation.id,
        "title": conversation.title,
        "opening": conversation.opening,
        "uri": conversation.document,
        "created": conversation.created.isoformat(),
        "changed": conversation.changed.isoformat(),
    }


def turn_item(turn: "Turn") -> dict[str, Any]:
    """Return a turn; its `number` is called as in the results of the chat."""
    return {
        "turn": turn.number,
        "role": turn.role.value,
        "text": turn.text,
        "kind": turn.kind,
        "level": turn.level,
        "language": turn.language,
        "symbol": turn.symbol,
        "checks": turn.checks,
        "model": turn.model,
        "created": turn.created.isoformat(),
    }


def found_items(found: "Sequence[Found]") -> list[dict[str, Any]]:
    """Return what a search found: a turn and the conversation that it is in."""
    return [
        {"conversation": conversation_item(item.conversation), "turn": turn_item(item.turn)}
        for item in found
    ]
