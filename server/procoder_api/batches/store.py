"""The batches of all users and the leases on their items, wherever they are kept.

A result is stored once: by whoever holds the lease. Who works on an item extends its lease; a
killed process does not, and its items go to others when their leases run out.
"""

from collections.abc import Sequence
from typing import Protocol

from procoder_api.batches.model import Batch, Item, Leased, Plan
from procoder_api.paging import Place

LEASE_SECONDS = 15.0
MAX_ATTEMPTS = 4
KEPT_SECONDS = 30 * 24 * 3600
"""After which a batch is deleted."""
UNHEARD_SECONDS = 60.0
"""After which an item that was announced and not taken is announced again."""
MOST_AT_ONCE = 100
"""Items that are announced together."""
GIVEN_UP = f"Given up after {MAX_ATTEMPTS} attempts."


class BatchStore(Protocol):
    """Shared by all processes that serve and work on the batches. Methods raise StorageError."""

    @property
    def lease_seconds(self) -> float:
        """How long an item is held without being extended."""
        ...

    async def create(self, owner: str, plan: Plan) -> Batch:
        """Keep a new batch; batches that are too old go."""
        ...

    async def get(self, owner: str, batch: str) -> Batch | None:
        """Return a batch of one owner."""
        ...

    async def list(self, owner: str, *, limit: int, after: Place | None = None) -> Sequence[Batch]:
        """Return a page of batches, the latest first."""
        ...

    async def items(self, owner: str, batch: str) -> Sequence[Item]:
        """Return the items of a batch in the order of its files; none for another's batch."""
        ...

    async def cancel(self, owner: str, batch: str) -> bool:
        """Let no item of a batch begin or go on; tells whether there is such a batch."""
        ...

    async def delete(self, owner: str, batch: str) -> bool:
        """Delete a batch with its code and results; tells whether there was one."""
        ...

    async def delete_all(self, owner: str) -> int:
        """Delete all batches of an owner; returns how many there were."""
        ...

    async def claim(self, item: int | None = None) -> Leased | None:
        """Take an item that nobody works on, batches in turn, or one by its id; None for none.

        Items that were attempted too often are given up.
        """
        ...

    async def announce(self) -> Sequence[int]:
        """Return the ids of items that nobody works on and that were not announced of late."""
        ...

    async def unannounce(self, item: int) -> None:
        """Let an item be announced again: nobody has heard of it."""
        ...

    async def extend(self, leased: Leased) -> bool:
        """Go on working on an item; False when it is no longer ours, and work must stop."""
        ...

    async def finish(self, leased: Leased, markdown: str) -> bool:
        """Keep a result; False when the item is no longer ours."""
        ...

    async def fail(self, leased: Leased, error: str) -> bool:
        """Give an item up; False when it is no longer ours."""
        ...

    async def release(self, leased: Leased, *, after: float = 0, free: bool = False) -> bool:
        """Let an item be tried again in `after` seconds; `free` if this was no attempt."""
        ...

    async def aclose(self) -> None:
        """Let go of connections."""
        ...
