"""`$/logTrace`: which requests came and how long they took, for a client that wants to know.

Names, times and error codes only: neither parameters nor answers, which may hold code.
"""

import time
from collections.abc import Callable

from lsprotocol import types


class Traces:
    """The requests that wait for their answer."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun: dict[int | str, tuple[str, float]] = {}

    def begin(self, identity: int | str, method: str) -> None:
        """Note that a request came."""
        self._begun[identity] = (method, self._clock())

    def end(
        self, identity: int | str, wanted: types.TraceValue | str, error: types.ResponseError | None
    ) -> types.LogTraceParams | None:
        """Return what to tell about an answer; None when nothing is wanted or it was no request."""
        method, begun = self._begun.pop(identity, ("", 0.0))
        if not method or wanted == types.TraceValue.Off:
            return None
        milliseconds = (self._clock() - begun) * 1000
        message = f"{method} took {milliseconds:.0f} ms"
        if wanted != types.TraceValue.Verbose:
            return types.LogTraceParams(message=message)
        outcome = "answered" if error is None else f"error {error.code}"
        return types.LogTraceParams(message=message, verbose=f"request {identity}: {outcome}")
