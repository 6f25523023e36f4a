"""Finished explanations, by what they were made from; on disk, bounded, and never in the way.

Keys are digests of content, so an entry is never stale, only unused. A cache that is corrupt,
locked or not writable costs speed, not answers.
"""

import asyncio
import contextlib
import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from cachetools import LRUCache

from procoder_tutor.backend import ModelInfo
from procoder_tutor.events import Checks, Explanation
from procoder_tutor.settings import CacheSettings

SCHEMA_VERSION = 1
_BUSY_SECONDS = 0.25
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, value TEXT NOT NULL, bytes INTEGER NOT NULL, used REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS answers_used ON answers (used);
CREATE TABLE IF NOT EXISTS models (name TEXT PRIMARY KEY, card TEXT NOT NULL) WITHOUT ROWID;
PRAGMA user_version = {SCHEMA_VERSION};
"""
T = TypeVar("T")


def cache_key(*parts: str) -> str:
    """Return the digest of `parts`; no two different sequences share one."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


class ExplanationCache:
    """Answers and the identities of the models that gave them."""

    def __init__(self, settings: CacheSettings) -> None:
        self._settings = settings
        self._memory: LRUCache[str, str] = LRUCache(settings.memory_entries)
        self._models: dict[str, ModelInfo] = {}
        self._connection: sqlite3.Connection | None = None
        self._off_disk = not settings.enabled
        self._lock = threading.Lock()

    async def get(self, key: str) -> Explanation | None:
        """Return a kept answer, marked as cached."""
        if not self._settings.enabled:
            return None
        value = self._memory.get(key)
        if value is None:
            value = await self._on_disk(lambda connection: _read(connection, key))
        if value is None:
            return None
        self._memory[key] = value
        return _decode(value)

    async def put(self, key: str, explanation: Explanation) -> None:
        """Keep an answer; the least recently used ones make room."""
        if not self._settings.enabled:
            return
        value = _encode(explanation)
        self._memory[key] = value
        limit = self._settings.max_bytes
        await self._on_disk(lambda connection: _write(connection, key, value, limit))

    async def known_model(self, name: str) -> ModelInfo | None:
        """Return which model `name` stood for last, so that no host is needed to look it up."""
        if name not in self._models:
            card = await self._on_disk(lambda connection: _read_card(connection, name))
            if card is not None:
                with contextlib.suppress(ValueError, TypeError):
                    self._models[name] = ModelInfo(**json.loads(card))
        return self._models.get(name)

    async def remember_model(self, name: str, info: ModelInfo) -> None:
        """Keep which model `name` stands for."""
        if self._models.get(name) == info:
            return
        self._models[name] = info
        card = json.dumps(asdict(info))
        await self._on_disk(lambda connection: _write_card(connection, name, card))

    async def aclose(self) -> None:
        """Close the file."""
        await asyncio.to_thread(self._close)

    async def _on_disk(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """Run `work` in a thread; a database in trouble answers None."""
        if self._off_disk:
            return None
        return await asyncio.to_thread(self._attempt, work)

    def _attempt(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = _connect(self._settings.path)
                with self._connection:
                    return work(self._connection)
            except sqlite3.OperationalError as error:
                # Locked: the next time may work. Anything else, e.g. a full disk: memory only.
                self._off_disk = "locked" not in str(error) and "busy" not in str(error)
            except sqlite3.DatabaseError:
                self._set_aside()
            except OSError:
                self._off_disk = True
            return None

    def _set_aside(self) -> None:
        """Move a corrupt file out of the way; the next access makes a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        path = self._settings.path
        try:
            path.replace(path.with_name(f"{path.name}.corrupt"))
            for suffix in ("-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
        except OSError:
            self._off_disk = True

    def _close(self) -> None:
        with self._lock:
            self._off_disk = True
            if self._connection is not None:
                self._connection.close()
                self._connection = None


class _NewerSchemaError(sqlite3.OperationalError):
    """The file was written by a later version of ours, which may still use it."""


def _connect(path: Path) -> sqlite3.Connection:
    """Open the database, in our schema; an older schema is emptied, a newer one left alone."""
    name = str(path)
    if name != ":memory:":
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    connection = sqlite3.connect(name, timeout=_BUSY_SECONDS, check_same_thread=False)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise _NewerSchemaError("the cache belongs to a newer version")
        if version < SCHEMA_VERSION:
            connection.executescript("DROP TABLE IF EXISTS answers; DROP TABLE IF EXISTS models;")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(_SCHEMA)
    except BaseException:
        connection.close()
        raise
    return connection


def _read(connection: sqlite3.Connection, key: str) -> str | None:
    row = connection.execute("SELECT value FROM answers WHERE key = ?", (key,)).fetchone()
    if row is None:
        return None
    connection.execute("UPDATE answers SET used = ? WHERE key = ?", (time.time(), key))
    return str(row[0])


def _write(connection: sqlite3.Connection, key: str, value: str, limit: int) -> None:
    size = len(key) + len(value.encode())
    connection.execute(
        "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", (key, value, size, time.time())
    )
    over = connection.execute("SELECT COALESCE(SUM(bytes), 0) FROM answers").fetchone()[0] - limit
    if over <= 0:
        return
    doomed = []
    for old, bytes_ in connection.execute("SELECT key, bytes FROM answers ORDER BY used, key"):
        doomed.append((old,))
        over -= bytes_
        if over <= 0:
            break
    connection.executemany("DELETE FROM answers WHERE key = ?", doomed)


def _read_card(connection: sqlite3.Connection, name: str) -> str | None:
    row = connection.execute("SELECT card FROM models WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def _write_card(connection: sqlite3.Connection, name: str, card: str) -> None:
    connection.execute("INSERT OR REPLACE INTO models VALUES (?, ?)", (name, card))


def _encode(explanation: Explanation) -> str:
    """Keep what does not depend on when or how fast it was made."""
    return json.dumps(
        {
            "markdown": explanation.markdown,
            "checks": asdict(explanation.checks),
            "model": explanation.model,
        }
    )


def _decode(value: str) -> Explanation | None:
    try:
        data = json.loads(value)
        checks = Checks(
            checked=int(data["checks"]["checked"]),
            passed=int(data["checks"]["passed"]),
            dropped=tuple(data["checks"]["dropped"]),
            unknown_names=tuple(data["checks"]["unknown_names"]),
        )
        return Explanation(str(data["markdown"]), checks, str(data["model"]), cached=True)
    except (ValueError, KeyError, TypeError):
        return None
