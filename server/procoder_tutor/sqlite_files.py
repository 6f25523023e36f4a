"""SQLite files that several processes share: in WAL mode, and set aside when they are corrupt."""

import logging
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

log = logging.getLogger(__name__)

IN_MEMORY = Path(":memory:")
"""The path of a database that is gone with its process."""
_CORRUPT = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_PRIMARY_CODE = 0xFF
"""Bits of an extended result code that hold the primary one (sqlite.org/rescode.html)."""
T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]
Migrations = Sequence[Sequence[str]]
"""For every version of a schema, from 1, the statements that lead to it from the one before."""


class NewerSchemaError(sqlite3.OperationalError):
    """The file was written by a later version of ours, which may still use it."""


class SqliteFile:
    """One database file; its methods block and may be called from any thread."""

    def __init__(
        self,
        path: Path,
        migrations: Migrations,
        *,
        durable: bool,
        busy_seconds: float,
        prepare: Work[None] | None = None,
    ) -> None:
        self._path = path
        self._migrations = migrations
        self._prepare = prepare
        """Run on every connection once, in a transaction."""
        self._synchronous = "FULL" if durable else "NORMAL"
        """FULL syncs each commit to the disk; NORMAL may lose the last ones with the power."""
        self._busy_seconds = busy_seconds
        self._connection: sqlite3.Connection | None = None
        self._identity = (0, 0)
        self._lock = threading.Lock()

    def read(self, work: Work[T]) -> T:
        """Run `work` on one consistent state of the database; waits for no writer.

        Raises sqlite3.Error or OSError, like `write`.
        """
        return self._run("BEGIN", work)

    def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction of its own: all of it is kept, or nothing.

        A corrupt file is set aside, and `work` runs on an empty one.
        """
        return self._run("BEGIN IMMEDIATE", work)

    def checkpoint(self) -> None:
        """Move what was written into the database itself and empty its log, if nobody reads."""
        with self._lock:
            if self._connection is not None:
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close the file; the next access opens it again."""
        with self._lock:
            self._disconnect()

    def _run(self, begin: str, work: Work[T]) -> T:
        with self._lock:
            try:
                return _transaction(self._connected(), begin, work)
            except sqlite3.DatabaseError as error:
                if not _is_corrupt(error) or self._path == IN_MEMORY:
                    raise
            self._disconnect()
            with self._opening():
                _set_aside_if_corrupt(self._path)
            return _transaction(self._connected(), begin, work)

    def _connected(self) -> sqlite3.Connection:
        """Open the file, again if another process has put a new one in its place."""
        if self._connection is not None and self._identity != _identity(self._path):
            self._disconnect()
        if self._connection is None:
            if self._path == IN_MEMORY:
                self._connection = self._open()
            else:
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with self._opening():
                    self._connection = self._open()
            self._identity = _identity(self._path)
        return self._connection

    def _opening(self) -> FileLock:
        """One process at a time: SQLite's own waiting does not cover the change to WAL."""
        return FileLock(f"{self._path}.lock", timeout=self._busy_seconds)

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path,
            timeout=self._busy_seconds,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            if _scalar(connection, "PRAGMA journal_mode") != "wal":
                connection.execute("PRAGMA journal_mode = WAL").fetchall()
            connection.execute(f"PRAGMA synchronous = {self._synchronous}")
            connection.execute("PRAGMA secure_delete = ON").fetchall()
            if self._version(connection) < len(self._migrations):
                _transaction(connection, "BEGIN IMMEDIATE", self._migrate)
            if self._prepare is not None:
                _transaction(connection, "BEGIN IMMEDIATE", self._prepare)
        except BaseException:
            connection.close()
            raise
        return connection

    def _version(self, connection: sqlite3.Connection) -> int:
        version = int(str(_scalar(connection, "PRAGMA user_version")))
        if version > len(self._migrations):
            raise NewerSchemaError(f"{self._path.name} belongs to a newer version of ProCoder")
        return version

    def _migrate(self, connection: sqlite3.Connection) -> None:
        for migration in self._migrations[self._version(connection) :]:
            for statement in migration:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(self._migrations)}")

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def is_busy(error: sqlite3.Error | OSError) -> bool:
    """Tell whether another process only has the database at this moment."""
    if isinstance(error, OSError):
        return isinstance(error, Timeout)
    return _code(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def _transaction(connection: sqlite3.Connection, begin: str, work: Work[T]) -> T:
    connection.execute(begin)
    try:
        result = work(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return result


def _set_aside_if_corrupt(path: Path) -> None:
    """Move a corrupt file, with its log, out of the way; another process may have done it."""
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path)) as connection:
            if _scalar(connection, "PRAGMA integrity_check(1)") == "ok":
                return
    except sqlite3.DatabaseError as error:
        if not _is_corrupt(error):
            raise
    aside = path.with_name(f"{path.name}.corrupt")
    for suffix in ("-wal", "-shm"):
        aside.with_name(aside.name + suffix).unlink(missing_ok=True)
    path.replace(aside)
    recent = path.with_name(f"{path.name}-wal")
    if recent.exists():
        recent.replace(aside.with_name(f"{aside.name}-wal"))
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    log.warning("%s was corrupt; it is set aside as %s", path, aside.name)


def _identity(path: Path) -> tuple[int, int]:
    """Device and number of the file at `path`; zeros where there is none."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return (status.st_dev, status.st_ino)


def _is_corrupt(error: sqlite3.Error) -> bool:
    return _code(error) in _CORRUPT


def _code(error: sqlite3.Error) -> int:
    """Primary result code; 0 where Python's own wrapper complains."""
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE


def _scalar(connection: sqlite3.Connection, query: str) -> object:
    return connection.execute(query).fetchone()[0]
