"""Which KV cache a prompt goes to: each priority has its own, unless another holds more of it.

A prefix that prefetch has warmed is worth most in the question that follows, so a more urgent
request moves into the lane that holds it; a less urgent one is a guest where its host loses less
than it gains. With fewer lanes than priorities the less urgent ones share the last.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import get_args

from procoder_model_host.messages import Priority

PRIORITIES: tuple[Priority, ...] = get_args(Priority)
"""Most urgent first."""


@dataclass(slots=True)
class Lane:
    """One KV cache: its number, and the tokens whose entries it holds."""

    number: int
    home_of: set[int]
    """The priorities whose own lane this is, by their place in PRIORITIES."""
    held: list[int] = field(default_factory=list)

    def shared(self, tokens: Sequence[int]) -> int:
        """Return the length of the prefix that is there already, short of the last token."""
        pairs = zip(self.held, tokens[:-1], strict=False)
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


class Lanes:
    """The lanes of one engine and who lives where."""

    def __init__(self, count: int, worth_moving: int) -> None:
        """`worth_moving`: tokens that a lane must spare to be preferred over one's own."""
        self._lanes = [Lane(number, set()) for number in range(max(count, 1))]
        self._worth_moving = worth_moving
        for rank in range(len(PRIORITIES)):
            self._lanes[min(rank, len(self._lanes) - 1)].home_of.add(rank)

    def __getitem__(self, number: int) -> Lane:
        return self._lanes[number]

    def choose(self, tokens: Sequence[int], rank: int) -> Lane:
        """Return the lane for a prompt of this priority; a more urgent one may move house."""
        home = next(lane for lane in self._lanes if rank in lane.home_of)
        base = home.shared(tokens)
        best, most = home, self._worth_moving - 1
        for lane in self._lanes:
            shared = lane.shared(tokens)
            loss = len(lane.held) - shared if _more_urgent(lane.home_of, rank) else 0
            if lane is not home and shared - base > max(most, loss):
                best, most = lane, shared - base
        if best is not home and not _more_urgent(best.home_of, rank):
            best.home_of, home.home_of = home.home_of, best.home_of
        return best


def _more_urgent(residents: Iterable[int], rank: int) -> bool:
    return min(residents) < rank
