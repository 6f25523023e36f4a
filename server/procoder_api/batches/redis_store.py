"""Batches in a Redis, for servers and workers on several machines.

Imported only where one is set up. Of each batch: a hash of what it is and how many items are in
which state, a hash of its files, a hash for each item, and a sorted set of its open items. Of an
owner: a sorted set of batches by time. Of all: open items by when to announce them, and batches
by how many of their items were begun. What belongs to one batch expires with it.
"""

import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from redis.asyncio import Redis

from procoder_api.batches import redis_scripts as scripts
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
from procoder_tutor.redis_calls import CALL_SECONDS, replied

_ROOT = "procoder:batch:1:"
"""The number is that of the format."""
_MILLISECONDS = 1000
_MICROSECONDS = 1_000_000


class RedisBatches:
    """See BatchStore."""

    def __init__(self, url: str, *, lease_seconds: float = LEASE_SECONDS) -> None:
        self._client = Redis.from_url(
            url,
            decode_responses=True,
            socket_connect_timeout=CALL_SECONDS,
            socket_timeout=CALL_SECONDS,
        )
        self.lease_seconds = lease_seconds

    async def create(self, owner: str, plan: Plan) -> Batch:
        """See BatchStore."""
        batch, now = uuid.uuid4().hex, datetime.now(UTC)
        count = len(plan.parts)
        first = int(await _done(self._client.incrby(f"{_ROOT}items", count))) - count + 1
        waiting = {_member(item): 0 for item in range(first, first + count)}
        opened, index = f"{_ROOT}open:{batch}", f"{_ROOT}owner:{owner}"
        hashes = dict(_hashes(batch, owner, plan, now, first))
        # One time for all: a part of a batch must not outlive the others.
        end = int(now.timestamp()) + KEPT_SECONDS
        async with self._client.pipeline(transaction=True) as pipeline:
            for key, fields in hashes.items():
                pipeline.hset(key, mapping=fields)
            pipeline.zadd(opened, waiting)
            pipeline.zadd(f"{_ROOT}due", waiting)
            pipeline.zadd(f"{_ROOT}turns", {batch: 0})
            pipeline.zremrangebyscore(index, "-inf", _score(now) - KEPT_SECONDS * _MICROSECONDS)
            pipeline.zadd(index, {batch: _score(now)})
            for key in (*hashes, opened, index):
                pipeline.expireat(key, end)
            await _done(pipeline.execute())
        return Batch(batch, plan.title, plan.level, plan.language, now, Progress(waiting=count))

    async def get(self, owner: str, batch: str) -> Batch | None:
        """See BatchStore."""
        head = await self._head(owner, batch)
        return _made(batch, head) if head else None

    async def list(self, owner: str, *, limit: int, after: Place | None = None) -> Sequence[Batch]:
        """See BatchStore."""
        ids = await self._ids(owner)
        async with self._client.pipeline(transaction=False) as pipeline:
            for batch in ids:
                pipeline.hgetall(f"{_ROOT}head:{batch}")
            heads = await _done(pipeline.execute()) if ids else []
        known = [_made(batch, head) for batch, head in zip(ids, heads, strict=True) if head]
        return [it for it in known if after is None or (it.created, it.id) < after][:limit]

    async def items(self, owner: str, batch: str) -> Sequence[Item]:
        """See BatchStore."""
        head = await self._head(owner, batch)
        if not head:
            return []
        first, count = int(head["first"]), int(head["count"])
        async with self._client.pipeline(transaction=False) as pipeline:
            for item in range(first, first + count):
                pipeline.hgetall(_item_key(item))
            found = await _done(pipeline.execute())
        return [_item(fields) for fields in found if fields]

    async def cancel(self, owner: str, batch: str) -> bool:
        """See BatchStore."""
        return bool(await self._run(scripts.CANCEL, owner, batch))

    async def delete(self, owner: str, batch: str) -> bool:
        """See BatchStore."""
        return bool(await self._run(scripts.DELETE, owner, batch))

    async def delete_all(self, owner: str) -> int:
        """See BatchStore."""
        return sum([await self.delete(owner, batch) for batch in await self._ids(owner)])

    async def claim(self, item: int | None = None) -> Leased | None:
        """See BatchStore."""
        lease = uuid.uuid4().hex
        lasts = _milliseconds(self.lease_seconds)
        wanted = "" if item is None else _member(item)
        claimed = await self._run(scripts.CLAIM, wanted, lease, lasts, MAX_ATTEMPTS, GIVEN_UP)
        return None if claimed is None else await self._leased(int(claimed), lease)

    async def announce(self) -> Sequence[int]:
        """See BatchStore."""
        unheard = _milliseconds(UNHEARD_SECONDS)
        return [int(item) for item in await self._run(scripts.ANNOUNCE, unheard, MOST_AT_ONCE)]

    async def unannounce(self, item: int) -> None:
        """See BatchStore."""
        await self._run(scripts.UNANNOUNCE, _member(item))

    async def extend(self, leased: Leased) -> bool:
        """See BatchStore."""
        lasts = _milliseconds(self.lease_seconds)
        return bool(await self._run(scripts.EXTEND, _member(leased.id), leased.lease, lasts))

    async def finish(self, leased: Leased, markdown: str) -> bool:
        """See BatchStore."""
        return await self._settle(leased, ItemState.DONE, "markdown", markdown)

    async def fail(self, leased: Leased, error: str) -> bool:
        """See BatchStore."""
        return await self._settle(leased, ItemState.FAILED, "error", error)

    async def release(self, leased: Leased, *, after: float = 0, free: bool = False) -> bool:
        """See BatchStore."""
        values = (_member(leased.id), leased.lease, _milliseconds(after), int(free))
        return bool(await self._run(scripts.RELEASE, *values))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _settle(self, leased: Leased, state: ItemState, field: str, text: str) -> bool:
        values = (_member(leased.id), leased.lease, state.value, field, text)
        return bool(await self._run(scripts.SETTLE, *values))

    async def _leased(self, item: int, lease: str) -> Leased | None:
        """Read what was claimed; None when it was deleted meanwhile."""
        fields = await _done(self._client.hgetall(_item_key(item)))
        if not fields:
            return None
        async with self._client.pipeline(transaction=True) as pipeline:
            pipeline.hget(f"{_ROOT}files:{fields['batch']}", fields["file"])
            pipeline.hmget(f"{_ROOT}head:{fields['batch']}", "level", "language")
            text, (level, language) = await _done(pipeline.execute())
        if text is None:
            return None
        return Leased(
            item,
            lease,
            SourceFile(fields["name"], text),
            fields["symbol"],
            int(fields["line"]),
            level,
            language,
            int(fields["attempts"]),
        )

    async def _head(self, owner: str, batch: str) -> dict[str, str]:
        """Return the fields of a batch; none for another's batch."""
        head: dict[str, str] = await _done(self._client.hgetall(f"{_ROOT}head:{batch}"))
        return head if head.get("owner") == owner else {}

    async def _ids(self, owner: str) -> Sequence[str]:
        """Return the batches of an owner, the latest first."""
        index = f"{_ROOT}owner:{owner}"
        ids: Sequence[str] = await _done(self._client.zrange(index, 0, -1, desc=True))
        return ids

    async def _run(self, script: str, *values: str | int) -> Any:
        return await _done(self._client.register_script(script)(keys=[_ROOT], args=values))


