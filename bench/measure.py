"""Samples and how they are shown: median, spread, and the ratio to a peer, pair by pair."""

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rich.table import Table


@dataclass(frozen=True, slots=True)
class Series:
    """Repeated measurements of one thing; `peer` holds the same thing done by another program."""

    name: str
    unit: str
    values: Sequence[float]
    peer_name: str = ""
    peer: Sequence[float] = field(default_factory=tuple)

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

    def to_json(self) -> dict[str, Any]:
        """All samples with their summary."""
        return {**asdict(self), "median": self.median, "ratio": self.ratio}


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
    for column in ("unit", "median", "min", "max", "n", "peer median", "ratio"):
        view.add_column(column, justify="right")
    for row in rows:
        peer = f"{statistics.median(row.peer):,.1f}" if row.peer else ""
        ratio = f"{row.ratio:.2f}" if row.ratio is not None else ""
        name = f"{row.name} / {row.peer_name}" if row.peer else row.name
        view.add_row(
            name,
            row.unit,
            f"{row.median:,.1f}",
            f"{min(row.values):,.1f}",
            f"{max(row.values):,.1f}",
            str(len(row.values)),
            peer,
            ratio,
        )
    return view
