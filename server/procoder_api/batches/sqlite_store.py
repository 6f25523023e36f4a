"""Batches in the API's own file, which several processes of a machine may share."""

import sqlite3
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from procoder_api.batches.model import (
    Batch,
    Item,
    ItemState,
    Leased,
    Plan,
    Progress,
    SourceFile,
)
from procoder_api.batches.store import (
    GIVEN_UP,
    KEPT_SECONDS,
    LEASE_SECONDS,
    MAX_ATTEMPTS,
    MOST_AT_ONCE,
    UNHEARD_SECONDS,
)
from procoder_api.paging import Place
from procoder_api.state import ApiState

_BATCH = "id, title, level, language, created, cancelled"
_FREE = "((state = 'waiting' AND until <= :now) OR (state = 'running' AND until < :now))"
"""Nobody works on it, or nobody does any more."""


class SqliteBatches:
    """See BatchStore."""

    def __init__(self, state: ApiState, *, lease_seconds: float = LEASE_SECONDS) -> None:
        self._state = state
        self.lease_seconds = lease_seconds

    async def create(self, owner: str, plan: Plan) -> Batch:
        """See BatchStore."""
        return await self._state.write(lambda connection: _create(connection, owner, plan))

    async def get(self, owner: str, batch: str) -> Batch | None:
        """See BatchStore."""
        return await self._state.read(lambda connection: _get(connection, owner, batch))

    async def list(self, owner: str, *, limit: int, after: Place | None = None) -> Sequence[Batch]:
        """See BatchStore."""
        return await self._state.read(lambda connection: _page(connection, owner, limit, after))

    async def items(self, owner: str, batch: str) -> Sequence[Item]:
        """See BatchStore."""
        return await self._state.read(lambda connection: _items(connection, owner, batch))

    async def cancel(self, owner: str, batch: str) -> bool:
        """See BatchStore."""
        return await self._state.write(lambda connection: _cancel(connection, owner, batch))

    async def delete(self, owner: str, batch: str) -> bool:
        """See BatchStore."""
        return bool(
            await self._state.erase(
                lambda connection: _delete(connection, "owner = ? AND id = ?", (owner, batch))
            )
        )

    async def delete_all(self, owner: str) -> int:
        """See BatchStore."""
        return await self._state.erase(
            lambda connection: _delete(connection, "owner = ?", (owner,))
        )

    async def claim(self, item: int | None = None) -> Leased | None:
        """See BatchStore."""
        return await self._state.write(lambda c: _claim(c, time.time(), self.lease_seconds, item))

    async def announce(self) -> Sequence[int]:
        """See BatchStore."""
        return await self._state.write(lambda connection: _announce(connection, time.time()))

    async def unannounce(self, item: int) -> None:
        """See BatchStore."""
        query = "UPDATE items SET announced = 0 WHERE id = ?"
        await self._state.write(lambda connection: connection.execute(query, (item,)))

    async def extend(self, leased: Leased) -> bool:
        """See BatchStore."""
        until = time.time() + self.lease_seconds
        query = "UPDATE items SET until = ? WHERE id = ? AND lease = ? AND state = 'running'"
        return await self._changed(query, (until, leased.id, leased.lease))

    async def finish(self, leased: Leased, markdown: str) -> bool:
        """See BatchStore."""
        query = (
            "UPDATE items SET state = 'done', markdown = ?"
            " WHERE id = ? AND lease = ? AND state = 'running'"
        )
        return await self._changed(query, (markdown, leased.id, leased.lease))

    async def fail(self, leased: Leased, error: str) -> bool:
        """See BatchStore."""
        query = (
            "UPDATE items SET state = 'failed', error = ?"
            " WHERE id = ? AND lease = ? AND state = 'running'"
        )
        return await self._changed(query, (error, leased.id, leased.lease))

    async def release(self, leased: Leased, *, after: float = 0, free: bool = False) -> bool:
        """See BatchStore."""
        query = (
            "UPDATE items SET state = 'waiting', until = ?, attempts = attempts - ?"
            " WHERE id = ? AND lease = ? AND state = 'running'"
        )
        values = (time.time() + after, int(free), leased.id, leased.lease)
        return await self._changed(query, values)

    async def aclose(self) -> None:
        """Leave the file to its owner."""

    async def _changed(self, query: str, values: Sequence[object]) -> bool:
        return await self._state.write(
            lambda connection: connection.execute(query, tuple(values)).rowcount == 1
        )


def _create(connection: sqlite3.Connection, owner: str, plan: Plan) -> Batch:
    now = round(time.time(), 6)  # what a datetime can hold
    _delete(connection, "created < ?", (now - KEPT_SECONDS,))
    identity = uuid.uuid4().hex
    connection.execute(
        "INSERT INTO batches VALUES (?, ?, ?, ?, ?, ?, 0)",
        (identity, owner, plan.title, plan.level, plan.language, now),
    )
    connection.executemany(
        "INSERT INTO files VALUES (?, ?, ?, ?)",
        [(identity, number, file.name, file.text) for number, file in enumerate(plan.files)],
    )
    connection.executemany(
        "INSERT INTO items (batch, file, symbol, line, state) VALUES (?, ?, ?, ?, 'waiting')",
        [(identity, part.file, part.symbol, part.line) for part in plan.parts],
    )
    return _made(connection, (identity, plan.title, plan.level, plan.language, now, 0))


