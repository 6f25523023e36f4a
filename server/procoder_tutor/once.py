"""What is derived from a document: computed once, in a thread, whoever asks for it and when."""

import asyncio
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from procoder_tutor.symbols import Document

V = TypeVar("V")


class Once(Generic[V]):
    """Values by document and key, forgotten with the document; belongs to one event loop.

    A value must not refer to its document, which would then never be forgotten.
    """

    def __init__(self) -> None:
        self._tasks: WeakKeyDictionary[Document, dict[Hashable, asyncio.Task[V]]]
        self._tasks = WeakKeyDictionary()

    async def get(self, document: Document, key: Hashable, compute: Callable[[], V]) -> V:
        """Return the value; who asks while it is computed waits for it, and may stop waiting.

        What `compute` raises is raised, and forgotten.
        """
        tasks = self._tasks.setdefault(document, {})
        task = tasks.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = tasks[key] = asyncio.create_task(asyncio.to_thread(compute))
            task.add_done_callback(_mark_seen)
        return await asyncio.shield(task)


def _mark_seen(task: "asyncio.Task[V]") -> None:
    """Retrieve the error, so that one nobody waited for is no warning."""
    if not task.cancelled():
        task.exception()
