"""Work-done progress: what a client shows while it waits, and its Stop button."""

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from procoder_server.protocol import supports_work_done_progress
from procoder_server.server import ProcoderServer
from procoder_tutor.events import Working

logger = logging.getLogger(__name__)

CREATE_SECONDS = 2.0


def stage_line(working: Working) -> str:
    """Say in a few words what the model does, how fast and for how long yet."""
    left, rate = working.seconds_left, working.tokens_per_second
    seconds = "" if left is None else f"{max(1, math.ceil(left))} s"
    match working.stage:
        case "loading":
            return "loading the model"
        case "reading":
            about = f", about {seconds}" if seconds else ""
            return f"reading about {working.tokens} tokens{about}"
        case _:
            pace = "" if rate is None else f" at {rate:.0f} tokens/s"
            most = f", at most {seconds} more" if seconds else ""
            return f"writing{pace}{most}"


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a client is told of some work when it begins."""

    title: str
    message: str
    counted: bool = False
    """Its reports have a percentage, which the protocol wants to know at the beginning."""


class Progress:
    """Reports to one progress token, or to nobody."""

    def __init__(self, server: ProcoderServer, token: types.ProgressToken | None) -> None:
        self._server = server
        self._token = token
        self.closing_message: str | None = None
        """Shown when the work ends."""

    def begin(self, work: Announcement, stop: Callable[[], object]) -> None:
        """Announce the work; the client may cancel it from now on, which calls `stop`."""
        if self._token is not None:
            value = types.WorkDoneProgressBegin(
                title=work.title,
                message=work.message,
                cancellable=True,
                percentage=0 if work.counted else None,
            )
            self._server.work_done_progress.begin(self._token, value)
            cancelled = self._server.work_done_progress.tokens[self._token]
            cancelled.add_done_callback(lambda done: stop() if done.cancelled() else None)

    def report(self, message: str, percentage: int | None = None) -> None:
        """Send one message on, with how much of the work is done where that is known."""
        if self._token is not None:
            value = types.WorkDoneProgressReport(message=message, percentage=percentage)
            self._server.work_done_progress.report(self._token, value)

    def end(self) -> None:
        """Close the progress; its token is forgotten, so that it can be used again."""
        if self._token is not None:
            value = types.WorkDoneProgressEnd(message=self.closing_message)
            self._server.work_done_progress.end(self._token, value)
            self._server.work_done_progress.tokens.pop(self._token, None)


@asynccontextmanager
async def work_progress(
    server: ProcoderServer,
    token: types.ProgressToken | None,
    work: Announcement,
    *,
    stop: Callable[[], object] | None = None,
) -> AsyncIterator[Progress]:
    """Show progress by the client's token, else by a new one if the client takes those.

    A cancellation by the client calls `stop`; by default it cancels the task that entered here.
    """
    if token is None and supports_work_done_progress(server):
        token = await _create_token(server)
    task = asyncio.current_task()
    if stop is None and task is not None:
        stop = task.cancel
    progress = Progress(server, token)
    progress.begin(work, stop or (lambda: None))
    try:
        yield progress
    except asyncio.CancelledError:
        progress.closing_message = "Stopped"
        raise
    finally:
        progress.end()


async def _create_token(server: ProcoderServer) -> types.ProgressToken | None:
    token = f"procoder-{uuid4().hex[:6]}"  # Helix shows it
    try:
        async with asyncio.timeout(CREATE_SECONDS):
            await server.work_done_progress.create_async(token)
    except (JsonRpcException, TimeoutError):
        logger.warning("the client did not create a progress token")
        return None
    return token
