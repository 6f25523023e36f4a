"""`procoder worker`: takes the items that the API announces through a broker, and explains them."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any

from celery.signals import worker_shutting_down

from procoder_api.batches.broker import QUEUE, TASK, create_celery
from procoder_api.batches.running import work_on
from procoder_api.parts import Parts, opened
from procoder_tutor.settings import Settings


def run_worker(settings: Settings, broker_url: str) -> None:
    """Work until told to stop (SIGTERM, Ctrl-C); what is being worked on is then given back."""
    celery = create_celery(broker_url)
    with _Workshop(settings) as workshop:

        def stop(**_: object) -> None:
            workshop.stop()

        celery.task(name=TASK)(workshop.work_on)
        worker_shutting_down.connect(stop, weak=False)
        # Threads: the broker must hear from this process while an item is worked on.
        celery.Worker(
            queues=[QUEUE],
            pool="threads",
            concurrency=1,
            loglevel="WARNING",
            without_gossip=True,
            without_mingle=True,
            quiet=True,
        ).start()


class _Workshop:
    """A tutor in an event loop and a thread of its own, for the threads of the worker."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="tutor")
        self._parts: Parts | None = None
        self._opening = opened(settings)
        self._running: set[asyncio.Task[None]] = set()
        self._stopped = False

    def __enter__(self) -> "_Workshop":
        self._thread.start()
        self._parts = self._done(self._opening.__aenter__())
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._done(self._opening.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def work_on(self, item: int) -> None:
        """Explain an item, unless somebody else does; returns when that is over."""
        with suppress(CancelledError):
            self._done(self._work_on(item))

    def stop(self) -> None:
        """Give back what is being worked on, and take nothing more."""
        self._stopped = True
        self._loop.call_soon_threadsafe(lambda: [task.cancel() for task in self._running])

    async def _work_on(self, item: int) -> None:
        if self._parts is None or self._stopped:
            return
        leased = await self._parts.batches.claim(item)
        if leased is None:
            return
        task = asyncio.create_task(work_on(self._parts.batches, self._parts.tutor, leased))
        self._running.add(task)
        try:
            await asyncio.wait([task])
        finally:
            self._running.discard(task)
        if not task.cancelled():
            task.result()

    def _done(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
