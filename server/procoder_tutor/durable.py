"""A database file as the event loop sees it: durable, shared by processes, its trouble told."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from procoder_tutor.errors import StorageError
from procoder_tutor.sqlite_files import Migrations, SqliteFile, Work, is_busy

_BUSY_SECONDS = 5.0
T = TypeVar("T")


class DurableFile:
    """One file; what was written is on the disk when `write` returns.

    Every method raises StorageError when the file can be neither read nor written.
    """

    def __init__(
        self, path: Path, migrations: Migrations, what: str, prepare: Work[None] | None = None
    ) -> None:
        """`what` begins the sentence of an error, e.g. `Conversations`."""
        self._path = path
        self._what = what
        self._file = SqliteFile(
            path, migrations, durable=True, busy_seconds=_BUSY_SECONDS, prepare=prepare
        )

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run a query in a thread."""
        return await self._attempt(lambda: self._file.read(work))

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run a change in a thread, in a transaction."""
        return await self._attempt(lambda: self._file.write(work))

    async def erase(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run a deletion, and leave no trace of it in the file's log either."""
        result = await self.write(work)
        await self._attempt(self._file.checkpoint)
        return result

    async def aclose(self) -> None:
        """Close the file."""
        await asyncio.to_thread(self._file.close)

    async def _attempt(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.to_thread(work)
        except (sqlite3.Error, OSError) as error:
            advice = "Try again in a moment."
            if not is_busy(error):
                advice = f"See that {self._path} can be written and that the disk has room."
            raise StorageError(f"{self._what} cannot be kept: {error}", advice) from error
