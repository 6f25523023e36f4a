"""Batches through a broker: items are announced here, and worked on by `procoder worker`.

A message only names an item; all that counts is in the store. A message that is lost, or whose
worker was killed, is sent again once the item's lease has run out: brokers redeliver too late.
"""

import asyncio
import logging

from celery import Celery
from kombu.exceptions import OperationalError

from procoder_api.batches.store import BatchStore
from procoder_api.batches.waking import WakingTask
from procoder_tutor.errors import StorageError, describe

log = logging.getLogger(__name__)

TASK = "procoder.explain_item"
"""Name of the task; its one argument is the id of an item."""
QUEUE = "procoder-batches"
_POLL_SECONDS = 1.0


def create_celery(broker_url: str) -> Celery:
    """Build the application that announces items, and that workers run."""
    app = Celery("procoder", broker=broker_url)
    app.conf.update(
        task_default_queue=QUEUE,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        # What a worker takes it keeps to itself no longer than its lease.
        worker_prefetch_multiplier=1,
        broker_connection_retry_on_startup=True,
        broker_transport_options={"socket_connect_timeout": 5, "socket_timeout": 30},
        worker_hijack_root_logger=False,
    )
    return app


class BrokerDispatcher:
    """Announces items of a store to workers; see Dispatcher. Belongs to one event loop."""

    def __init__(self, store: BatchStore, broker_url: str) -> None:
        self._store = store
        self._celery = create_celery(broker_url)
        self._announcing = WakingTask(self._announce, _POLL_SECONDS)

    def start(self) -> None:
        """See Dispatcher."""
        self._announcing.start()

    def wake(self) -> None:
        """See Dispatcher."""
        self._announcing.wake()

    async def aclose(self) -> None:
        """See Dispatcher."""
        await self._announcing.aclose()
        await asyncio.to_thread(self._celery.close)

    async def _announce(self) -> bool:
        try:
            for item in await self._store.announce():
                await self._send(item)
        except StorageError as error:
            log.warning("%s", describe(error))
        return False

    async def _send(self, item: int) -> None:
        try:
            await asyncio.to_thread(self._celery.send_task, TASK, (item,), retry=False)
        except (OperationalError, OSError) as error:
            # The kind of error only: its text may repeat the URL.
            log.warning("the broker takes no work: %s", type(error).__name__)
            await self._store.unannounce(item)
