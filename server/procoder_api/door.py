"""The way in: counts who is inside, and closes when the service is to end."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from procoder_api.errors import LeavingError


class Door:
    """Belongs to one event loop."""

    def __init__(self) -> None:
        self.open = True
        self._inside = 0
        self._empty = asyncio.Event()
        self._empty.set()

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Count a request while it is answered; raises LeavingError once the door is closed."""
        if not self.open:
            raise LeavingError
        self._inside += 1
        self._empty.clear()
        try:
            yield
        finally:
            self._inside -= 1
            if not self._inside:
                self._empty.set()

    async def close(self, grace: float) -> None:
        """Let nobody in any more, and wait `grace` seconds at most for those inside."""
        self.open = False
        with suppress(TimeoutError):
            await asyncio.wait_for(self._empty.wait(), grace)
