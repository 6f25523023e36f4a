"""The first layer: answers in this process."""

from cachetools import LRUCache

from procoder_tutor.events import Explanation


class MemoryStore:
    """The most recently used answers."""

    def __init__(self, entries: int) -> None:
        self._answers: LRUCache[str, Explanation] = LRUCache(entries)

    async def get(self, key: str) -> Explanation | None:
        """Return a kept answer."""
        return self._answers.get(key)

    async def put(self, key: str, explanation: Explanation) -> None:
        """Keep an answer; the least recently used one makes room."""
        self._answers[key] = explanation

    async def clear(self) -> int:
        """Forget everything; returns how many answers that were."""
        count = len(self._answers)
        self._answers.clear()
        return count

    async def aclose(self) -> None:
        """Forget everything."""
        self._answers.clear()
