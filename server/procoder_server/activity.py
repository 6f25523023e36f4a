"""What an editor shows while the model is busy: one work-done progress at a time.

First that the model host is found or started and its model loaded, then what is being written, how
fast and for how long yet.
"""

import asyncio
import math
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from procoder_server.background import Job
from procoder_server.progress import Announcement, stage_line, work_progress
from procoder_server.server import ProcoderServer
from procoder_server.session import Session
from procoder_tutor.events import Working

QUIET_SECONDS = 0.5
"""A host that runs already is found sooner; that is nothing to show."""
REPORT_SECONDS = 1.0
"""Between two reports: a number that jumps about more often cannot be read."""


def register(server: ProcoderServer) -> None:
    """Have the server show what its model does."""
    activity = Activity(server)
    server.background.accompany = activity.thinking
    server.configuration.warm_up = activity.warm_up


class Activity:
    """The line that is shown: what is written before what is loaded, the newer before the older."""

    def __init__(self, server: ProcoderServer) -> None:
        self._server = server
        self._shown: asyncio.Task[None] | None = None

    async def warm_up(self, session: Session) -> None:
        """Warm the tutor up and say so where it takes a while; raises what the tutor raises."""
        warming = asyncio.ensure_future(session.warm_up())
        try:
            done, _ = await asyncio.wait({warming}, timeout=QUIET_SECONDS)
            if not done and (self._shown is None or self._shown.done()):
                await self._show(self._loading(session.settings.model, warming))
            await warming
        finally:
            warming.cancel()

    async def thinking(self, job: Job, stop: Callable[[], object]) -> None:
        """Show a job until it has ended; `stop` ends it when the client wishes so."""
        await self._show(self._writing(job, stop))

    async def _show(self, showing: Coroutine[Any, Any, None]) -> None:
        if self._shown is not None:
            self._shown.cancel()
        shown = self._shown = asyncio.create_task(showing)
        try:
            await asyncio.wait({shown})
        finally:
            shown.cancel()

    async def _loading(self, model: str, warming: "asyncio.Future[None]") -> None:
        message = f"finding or starting the model host, loading {model}"
        work = Announcement("Starting the model", message)
        async with work_progress(self._server, None, work, stop=warming.cancel) as progress:
            await asyncio.wait({warming})
            failed = not warming.cancelled() and warming.exception() is not None
            progress.closing_message = "There is no model" if failed else "The model is ready"

    async def _writing(self, job: Job, stop: Callable[[], object]) -> None:
        background = self._server.background
        began = time.monotonic()
        work = Announcement(f"Explaining {job.question.symbol.name}", "for the hover")
        async with work_progress(self._server, None, work, stop=stop) as progress:
            while not job.finished.is_set():
                pace = self._server.journal.tokens_per_second
                progress.report(writing_line(background.remaining(job), pace, job.working))
                finished = asyncio.ensure_future(job.finished.wait())
                await asyncio.wait({finished}, timeout=REPORT_SECONDS)
                finished.cancel()
            progress.closing_message = closing_line(job, time.monotonic() - began)


def writing_line(
    seconds: float | None, tokens_per_second: float | None, working: Working | None = None
) -> str:
    """Say what the model does, with what is known of how long the whole takes.

    `tokens_per_second` are those of the answer before, for as long as this one has none.
    """
    about = "" if seconds is None else f", about {max(1, math.ceil(seconds))} s"
    if working is not None and working.stage != "writing":
        return f"{stage_line(replace(working, seconds_left=None))}{about}"
    rate = (working and working.tokens_per_second) or tokens_per_second
    pace = "" if rate is None else f" at {rate:.0f} tokens/s"
    return f"thinking{pace}{about}"


def closing_line(job: Job, seconds: float) -> str:
    """Say how a job ended."""
    if job.explanation is not None:
        tokens = job.explanation.usage.completion_tokens
        return f"{tokens} tokens in {seconds:.1f} s, {job.explanation.checks.summary}"
    return "No explanation: hover for the reason" if job.error is not None else "Stopped"
