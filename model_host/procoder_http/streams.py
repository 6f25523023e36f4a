"""Event streams that notice when nobody listens, and work that ends with its listener."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from procoder_http.tracing import CANCELLED, trace_of

T = TypeVar("T")

KEEP_ALIVE_SECONDS = 10.0
"""Of silence in a stream, before a comment is sent."""


class DisconnectedError(Exception):
    """The client is gone; there is nobody to answer."""


async def until_disconnect(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """Run `work`, and cancel it when the client leaves; then raises DisconnectedError.

    The body of the request must have been read before.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_disconnect(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise DisconnectedError
        return working.result()
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class Emitter:
    """Sends the text of events, and comments when there was none for a while: clients ignore
    those, and proxies stay patient."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._quiet_since = time.monotonic()

    async def emit(self, text: str, *, more: bool = True) -> None:
        """Send events; `more` follow unless these are the last ones."""
        self._quiet_since = time.monotonic()
        await self._send({"type": "http.response.body", "body": text.encode(), "more_body": more})

    async def remind(self) -> None:
        """Send a comment whenever nothing else was sent for KEEP_ALIVE_SECONDS."""
        while True:
            rest = self._quiet_since + KEEP_ALIVE_SECONDS - time.monotonic()
            if rest <= 0:
                await self.emit(": waiting\n\n")
            else:
                await asyncio.sleep(rest)


class StreamedResponse(Response):
    """Server-sent events; what makes them is cancelled when the client leaves."""

    media_type = "text/event-stream"

    def __init__(self) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]

    async def send_events(self, emitter: Emitter, scope: Scope) -> str:
        """Send all events but the last ones, and return those; each service has its own."""
        raise NotImplementedError

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the head, then the events."""
        await send(
            {
                "type": "http.response.start",
                "status": self.status_code,
                "headers": self.raw_headers,
            }
        )
        try:
            await until_disconnect(receive, self._send(Emitter(send), scope))
        except DisconnectedError:
            trace_of(scope).outcome = CANCELLED

    async def _send(self, emitter: Emitter, scope: Scope) -> None:
        reminding = asyncio.create_task(emitter.remind())
        try:
            last = await self.send_events(emitter, scope)
        finally:
            reminding.cancel()
            await asyncio.gather(reminding, return_exceptions=True)
        await emitter.emit(last, more=False)
