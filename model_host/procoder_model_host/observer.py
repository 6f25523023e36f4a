"""What the scheduler tells whoever counts: metrics, or nobody.

Calls come from the event loop and must return at once; they carry numbers, never text.
"""

from typing import Protocol

from procoder_model_host.messages import Priority
from procoder_protocol.errors import ErrorCode


class Observer(Protocol):
    """Notified of the life of every generation; all times are in seconds."""

    def queued(self, priority: Priority) -> None:
        """A request was accepted into the queue."""

    def started(self, priority: Priority, waited: float) -> None:
        """A request left the queue for the engine."""

    def first_token(self, priority: Priority, elapsed: float) -> None:
        """The first text of an answer came, so long after the request was queued."""

    def token(self, priority: Priority, elapsed: float) -> None:
        """More text came, so long after the text before it."""

    def finished(
        self, priority: Priority, prompt_tokens: int, cached_tokens: int, completion_tokens: int
    ) -> None:
        """An answer is complete, or was cancelled by its caller."""

    def failed(self, priority: Priority, code: ErrorCode) -> None:
        """A request was refused, or broke off after it was queued or started."""

    def child_restarted(self) -> None:
        """The engine child died and another one is started."""


class SilentObserver:
    """Counts nothing."""

    def queued(self, priority: Priority) -> None:
        """See Observer."""

    def started(self, priority: Priority, waited: float) -> None:
        """See Observer."""

    def first_token(self, priority: Priority, elapsed: float) -> None:
        """See Observer."""

    def token(self, priority: Priority, elapsed: float) -> None:
        """See Observer."""

    def finished(
        self, priority: Priority, prompt_tokens: int, cached_tokens: int, completion_tokens: int
    ) -> None:
        """See Observer."""

    def failed(self, priority: Priority, code: ErrorCode) -> None:
        """See Observer."""

    def child_restarted(self) -> None:
        """See Observer."""
