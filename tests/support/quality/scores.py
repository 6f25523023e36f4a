"""Precision and recall, counted over many small sets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Score:
    """How two collections of items agree."""

    right: int = 0
    """Items found and expected."""
    found: int = 0
    expected: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.right + other.right, self.found + other.found, self.expected + other.expected
        )

    @property
    def precision(self) -> float:
        """Share of the found items that were expected; 1 where nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the expected items that were found; 1 where nothing was expected."""
        return self.right / self.expected if self.expected else 1.0


def score(found: frozenset[Any], expected: frozenset[Any]) -> Score:
    """Compare one set of items with what it should be."""
    return Score(len(found & expected), len(found), len(expected))


def total(scores: Iterable[Score]) -> Score:
    """Add scores up: a micro-average."""
    return sum(scores, Score())


def table(scores: Mapping[str, Score]) -> str:
    """Write scores one a line, with their sum."""
    rows = [f"{'':16} precision  recall  right/found/expected"]
    for name, one in {**scores, "overall": total(scores.values())}.items():
        counts = f"{one.right}/{one.found}/{one.expected}"
        rows.append(f"{name:16} {one.precision:9.3f} {one.recall:7.3f}  {counts}")
    return "\n".join(rows)
