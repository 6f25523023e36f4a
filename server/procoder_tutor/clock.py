"""How long the steps of an answer took, and how fast a model is on this machine."""

import time
from dataclasses import dataclass, field

from procoder_tutor.backend import Completion
from procoder_tutor.events import TimingsMs

_SMOOTHING = 0.5
_FEWEST_TOKENS = 4
"""Fewer tell more about noise than about speed."""
SHORTEST_ANSWER = 24
"""Tokens that an answer gets however slow the model is: less is no sentence."""


class Clock:
    """Milliseconds since a question was asked, and when its steps were done."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self.facts: float | None = None
        self.first_token: float | None = None

    def now(self) -> float:
        """Milliseconds since the question."""
        return (time.perf_counter() - self._started) * 1000

    def timings(self) -> TimingsMs:
        """What was measured, with now as the end."""
        return TimingsMs(self.facts, self.first_token, self.now())


@dataclass(slots=True)
class Speed:
    """Tokens per second of one model, learned from its answers; None until there was one."""

    prefill: float | None = None
    decode: float | None = None

    def learn(self, completion: Completion) -> None:
        """Take an answer into account, as far as its server says how long it took."""
        usage = completion.usage
        evaluated = usage.prompt_tokens - usage.cached_tokens
        self.prefill = _smoothed(self.prefill, evaluated, completion.prefill_ms)
        self.decode = _smoothed(self.decode, usage.completion_tokens, completion.decode_ms)

    def tokens_within(self, seconds: float, prompt_tokens: int) -> int | None:
        """Tokens that can be written in `seconds` after a prompt; None while that is unknown."""
        if self.decode is None:
            return None
        reading = prompt_tokens / self.prefill if self.prefill else 0.0
        return max(int((seconds - reading) * self.decode), SHORTEST_ANSWER)


@dataclass(slots=True)
class Speeds:
    """The speed of every model that answered in this process, by digest."""

    _known: dict[str, Speed] = field(default_factory=dict)

    def of(self, digest: str) -> Speed:
        """Return what is known of a model; what is learned there is kept."""
        return self._known.setdefault(digest, Speed())


def _smoothed(before: float | None, tokens: int, ms: float | None) -> float | None:
    if not ms or tokens < _FEWEST_TOKENS:
        return before
    rate = tokens * 1000 / ms
    return rate if before is None else before + _SMOOTHING * (rate - before)
