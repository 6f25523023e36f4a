"""The API's own file: answers to repeated requests, and batches; several processes may share it."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from procoder_tutor.errors import StorageError
from procoder_tutor.settings import Settings
from procoder_tutor.sqlite_files import IN_MEMORY, SqliteFile, is_busy

_BUSY_SECONDS = 5.0
_MIGRATIONS = (
    (
        """
        CREATE TABLE replies (
            key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, began REAL NOT NULL, sealed BLOB
        ) WITHOUT ROWID
        """,
        "CREATE INDEX replies_began ON replies (began)",
        """
        CREATE TABLE batches (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            title TEXT NOT NULL,
            level TEXT NOT NULL,
            language TEXT NOT NULL,
            created REAL NOT NULL,
            cancelled INTEGER NOT NULL DEFAULT 0
        )
        """,
        "CREATE INDEX batches_owner ON batches (owner, created, id)",
        """
        CREATE TABLE files (
            batch TEXT NOT NULL REFERENCES batches, number INTEGER NOT NULL,
            name TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (batch, number)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE items (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            batch TEXT NOT NULL REFERENCES batches,
            file INTEGER NOT NULL,
            symbol TEXT NOT NULL,
            line INTEGER NOT NULL,
            state TEXT NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            lease TEXT NOT NULL DEFAULT '',
            until REAL NOT NULL DEFAULT 0,
            announced REAL NOT NULL DEFAULT 0,
            markdown TEXT NOT NULL DEFAULT '',
            error TEXT NOT NULL DEFAULT ''
        )
        """,
        "CREATE INDEX items_batch ON items (batch, id)",
        "CREATE INDEX items_state ON items (state, until, id)",
    ),
)
"""Times are in seconds since 1970."""
_NAME = "api.sqlite3"
T = TypeVar("T")


def state_path(settings: Settings) -> Path:
    """Return where the file lies: beside the conversations, or in memory like them."""
    conversations = settings.conversations.path
    return IN_MEMORY if conversations == IN_MEMORY else conversations.with_name(_NAME)


class ApiState:
    """The file as the event loop sees it; methods raise StorageError when it cannot be used."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = SqliteFile(path, _MIGRATIONS, durable=True, busy_seconds=_BUSY_SECONDS)

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run a query in a thread."""
        return await self._attempt(lambda: self._file.read(work))

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run a change in a thread, in a transaction."""
        return await self._attempt(lambda: self._file.write(work))

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
            raise StorageError(f"The API's state cannot be kept: {error}", advice) from error
