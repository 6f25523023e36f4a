"""Pages of lists: a cursor names the last item of the page before."""

import base64
from datetime import UTC, datetime
from typing import Annotated, NamedTuple

from fastapi import Query

from procoder_api.errors import BadRequestError

Limit = Annotated[int, Query(ge=1, le=100, description="Items of a page.")]
Cursor = Annotated[
    str | None, Query(max_length=500, description="`next` of the page before; none for the first.")
]


class Place(NamedTuple):
    """Where an item stands in a list, the latest first."""

    time: datetime
    id: str

    def cursor(self) -> str:
        """Return the cursor of the page after it."""
        return base64.urlsafe_b64encode(f"{self.time.isoformat()} {self.id}".encode()).decode()


def place_of(cursor: str | None) -> Place | None:
    """Return the last place of the page before; raises BadRequestError for what is no cursor."""
    if cursor is None:
        return None
    try:
        time, _, key = base64.urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        return Place(datetime.fromisoformat(time).astimezone(UTC), key)
    except (ValueError, OverflowError) as error:
        raise BadRequestError("The cursor is not one of this server's.") from error
