"""Costs as a power and a logarithm of the size of one input, and how they add up."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Sized = Literal["items", "characters", "lines", "numbers", "halves", "sort"]


class Untold(Exception):  # noqa: N818 (not an error: the answer is that there is no answer)
    """How the work of this code grows cannot be told from its text."""


@dataclass(frozen=True, slots=True)
class Cost:
    """`n ** power * log(n) ** logs`, where `n` is the size of the input `about`."""

    power: int = 0
    logs: int = 0
    about: str = ""
    """The parameter, or an attribute of `self` or an open file; empty for a constant."""
    lines: tuple[int, ...] = ()
    """Where the factors stand, outermost first."""
    by: Sized = "items"
    """What the outermost factor counts."""

    @property
    def order(self) -> tuple[int, int]:
        """What costs are compared by."""
        return (self.power, self.logs)


CONSTANT = Cost()


def total(costs: Iterable[Cost]) -> Cost:
    """Cost of one thing after the other: the largest. Raises Untold for different inputs."""
    largest = CONSTANT
    for cost in costs:
        _check_same_input(largest, cost)
        if cost.order > largest.order:
            largest = cost
    return largest


def times(outer: Cost, inner: Cost) -> Cost:
    """Cost of doing `inner` as often as `outer` says. Raises Untold for different inputs."""
    _check_same_input(outer, inner)
    if not outer.about:
        return inner
    return Cost(
        outer.power + inner.power,
        outer.logs + inner.logs,
        outer.about,
        outer.lines + inner.lines,
        outer.by,
    )


def _check_same_input(first: Cost, second: Cost) -> None:
    if first.about and second.about and first.about != second.about:
        raise Untold
