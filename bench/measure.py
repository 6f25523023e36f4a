"""Samples and how they are shown: median, spread, and the ratio to a peer, pair by pair."""

import os
import platform
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rich.table import Table


@dataclass(frozen=True, slots=True)
class Goal:
    """What a median is to keep to; what is None is not asked for."""

    at_most: float | None = None
    """In the unit of the series."""
    of_peer: float | None = None
    """As a share of what the peer takes."""
    above_peer: float | None = None
    """How much more than the peer's median it may be, in the unit of the series."""

    def __str__(self) -> str:
        limits = (
            ("≤ {:,g}", self.at_most),
            ("≤ {:,g} of peer", self.of_peer),
            ("≤ peer + {:,g}", self.above_peer),
        )
        return ", ".join(text.format(limit) for text, limit in limits if limit is not None)


@dataclass(frozen=True, slots=True)
class Series:
    """Repeated measurements of one thing; `peer` holds the same thing done by another program."""

    name: str
    unit: str
    values: Sequence[float]
    peer_name: str = ""
    peer: Sequence[float] = field(default_factory=tuple)
    goal: Goal | None = None

    @property
    def median(self) -> float:
        """Median of the values."""
        return statistics.median(self.values)

    @property
    def ratio(self) -> float | None:
        """Median of value / peer, taken pair by pair; None without a peer."""
        if not self.peer:
            return None
        return statistics.median(
            mine / other for mine, other in zip(self.values, self.peer, strict=True)
        )

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without one."""
        if self.goal is None:
            return None
        limits = [self.goal.at_most]
        if self.goal.above_peer is not None:
            limits.append(statistics.median(self.peer) + self.goal.above_peer)
        share = self.goal.of_peer
        small_enough = share is None or (self.ratio is not None and self.ratio <= share)
        return small_enough and all(limit is None or self.median <= limit for limit in limits)

    def to_json(self) -> dict[str, Any]:
        """All samples with their summary."""
        return {**asdict(self), "median": self.median, "ratio": self.ratio, "met": self.met}


def machine() -> dict[str, Any]:
    """What the figures were measured on, with the load at this moment."""
    return {
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "load_average": os.getloadavg(),
    }


def percentile(values: Sequence[float], percent: int) -> float:
    """The `percent`-th percentile by linear interpolation (needs two values or more)."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def table(title: str, rows: Sequence[Series]) -> Table:
    """Render series as a table for the terminal."""
    view = Table(title=title, title_justify="left")
    view.add_column("measured")
    columns = ["unit", "median", "min", "max", "n", "peer median", "peer min", "peer max", "ratio"]
    for column in columns:
        view.add_column(column, justify="right")
    with_goals = any(row.goal for row in rows)
    for column in ("goal", "verdict") if with_goals else ():
        view.add_column(column)
    for row in rows:
        name = f"{row.name} / {row.peer_name}" if row.peer else row.name
        cells = [name, row.unit, *_summary(row.values), str(len(row.values)), *_summary(row.peer)]
        cells.append("" if row.ratio is None else f"{row.ratio:.2f}")
        if with_goals:
            cells += [str(row.goal or ""), {None: "", True: "met", False: "MISSED"}[row.met]]
        view.add_row(*cells)
    return view


def elapsed_ms(started: float) -> float:
    """Milliseconds since `started`, a reading of `time.perf_counter`."""
    return (time.perf_counter() - started) * 1000


def _summary(values: Sequence[float]) -> list[str]:
    """Median, least and greatest, as they are shown."""
    if not values:
        return ["", "", ""]
    return [f"{value:,.1f}" for value in (statistics.median(values), min(values), max(values))]
