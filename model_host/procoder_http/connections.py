"""Connections of uvicorn with limits: of their number, and of the time to send a request.

uvicorn itself waits for the rest of a request as long as it takes, and its limit of concurrency
answers everybody with 503 once enough idle connections stand open.
"""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_SECONDS = 8.0
"""For the whole of a request, head and body, from the connection or its first byte on."""
MAX_CONNECTIONS = 512
"""Below the usual limit of 1,024 open files."""

_WHOLE = (h11.DONE, h11.MUST_CLOSE, h11.CLOSED)


class Doorkeeper:
    """The connections of one server whose request is not complete, the longest-waiting first."""

    def __init__(
        self, *, seconds: float = REQUEST_SECONDS, max_connections: int = MAX_CONNECTIONS
    ) -> None:
        self.seconds = seconds
        self._max = max_connections
        self._open: set[PatientProtocol] = set()
        self._unfinished: dict[PatientProtocol, None] = {}

    def opened(self, connection: "PatientProtocol") -> None:
        """Make room: whoever has kept the host waiting longest for a request must go."""
        if len(self._open) >= self._max:
            next(iter(self._unfinished), connection).drop()
        self._open.add(connection)

    def closed(self, connection: "PatientProtocol") -> None:
        """Forget a connection."""
        self._open.discard(connection)
        self._unfinished.pop(connection, None)

    def waits_for(self, connection: "PatientProtocol") -> None:
        """This connection's request is not complete."""
        self._unfinished[connection] = None

    def has(self, connection: "PatientProtocol") -> None:
        """This connection's request is complete."""
        self._unfinished.pop(connection, None)


class PatientProtocol(H11Protocol):
    """An HTTP/1.1 connection that is dropped when its request takes too long to arrive."""

    def __init__(self, *arguments: Any, doorkeeper: Doorkeeper, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._doorkeeper = doorkeeper
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock: a connection that sends nothing counts as slow."""
        super().connection_made(transport)
        self._doorkeeper.opened(self)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._stop()
        self._doorkeeper.closed(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Stop the clock when the request is complete; more bytes alone do not extend it."""
        super().data_received(data)
        self._watch()

    def drop(self) -> None:
        """Close without ceremony: there is nobody to answer yet."""
        self.transport.abort()

    def _watch(self) -> None:
        if self.conn.their_state in _WHOLE or self.transport.is_closing():
            self._stop()
        elif self._patience is None:
            self._patience = self.loop.call_later(self._doorkeeper.seconds, self.drop)
            self._doorkeeper.waits_for(self)

    def _stop(self) -> None:
        self._doorkeeper.has(self)
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