def _get(connection: sqlite3.Connection, owner: str, batch: str) -> Batch | None:
    row = connection.execute(
        f"SELECT {_BATCH} FROM batches WHERE owner = ? AND id = ?",  # noqa: S608
        (owner, batch),
    ).fetchone()
    return None if row is None else _made(connection, row)


def _page(
    connection: sqlite3.Connection, owner: str, limit: int, after: Place | None
) -> Sequence[Batch]:
    condition, values = "", tuple[object, ...]()
    if after is not None:
        condition, values = "AND (created, id) < (?, ?)", (after.time.timestamp(), after.id)
    rows = connection.execute(
        f"SELECT {_BATCH} FROM batches WHERE owner = ? {condition}"  # noqa: S608
        " ORDER BY created DESC, id DESC LIMIT ?",
        (owner, *values, limit),
    ).fetchall()
    return [_made(connection, row) for row in rows]


def _items(connection: sqlite3.Connection, owner: str, batch: str) -> Sequence[Item]:
    rows = connection.execute(
        "SELECT files.name, symbol, line, state, error, markdown FROM items"
        " JOIN files ON files.batch = items.batch AND files.number = items.file"
        " JOIN batches ON batches.id = items.batch"
        " WHERE owner = ? AND items.batch = ? ORDER BY items.id",
        (owner, batch),
    )
    return [
        Item(name, symbol, line, ItemState(state), *rest)
        for name, symbol, line, state, *rest in rows
    ]


def _cancel(connection: sqlite3.Connection, owner: str, batch: str) -> bool:
    found = connection.execute(
        "UPDATE batches SET cancelled = 1 WHERE owner = ? AND id = ?", (owner, batch)
    )
    if found.rowcount:
        connection.execute(
            "UPDATE items SET state = 'cancelled'"
            " WHERE batch = ? AND state IN ('waiting', 'running')",
            (batch,),
        )
    return bool(found.rowcount)


def _delete(connection: sqlite3.Connection, condition: str, values: tuple[object, ...]) -> int:
    for table in ("items", "files"):
        connection.execute(
            f"DELETE FROM {table} WHERE batch IN (SELECT id FROM batches WHERE {condition})",  # noqa: S608
            values,
        )
    return connection.execute(f"DELETE FROM batches WHERE {condition}", values).rowcount  # noqa: S608


def _announce(connection: sqlite3.Connection, now: float) -> Sequence[int]:
    ids = [
        row[0]
        for row in connection.execute(
            f"SELECT id FROM items WHERE {_FREE}"  # noqa: S608
            " AND announced < MAX(until, :before) ORDER BY attempts, id LIMIT :most",
            {"now": now, "before": now - UNHEARD_SECONDS, "most": MOST_AT_ONCE},
        )
    ]
    connection.executemany(
        "UPDATE items SET announced = ? WHERE id = ?", [(now, item) for item in ids]
    )
    return ids


def _claim(
    connection: sqlite3.Connection, now: float, lease_seconds: float, item: int | None
) -> Leased | None:
    connection.execute(
        f"UPDATE items SET state = 'failed', error = :error WHERE {_FREE} AND attempts >= :most",  # noqa: S608
        {"now": now, "error": GIVEN_UP, "most": MAX_ATTEMPTS},
    )
    row = connection.execute(
        "SELECT items.id, items.batch, file, symbol, line, attempts FROM items"  # noqa: S608
        f" WHERE {_FREE} AND (:item IS NULL OR items.id = :item) ORDER BY"
        " (SELECT count(*) FROM items AS begun"
        " WHERE begun.batch = items.batch AND begun.state != 'waiting'), items.id LIMIT 1",
        {"now": now, "item": item},
    ).fetchone()
    if row is None:
        return None
    found, batch, file, symbol, line, attempts = row
    lease = uuid.uuid4().hex
    connection.execute(
        "UPDATE items SET state = 'running', lease = ?, until = ?, attempts = attempts + 1"
        " WHERE id = ?",
        (lease, now + lease_seconds, found),
    )
    source = connection.execute(
        "SELECT name, text FROM files WHERE batch = ? AND number = ?", (batch, file)
    ).fetchone()
    level, language = connection.execute(
        "SELECT level, language FROM batches WHERE id = ?", (batch,)
    ).fetchone()
    return Leased(found, lease, SourceFile(*source), symbol, line, level, language, attempts + 1)


def _made(connection: sqlite3.Connection, row: tuple[str, str, str, str, float, int]) -> Batch:
    identity, title, level, language, created, cancelled = row
    counted = connection.execute(
        "SELECT state, count(*) FROM items WHERE batch = ? GROUP BY state", (identity,)
    )
    progress = Progress(**dict(counted.fetchall()))
    when = datetime.fromtimestamp(created, UTC)
    return Batch(identity, title, level, language, when, progress, bool(cancelled))
