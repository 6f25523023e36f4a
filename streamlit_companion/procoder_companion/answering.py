"""An answer that is streamed into a reply while pages are drawn again and again around it."""

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import replace

import httpx2

from procoder_companion.endpoint import Endpoint
from procoder_companion.errors import CompanionError, UnreachableError
from procoder_companion.replies import Reply, grown
from procoder_companion.wire import TIMEOUT, authorization, problem, unreachable

_LARGEST_EVENT = 32 * 1024 * 1024
"""Bytes: the last event holds facts and prompts."""
_CUT = "The answer was cut off. Ask again."


class Answering:
    """One question under way, in a thread of its own; `reply` grows until `finished`."""

    def __init__(self, endpoint: Endpoint, conversation: str, body: Mapping[str, object]) -> None:
        self.reply = Reply()
        self._endpoint = endpoint
        self._path = f"/v1/conversations/{conversation}/turns/stream"
        self._body = body
        self._stop = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="answering", daemon=True)
        self._thread.start()

    @property
    def finished(self) -> bool:
        """Whether the reply grows no more."""
        return not self._thread.is_alive()

    def stop(self) -> None:
        """Close the stream, which frees the model, and wait until that is done."""
        self._stop.set()
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._cancel)
        self._thread.join()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until the reply grows no more."""
        self._thread.join(seconds)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            try:
                runner.run(self._follow())
            except asyncio.CancelledError:
                self.reply = replace(self.reply, progress=None, stopped=True)
            except CompanionError as error:
                self.reply = replace(self.reply, progress=None, trouble=str(error))

    async def _follow(self) -> None:
        self._task = asyncio.current_task()
        if self._stop.is_set():
            raise asyncio.CancelledError
        headers = authorization(self._endpoint)
        async with httpx2.AsyncClient(
            base_url=self._endpoint.url, headers=headers, timeout=TIMEOUT, trust_env=False
        ) as http:
            try:
                async with http.stream("POST", self._path, json=self._body) as response:
                    await self._read(response)
            except httpx2.TransportError as error:
                raise unreachable(error) from error

    async def _read(self, response: httpx2.Response) -> None:
        if not response.is_success:
            raise problem(await response.aread(), response.status_code)
        async for event in httpx2.EventSource(response, max_event_size=_LARGEST_EVENT):
            self.reply = grown(self.reply, event.event, event.data)
        if self.reply.answer is None and not self.reply.trouble:
            raise UnreachableError(_CUT)
