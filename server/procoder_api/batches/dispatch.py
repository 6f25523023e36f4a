"""Who works on batches, as the rest of the API sees it."""

from typing import Protocol


class Dispatcher(Protocol):
    """Sees to it that items are worked on: here, or by workers behind a broker."""

    def start(self) -> None:
        """Begin."""
        ...

    def wake(self) -> None:
        """Say that there is work."""
        ...

    async def aclose(self) -> None:
        """Stop, and give back what is being worked on."""
        ...
