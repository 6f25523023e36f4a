"""The second layer: answers, and the identities of the models that gave them, in a SQLite file."""

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TypeVar

from procoder_tutor.backend import ModelInfo
from procoder_tutor.cache.entries import decode, encode
from procoder_tutor.events import Explanation
from procoder_tutor.settings import CacheSettings
from procoder_tutor.sqlite_files import SqliteFile, is_busy

_BUSY_SECONDS = 0.25
_MIGRATIONS = (
    (
        "DROP TABLE IF EXISTS answers",
        "DROP TABLE IF EXISTS models",
        """
        CREATE TABLE answers (
            key TEXT PRIMARY KEY, value TEXT NOT NULL, bytes INTEGER NOT NULL, used REAL NOT NULL
        ) WITHOUT ROWID
        """,
        "CREATE INDEX answers_used ON answers (used)",
        "CREATE TABLE models (name TEXT PRIMARY KEY, card TEXT NOT NULL) WITHOUT ROWID",
    ),
    (
        # Sizes are summed and the oldest are found without reading the answers themselves.
        "DROP INDEX answers_used",
        "CREATE INDEX answers_used ON answers (used, key, bytes)",
    ),
)
T = TypeVar("T")


class DiskStore:
    """Answers that outlive the process; the least recently used ones make room."""

    def __init__(self, settings: CacheSettings) -> None:
        self._limit = settings.max_bytes
        self._file = SqliteFile(
            settings.path, _MIGRATIONS, durable=False, busy_seconds=_BUSY_SECONDS
        )
        self._off = False
        self._used: dict[str, float] = {}
        """When answers were used that the file does not know of yet."""

    async def get(self, key: str) -> Explanation | None:
        """Return a kept answer."""
        value = await self._attempt(lambda: self._file.read(lambda db: _value(db, key)))
        if value is None:
            return None
        self.touch(key)
        return decode(value)

    def touch(self, key: str) -> None:
        """Note that an answer is in use; the file learns of it with the next write."""
        self._used[key] = time.time()

    async def put(self, key: str, explanation: Explanation) -> None:
        """Keep an answer."""
        used, self._used = self._used, {}
        value = encode(explanation)

        def work(connection: sqlite3.Connection) -> None:
            _note_uses(connection, used)
            _keep(connection, key, value)
            _make_room(connection, self._limit)

        await self._attempt(lambda: self._file.write(work))

    async def clear(self) -> int:
        """Delete every answer and overwrite its text; returns how many there were."""
        self._used = {}
        count = await self._attempt(lambda: self._file.write(_delete_all))
        if count:
            await self._attempt(self._file.checkpoint)
        return count or 0

    async def size(self) -> tuple[int, int]:
        """Return how many answers are kept, and their bytes."""
        return await self._attempt(lambda: self._file.read(_size)) or (0, 0)

    async def card(self, name: str) -> ModelInfo | None:
        """Return the identity kept for the model `name`."""
        card = await self._attempt(lambda: self._file.read(lambda db: _card(db, name)))
        try:
            return None if card is None else ModelInfo(**json.loads(card))
        except (ValueError, TypeError):
            return None

    async def put_card(self, name: str, info: ModelInfo) -> None:
        """Keep the identity of the model `name`."""
        card = json.dumps(asdict(info))
        await self._attempt(lambda: self._file.write(lambda db: _keep_card(db, name, card)))

    async def aclose(self) -> None:
        """Write down what was used, and close the file."""
        used, self._used = self._used, {}
        if used:
            await self._attempt(lambda: self._file.write(lambda db: _note_uses(db, used)))
        self._off = True
        await asyncio.to_thread(self._file.close)

    async def _attempt(self, work: Callable[[], T]) -> T | None:
        """Run `work` in a thread; a file in trouble answers None."""
        if self._off:
            return None
        try:
            return await asyncio.to_thread(work)
        except (sqlite3.Error, OSError) as error:
            # Locked: the next time may work. Anything else, e.g. a full disk: without the file.
            self._off = not is_busy(error)
            return None


def _value(connection: sqlite3.Connection, key: str) -> str | None:
    row = connection.execute("SELECT value FROM answers WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def _keep(connection: sqlite3.Connection, key: str, value: str) -> None:
    size = len(key) + len(value.encode())
    connection.execute(
        "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", (key, value, size, time.time())
    )


def _note_uses(connection: sqlite3.Connection, used: Mapping[str, float]) -> None:
    connection.executemany(
        "UPDATE answers SET used = MAX(used, ?) WHERE key = ?",
        [(when, key) for key, when in used.items()],
    )


def _make_room(connection: sqlite3.Connection, limit: int) -> None:
    over = connection.execute("SELECT TOTAL(bytes) FROM answers").fetchone()[0] - limit
    doomed = []
    if over > 0:
        for key, size in connection.execute("SELECT key, bytes FROM answers ORDER BY used, key"):
            doomed.append((key,))
            over -= size
            if over <= 0:
                break
    connection.executemany("DELETE FROM answers WHERE key = ?", doomed)


def _delete_all(connection: sqlite3.Connection) -> int:
    return connection.execute("DELETE FROM answers").rowcount


def _size(connection: sqlite3.Connection) -> tuple[int, int]:
    count, size = connection.execute("SELECT COUNT(*), TOTAL(bytes) FROM answers").fetchone()
    return int(count), int(size)


def _card(connection: sqlite3.Connection, name: str) -> str | None:
    row = connection.execute("SELECT card FROM models WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def _keep_card(connection: sqlite3.Connection, name: str, card: str) -> None:
    connection.execute("INSERT OR REPLACE INTO models VALUES (?, ?)", (name, card))
