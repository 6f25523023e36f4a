"""Which model a host serves now, and changing it: one at a time, for all of its clients.

A switch drains first. What runs may finish within a grace; what waits is told `model_switched`
at once, because its prompt was written for the model that leaves. From that moment the host goes
by the new model's name: requests for it wait until it is loaded. The old model is unloaded before
the new one is loaded, so that memory holds one of them; when the new one cannot be loaded, the
old one comes back, and who waited for the new one is told why.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from procoder_model_host.errors import (
    EngineFailedError,
    ModelHostError,
    ModelSwitchedError,
    UnknownModelError,
)
from procoder_model_host.messages import Load, Loaded
from procoder_model_host.scheduling.engine_process import EngineProcess
from procoder_model_host.scheduling.scheduler import Scheduler
from procoder_model_host.served import ServedModel

log = logging.getLogger(__name__)

DRAIN_GRACE = 10.0
"""Seconds that running answers get to finish before a switch, and before the host leaves."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A model and how the engine child loads it."""

    model: ServedModel
    load: Load


class ModelSwitch:
    """The model of a host; belongs to one event loop."""

    def __init__(  # noqa: PLR0913 - what it connects
        self,
        engine: EngineProcess,
        scheduler: Scheduler,
        serving: Serving,
        *,
        find: Callable[[str], Serving],
        grace: float = DRAIN_GRACE,
        on_switched: Callable[[ServedModel, Loaded], None] = lambda _model, _loaded: None,
    ) -> None:
        """`find` may take its time (it runs in a thread) and raises ModelHostError or OSError."""
        self._engine = engine
        self._scheduler = scheduler
        self._serving = serving
        self._find = find
        self._grace = grace
        self._on_switched = on_switched
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[ServedModel]] = set()

    @property
    def model(self) -> ServedModel:
        """The model that requests must name."""
        return self._serving.model

    async def switch(self, name: str) -> ServedModel:
        """Serve another model, and return it once it is ready.

        Raises UnknownModelError when there is no such model, EngineFailedError when it cannot be
        loaded. A caller who leaves does not stop a switch that has begun.
        """
        task = asyncio.create_task(self._switch(name), name="model switch")
        self._tasks.add(task)
        task.add_done_callback(self._over)
        return await asyncio.shield(task)

    def _over(self, task: asyncio.Task[ServedModel]) -> None:
        self._tasks.discard(task)
        # The one who asked may have left: then nobody looks at how it ended.
        if not task.cancelled():
            task.exception()

    async def _switch(self, name: str) -> ServedModel:
        async with self._turn:
            self._scheduler.check_open()
            try:
                wanted = await asyncio.to_thread(self._find, name)
            except (ModelHostError, OSError) as error:
                advice = getattr(error, "advice", "")
                message = f"{error}. {advice}" if advice else str(error)
                raise UnknownModelError(message, param="model") from error
            former = self._serving
            if wanted.load != former.load:
                await self._replace(former, wanted)
            return self._serving.model

    async def _replace(self, former: Serving, wanted: Serving) -> None:
        self._scheduler.hold()
        try:
            self._serving = wanted
            parting = ModelSwitchedError(f"this host changes to {wanted.model.id}")
            await self._scheduler.drain(parting, self._grace)
            try:
                loaded = await self._engine.reload(wanted.load)
            except EngineFailedError as error:
                await self._go_back(former, wanted, error)
                raise EngineFailedError(
                    f"{wanted.model.id} cannot be loaded: {error}. "
                    f"This host still serves {former.model.id}"
                ) from error
            self._on_switched(wanted.model, loaded)
        finally:
            self._scheduler.release()

    async def _go_back(self, former: Serving, wanted: Serving, error: EngineFailedError) -> None:
        log.warning("%s cannot be loaded (%s): back to %s", wanted.model.id, error, former.model.id)
        self._serving = former
        await self._scheduler.drain(error, 0)
        await self._engine.reload(former.load)
