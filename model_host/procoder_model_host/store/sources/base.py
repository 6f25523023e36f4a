"""What a source of model files offers the store."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a pull has come."""

    stage: str
    """What is being done, for the user: "downloading", "checking"…"""
    done: int = 0
    """Bytes."""
    total: int | None = None
    """Bytes, or None while unknown."""


ProgressListener = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a source says about the file it wrote; the store checks it."""

    origin: str
    """For the user: where the file came from."""
    digest: str | None
    """`sha256:<hex>` announced by the source, or None when it announces none."""


class SourceUnavailableError(Exception):
    """This source does not have the model here and now; the next one may. `str()` says why."""


class Source(Protocol):
    """One place a model file can be had from."""

    def fetch(self, partial: Path, progress: ProgressListener) -> Fetched:
        """Write the whole file to `partial`, going on with what is there if that can be.

        Raises SourceUnavailableError where another source may help, DownloadError or StoreError
        otherwise. On any exception `partial` holds a beginning of the file, or nothing.
        """
        ...
