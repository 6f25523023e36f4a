"""How far one request to the model is, as far as its speed on this machine is known."""

import time
from collections.abc import Callable

from procoder_tutor.clock import Speed
from procoder_tutor.events import Working

REPORT_SECONDS = 1.0
"""Between two reports of one stage: a number that changes more often cannot be read."""
Report = Callable[[Working], object]


class Stages:
    """Reports that a prompt is read, then how much was written of the answer."""

    def __init__(
        self,
        report: Report,
        speed: Speed,
        max_tokens: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._report = report
        self._speed = speed
        self._max_tokens = max_tokens
        self._clock = clock
        self._written = 0
        self._began = 0.0
        self._reported = 0.0

    def reads(self, tokens: int) -> None:
        """Tell that a prompt of about so many tokens is on its way."""
        rate = self._speed.prefill
        self._report(Working("reading", tokens, rate, tokens / rate if rate else None))

    def wrote_one(self) -> None:
        """Take note of one more token; tells of the first, and then now and again."""
        now = self._clock()
        self._written += 1
        if self._written == 1:
            self._began = now
        elif now - self._reported < REPORT_SECONDS:
            return
        self._reported = now
        rate = self._rate(now)
        rest = max(self._max_tokens - self._written, 0)
        self._report(Working("writing", self._written, rate, rest / rate if rate else None))

    def _rate(self, now: float) -> float | None:
        """Tokens per second of this answer, or while it begins that of earlier ones."""
        seconds = now - self._began
        return (self._written - 1) / seconds if seconds >= REPORT_SECONDS else self._speed.decode
