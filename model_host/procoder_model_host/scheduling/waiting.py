"""Requests that wait for their turn: urgent ones first, clients in rotation, none forgotten."""

from collections import OrderedDict, deque
from typing import Generic, TypeVar, get_args

from procoder_model_host.messages import Priority

T = TypeVar("T")

PRIORITIES: tuple[Priority, ...] = get_args(Priority)
"""Most urgent first."""


class WaitingLine(Generic[T]):
    """One priority's line: round robin by client, in order of arrival within a client."""

    def __init__(self) -> None:
        self._clients: OrderedDict[str, deque[T]] = OrderedDict()
        self._arrivals: OrderedDict[T, str] = OrderedDict()

    def __len__(self) -> int:
        return len(self._arrivals)

    def push(self, client: str, item: T) -> None:
        """Add an item; a client who had none waits behind the others."""
        self._clients.setdefault(client, deque()).append(item)
        self._arrivals[item] = client

    def pop(self) -> T:
        """Take the item whose turn it is; raises KeyError when nobody waits."""
        client, items = self._clients.popitem(last=False)
        item = items.popleft()
        del self._arrivals[item]
        if items:
            self._clients[client] = items
        return item

    def remove(self, item: T) -> bool:
        """Take an item out of turn; False when it does not wait here."""
        client = self._arrivals.pop(item, None)
        if client is None:
            return False
        items = self._clients[client]
        items.remove(item)
        if not items:
            del self._clients[client]
        return True

    def newest(self) -> T:
        """Return who came last; raises StopIteration when nobody waits."""
        return next(reversed(self._arrivals))

    def items(self) -> list[T]:
        """Return all that wait, oldest first."""
        return list(self._arrivals)


class Pace:
    """How long answers take here, and when it is worth asking again after a refusal."""

    def __init__(self, *, guess: float = 5.0) -> None:
        """`guess`: seconds an answer takes, until one was measured."""
        self._seconds = guess
        self._measured = False
        self._promised = 0.0

    @property
    def seconds(self) -> float:
        """Seconds that the engine works on an answer, averaged over the latest ones."""
        return self._seconds

    def measure(self, seconds: float) -> None:
        """Take note of an answer."""
        self._seconds = 0.8 * self._seconds + 0.2 * seconds if self._measured else seconds
        self._measured = True

    def retry_after(self, now: float, parallel: int, places: int) -> float:
        """Return the seconds until a place of the line is free for one more caller.

        Every refused caller is promised a place of their own, one after the other: told the same
        moment, they would all come back at once, and all but one in vain. Nobody is sent away
        for longer than the whole line of so many `places` takes.
        """
        step = self._seconds / max(parallel, 1)
        self._promised = min(max(self._promised, now) + step, now + step * max(places, 1))
        return max(self._promised - now, 1.0)
