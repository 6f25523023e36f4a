"""What every layer of the cache is."""

from typing import Protocol

from procoder_tutor.events import Explanation


class AnswerStore(Protocol):
    """Answers by key. A store in trouble has nothing and keeps nothing; it never raises."""

    async def get(self, key: str) -> Explanation | None:
        """Return a kept answer."""
        ...

    async def put(self, key: str, explanation: Explanation) -> None:
        """Keep an answer, in place of one of the same key."""
        ...

    async def aclose(self) -> None:
        """Let go of files and connections."""
        ...
