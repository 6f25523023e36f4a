"""When the host was last used, so that an idle one can leave."""

import asyncio
import time

from starlette.types import ASGIApp, Receive, Scope, Send

from procoder_http.tracing import OPEN_PATHS


class Activity:
    """Counts the requests in progress and remembers when the last one ended."""

    def __init__(self) -> None:
        self._running = 0
        self._last = time.monotonic()

    def begin(self) -> None:
        """A request arrived."""
        self._running += 1

    def end(self) -> None:
        """A request is over."""
        self._running -= 1
        self._last = time.monotonic()

    async def idle_for(self, seconds: float) -> None:
        """Return once nothing has happened for that long, from now on."""
        self._last = time.monotonic()
        while True:
            quiet = 0.0 if self._running else time.monotonic() - self._last
            if quiet >= seconds:
                return
            await asyncio.sleep(min(seconds - quiet, seconds))


class ActivityMiddleware:
    """Counts requests; probes do not keep a host alive."""

    def __init__(self, app: ASGIApp, *, activity: Activity) -> None:
        self._app = app
        self._activity = activity

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the request while it runs."""
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        self._activity.begin()
        try:
            await self._app(scope, receive, send)
        finally:
            self._activity.end()
