"""What the HTTP side asks of the scheduler, and the scheduler of an engine; and who may watch."""

import json
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, Protocol

from procoder_model_host.errors import RequestError
from procoder_model_host.messages import (
    Accepted,
    Delta,
    Finished,
    Prefilled,
    Priority,
    PromptPart,
    Sampling,
)

AnswerEvent = Accepted | Prefilled | Delta | Finished
"""What a caller sees of an answer, in this order: Accepted, Prefilled, Delta…, Finished."""


@dataclass(frozen=True, slots=True)
class Generation:
    """What to generate; see messages.Generate for the fields."""

    prompt: tuple[PromptPart, ...]
    max_tokens: int | None = None
    sampling: Sampling = field(default_factory=Sampling)
    stop: tuple[str, ...] = ()
    trim_start: bool = False
    priority: Priority = "interactive"
    json_schema: dict[str, Any] | None = None

    def identity(self) -> Hashable | None:
        """Return what decides the answer, or None when it is drawn by chance.

        Two generations of equal identity have the same answer, whatever their priority.
        """
        if self.sampling.temperature > 0:
            return None
        schema = None if self.json_schema is None else json.dumps(self.json_schema, sort_keys=True)
        return (self.prompt, self.max_tokens, self.stop, self.trim_start, schema)


class Observer(Protocol):
    """Told what happens to requests, in the event loop; must return at once.

    Of each request: queued, started, first_token, token…, then finished or failed. Requests that
    are refused, or leave the queue, only have `failed`. Callers who share one run count once.
    """

    def queued(self, priority: Priority) -> None:
        """A request waits for its turn."""

    def started(self, priority: Priority, waited: float) -> None:
        """The engine has the request, `waited` seconds after it came."""

    def first_token(self, priority: Priority, seconds: float) -> None:
        """The first text came, so many seconds after the request."""

    def token(self, priority: Priority, seconds: float) -> None:
        """More text came, so many seconds after the text before it."""

    def finished(
        self, priority: Priority, accepted: Accepted, prefilled: Prefilled, finished: Finished
    ) -> None:
        """The answer is complete; the three messages hold its token counts and times."""

    def failed(self, priority: Priority, error: RequestError | None) -> None:
        """The request broke off; None: everybody who asked for it left."""

    def child_restarted(self, reason: str) -> None:
        """The engine process ended by itself or was ended, and is started again."""


class SilentObserver:
    """Watches nothing: the base of observers that care about a few events only."""

    def queued(self, priority: Priority) -> None:
        """See Observer."""

    def started(self, priority: Priority, waited: float) -> None:
        """See Observer."""

    def first_token(self, priority: Priority, seconds: float) -> None:
        """See Observer."""

    def token(self, priority: Priority, seconds: float) -> None:
        """See Observer."""

    def finished(
        self, priority: Priority, accepted: Accepted, prefilled: Prefilled, finished: Finished
    ) -> None:
        """See Observer."""

    def failed(self, priority: Priority, error: RequestError | None) -> None:
        """See Observer."""

    def child_restarted(self, reason: str) -> None:
        """See Observer."""
