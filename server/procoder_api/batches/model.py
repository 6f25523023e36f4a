"""Batches, as values."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ItemState(StrEnum):
    """How far an item is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """Given up; `error` says why."""
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A Python file that was uploaded."""

    name: str
    """Its path in the upload, e.g. `shop/cart.py`."""
    text: str = field(repr=False)
    """Without its secrets: it lies on a disk until the batch is deleted."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a file that gets an explanation of its own."""

    file: int
    """Index of the file in its batch."""
    symbol: str
    """Qualified name; empty for the file itself."""
    line: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a new batch consists of."""

    title: str
    level: str
    language: str
    files: tuple[SourceFile, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How many items of a batch are in which state."""

    waiting: int = 0
    running: int = 0
    done: int = 0
    failed: int = 0
    cancelled: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch of one owner."""

    id: str
    title: str
    level: str
    """Whom the explanations are for."""
    language: str
    created: datetime
    progress: Progress
    cancelled: bool = False

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen to it."""
        return not self.progress.waiting and not self.progress.running


@dataclass(frozen=True, slots=True)
class Item:
    """One explanation of a batch, wanted or made."""

    file: str
    """Name of the file."""
    symbol: str
    """Qualified name; empty for the file itself."""
    line: int
    state: ItemState
    error: str = ""
    """Why it failed."""
    markdown: str = field(default="", repr=False)
    """The explanation, once it is done."""


@dataclass(frozen=True, slots=True)
class Leased:
    """An item that somebody works on, for as long as they extend the lease."""

    id: int
    lease: str
    """Names whoever holds it: a result counts only from them."""
    file: SourceFile
    symbol: str
    line: int
    level: str
    language: str
    attempts: int
    """Which attempt this is, from 1."""
