"""Working on batches: items claimed, explained, and given back when that fails."""

import asyncio
import logging
from contextlib import suppress

from procoder_api.batches.explaining import explained
from procoder_api.batches.model import Leased
from procoder_api.batches.store import BatchStore
from procoder_api.batches.waking import WakingTask
from procoder_tutor.errors import BackendUnavailableError, StorageError, TutorError, describe
from procoder_tutor.tutor import Tutor

log = logging.getLogger(__name__)

_POLL_SECONDS = 2.0
"""For items whose lease ran out elsewhere, or whose next attempt is due."""
_FIRST_RETRY_SECONDS = 2.0
_HEARTBEATS = 3
"""Within a lease."""
_FAULT = "A fault of this server ({}); its log says more."


class BatchRunner:
    """Works on the items of a store, one at a time; belongs to one event loop."""

    def __init__(self, store: BatchStore, tutor: Tutor) -> None:
        self._store = store
        self._tutor = tutor
        self._working = WakingTask(self._work, _POLL_SECONDS)

    def start(self) -> None:
        """Begin to work."""
        self._working.start()

    def wake(self) -> None:
        """Say that there is work."""
        self._working.wake()

    async def aclose(self) -> None:
        """Stop, and give back what is being worked on."""
        await self._working.aclose()

    async def _work(self) -> bool:
        """Do one item, if there is one."""
        leased = await self._claimed()
        if leased is None:
            return False
        await work_on(self._store, self._tutor, leased)
        return True

    async def _claimed(self) -> Leased | None:
        try:
            return await self._store.claim()
        except StorageError as error:
            log.warning("%s", describe(error))
            return None


async def work_on(store: BatchStore, tutor: Tutor, leased: Leased) -> None:
    """Explain an item while its lease is extended; stops when it is no longer ours."""
    working = asyncio.create_task(_explain(store, tutor, leased))
    holding = asyncio.create_task(_hold(store, leased))
    try:
        await asyncio.wait({working, holding}, return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        await _stop(working, holding)
        with suppress(StorageError):
            await store.release(leased, free=True)
        raise
    await _stop(working, holding)
    if not working.cancelled():
        working.result()


async def _stop(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def _hold(store: BatchStore, leased: Leased) -> None:
    """Extend a lease for as long as it is ours; a store in trouble is asked again."""
    while True:
        await asyncio.sleep(store.lease_seconds / _HEARTBEATS)
        try:
            if not await store.extend(leased):
                return
        except StorageError as error:
            log.warning("%s", describe(error))


async def _explain(store: BatchStore, tutor: Tutor, leased: Leased) -> None:
    try:
        await _settle(store, tutor, leased)
    except StorageError as error:
        # The lease runs out, and the item is tried again.
        log.warning("%s", describe(error))


async def _settle(store: BatchStore, tutor: Tutor, leased: Leased) -> None:
    """Explain an item, and store the result or why there is none; raises StorageError."""
    try:
        await store.finish(leased, await explained(tutor, leased))
    except BackendUnavailableError:
        await store.release(leased, after=_FIRST_RETRY_SECONDS * 2**leased.attempts)
    except StorageError:
        raise
    except TutorError as error:
        await store.fail(leased, describe(error))
    except Exception as error:
        # One item's fault must not end the work on all others.
        log.exception("an item of a batch broke")
        await store.fail(leased, _FAULT.format(type(error).__name__))
