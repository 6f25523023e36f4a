"""The suggestion for the place where the user types: written once, used while the typing agrees."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from procoder_tutor.errors import TutorError
from procoder_tutor.infilling.gap import Gap, Suggestion

logger = logging.getLogger(__name__)

LINGER_SECONDS = 1.0
"""How long the model goes on when nobody waits: an editor cancels at each key and asks again."""


@dataclass(frozen=True, slots=True)
class Place:
    """A gap in a document."""

    uri: str
    gap: Gap


Write = Callable[[], AsyncGenerator[str | Suggestion, None]]
"""Asks the model for a place; see `Tutor.infill`."""


class Writing:
    """One suggestion, while it is being written and after that."""

    def __init__(self, place: Place, write: Write, patience: float) -> None:
        self._place = place
        self._text = ""
        self._shown: str | None = None
        self.listeners = 0
        self.task = asyncio.create_task(self._run(write, patience))

    def suits(self, place: Place) -> bool:
        """Tell whether what was typed since agrees, so that this suggestion goes on from there."""
        typed = self._typed(place)
        if typed is None:
            return False
        if not self.task.done():
            return self._text.startswith(typed) or typed.startswith(self._text)
        shown = self._shown
        return shown is not None and shown.startswith(typed) and (typed != shown or not typed)

    def rest(self, place: Place) -> str:
        """Return what is still to be typed, empty when there is nothing to suggest."""
        typed = self._typed(place)
        if typed is None or self._shown is None or not self._shown.startswith(typed):
            return ""
        return self._shown[len(typed) :]

    def _typed(self, place: Place) -> str | None:
        """Return what was typed into the gap; None when something else has changed."""
        before, gap = self._place, place.gap
        same = place.uri == before.uri and gap.after == before.gap.after
        if not same or not gap.before.startswith(before.gap.before):
            return None
        return gap.before[len(before.gap.before) :]

    async def _run(self, write: Write, patience: float) -> None:
        """Leave `_shown` None when the model failed, so that it is asked again."""
        try:
            async with asyncio.timeout(patience), aclosing(write()) as items:
                async for item in items:
                    if isinstance(item, Suggestion):
                        self._shown = item.text
                    else:
                        self._text += item
        except (TutorError, TimeoutError) as error:
            logger.info("no suggestion: %s", type(error).__name__)
        except Exception:
            logger.exception("a suggestion failed")


class Suggestions:
    """The suggestion of one user, who types in one place at a time."""

    def __init__(self, linger: float = LINGER_SECONDS) -> None:
        self._linger = linger
        self._writing: Writing | None = None
        self._newest: Place | None = None

    async def at(self, place: Place, write: Write, *, delay: float, patience: float) -> str:
        """Return what to suggest at a place; `write` asks the model, after `delay` seconds.

        Nothing is suggested at a place that a newer request has left behind, or when the model
        fails or needs more than `patience` seconds.
        """
        self._newest = place
        writing = self._writing
        if writing is None or not writing.suits(place):
            self.stop()
            await asyncio.sleep(delay)
            if self._newest is not place:
                return ""
            writing = self._writing = Writing(place, write, patience)
        return await self._wait(writing, place)

    def stop(self) -> bool:
        """Stop the model; tells whether it was writing."""
        writing, self._writing = self._writing, None
        return writing is not None and writing.task.cancel()

    async def aclose(self) -> None:
        """Stop, and wait for that."""
        writing = self._writing
        self.stop()
        if writing is not None:
            await asyncio.wait([writing.task])

    async def _wait(self, writing: Writing, place: Place) -> str:
        writing.listeners += 1
        try:
            await asyncio.wait([writing.task])
        finally:
            writing.listeners -= 1
            if not writing.listeners:
                asyncio.get_running_loop().call_later(self._linger, self._give_up, writing)
        return writing.rest(place)

    def _give_up(self, writing: Writing) -> None:
        """Stop a model that nobody has waited for since."""
        if not writing.listeners and not writing.task.done():
            writing.task.cancel()
            if self._writing is writing:
                self._writing = None
