"""Pages of lists: a cursor names the last item of the page before."""

import base64
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Query

from procoder_api.errors import BadRequestError
from procoder_tutor.conversations import Conversation

Limit = Annotated[int, Query(ge=1, le=100, description="Items of a page.")]
Cursor = Annotated[
    str | None, Query(max_length=500, description="`next` of the page before; none for the first.")
]


def cursor_of(conversation: Conversation) -> str:
    """Return the cursor of the page after a conversation."""
    place = f"{conversation.changed.isoformat()} {conversation.id}"
    return base64.urlsafe_b64encode(place.encode()).decode()


def conversation_after(cursor: str | None) -> Conversation | None:
    """Return what stands for the last conversation of the page before.

    Raises BadRequestError for what is no cursor.
    """
    if cursor is None:
        return None
    try:
        time, _, key = base64.urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        changed = datetime.fromisoformat(time).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadRequestError("The cursor is not one of this server's.") from error
    return Conversation(key, "", None, changed, changed)