def _hashes(
    batch: str, owner: str, plan: Plan, now: datetime, first: int
) -> Iterator[tuple[str, dict[Any, Any]]]:
    """Yield key and fields of all hashes of a new batch."""
    count = len(plan.parts)
    head = {
        "owner": owner,
        "title": plan.title,
        "level": plan.level,
        "language": plan.language,
        "created": _score(now),
        "cancelled": 0,
        "first": first,
        "count": count,
        f"items:{ItemState.WAITING}": count,
    }
    yield f"{_ROOT}head:{batch}", head
    yield f"{_ROOT}files:{batch}", {number: file.text for number, file in enumerate(plan.files)}
    for item, part in enumerate(plan.parts, first):
        fields = {
            "batch": batch,
            "file": part.file,
            "name": plan.files[part.file].name,
            "symbol": part.symbol,
            "line": part.line,
            "state": ItemState.WAITING.value,
            "attempts": 0,
        }
        yield _item_key(item), fields


def _made(batch: str, head: dict[str, str]) -> Batch:
    progress = Progress(**{state: int(head.get(f"items:{state}", 0)) for state in ItemState})
    created = datetime.fromtimestamp(int(head["created"]) / _MICROSECONDS, UTC)
    words = (head["title"], head["level"], head["language"])
    return Batch(batch, *words, created, progress, head["cancelled"] == "1")


def _item(fields: dict[str, str]) -> Item:
    return Item(
        fields["name"],
        fields["symbol"],
        int(fields["line"]),
        ItemState(fields["state"]),
        fields.get("error", ""),
        fields.get("markdown", ""),
    )


def _member(item: int) -> str:
    """Name an item so that the order of names is that of numbers."""
    return f"{item:016d}"


def _item_key(item: int) -> str:
    return f"{_ROOT}item:{_member(item)}"


def _score(time: datetime) -> int:
    """Microseconds since 1970."""
    return round(time.timestamp() * _MICROSECONDS)


def _milliseconds(seconds: float) -> int:
    return round(seconds * _MILLISECONDS)


async def _done(call: Any) -> Any:
    return await replied(call, "Batches cannot be kept")
