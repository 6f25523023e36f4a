"""Batches in a file and in a real Redis: leases, turns, owners; every row is of both."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis_server import free_port, redis_server
from running_api import CODE

from procoder_api.batches.model import Item, ItemState, Leased, Part, Plan, SourceFile
from procoder_api.batches.redis_store import RedisBatches
from procoder_api.batches.sqlite_store import SqliteBatches
from procoder_api.batches.store import KEPT_SECONDS, LEASE_SECONDS, MAX_ATTEMPTS, BatchStore
from procoder_api.paging import Place
from procoder_api.state import ApiState
from procoder_tutor.errors import StorageError

Open = Callable[[float], BatchStore]
FILES = (SourceFile("a.py", CODE), SourceFile("b.py", "x = '€'\n"))
PLAN = Plan("t", "beginner", "en", FILES, (Part(0, "area", 1),))
LONG = replace(PLAN, parts=(Part(0, "area", 1), Part(1, "", 1), Part(0, "", 1)))
SHORT_LEASE = 0.3
WAIT = 10


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    with redis_server(tmp_path_factory.mktemp("redis"), port):
        yield f"redis://127.0.0.1:{port}"


@pytest.fixture
async def redis(url: str) -> AsyncIterator[Redis]:
    """The server's own client; what a test left is gone afterwards."""
    async with aclosing(Redis.from_url(url, decode_responses=True)) as client:
        yield client
        await client.flushdb()


@pytest.fixture(params=["file", "redis"])
async def open_store(
    request: pytest.FixtureRequest, url: str, redis: Redis, tmp_path: Path
) -> AsyncIterator[Open]:
    """Open a store with leases of some seconds; all that a test opens share the batches."""
    async with AsyncExitStack() as stack:

        def begin(lease_seconds: float) -> BatchStore:
            store: BatchStore
            if request.param == "file":
                state = ApiState(tmp_path / "api.sqlite3")
                stack.push_async_callback(state.aclose)
                store = SqliteBatches(state, lease_seconds=lease_seconds)
            else:
                store = RedisBatches(url, lease_seconds=lease_seconds)
            stack.push_async_callback(store.aclose)
            return store

        yield begin


@pytest.fixture
def store(open_store: Open) -> BatchStore:
    return open_store(LEASE_SECONDS)


async def claimed(store: BatchStore) -> Leased:
    """Claim until there is something to claim."""
    async with asyncio.timeout(WAIT):
        while (leased := await store.claim()) is None:  # noqa: ASYNC110 - time has to pass
            await asyncio.sleep(0.01)
        return leased


async def test_a_batch_comes_back_as_it_was(store: BatchStore) -> None:
    begun = await store.create("ada", LONG)
    assert await store.get("ada", begun.id) == begun
    assert await store.list("ada", limit=9) == [begun]
    assert (begun.progress.waiting, begun.finished, begun.cancelled) == (3, False, False)
    assert await store.items("ada", begun.id) == [
        Item("a.py", "area", 1, ItemState.WAITING),
        Item("b.py", "", 1, ItemState.WAITING),
        Item("a.py", "", 1, ItemState.WAITING),
    ]
    leased = [await store.claim() for _ in range(4)]
    assert [(it.file, it.symbol, it.level, it.attempts) for it in leased if it is not None] == [
        (FILES[0], "area", "beginner", 1),
        (FILES[1], "", "beginner", 1),
        (FILES[0], "", "beginner", 1),
    ]


async def test_the_end_of_each_item_is_kept(store: BatchStore) -> None:
    begun = await store.create("ada", LONG)
    first, second = await claimed(store), await claimed(store)
    assert await store.finish(first, "Multiplies. €")
    assert await store.fail(second, "Too long.")
    assert await store.cancel("ada", begun.id)
    assert await store.items("ada", begun.id) == [
        Item("a.py", "area", 1, ItemState.DONE, markdown="Multiplies. €"),
        Item("b.py", "", 1, ItemState.FAILED, error="Too long."),
        Item("a.py", "", 1, ItemState.CANCELLED),
    ]
    found = await store.get("ada", begun.id)
    assert found is not None
    assert found.cancelled
    assert found.finished
    assert (found.progress.done, found.progress.failed, found.progress.cancelled) == (1, 1, 1)
    assert await store.claim() is None
    assert await store.announce() == []


async def test_a_lease_that_runs_out_goes_to_another(open_store: Open) -> None:
    one, two = open_store(SHORT_LEASE), open_store(SHORT_LEASE)
    batch = await one.create("ada", PLAN)
    dead = await claimed(one)
    assert dead.attempts == 1
    assert await one.extend(dead)
    heir = await claimed(two)
    assert heir.attempts == 2
    assert not await one.extend(dead)
    assert not await one.finish(dead, "too late")
    assert not await one.fail(dead, "too late")
    assert not await one.release(dead)
    assert await two.finish(heir, "in time")
    assert not await two.finish(heir, "again")
    assert [item.markdown for item in await one.items("ada", batch.id)] == ["in time"]


async def test_a_lease_that_is_extended_is_held(open_store: Open) -> None:
    short, long = open_store(SHORT_LEASE), open_store(LEASE_SECONDS)
    await short.create("ada", LONG)
    held, lost = await claimed(short), await claimed(short)
    assert await long.extend(held)
    await claimed(short)  # the third one, which nobody had
    assert (await claimed(short)).id == lost.id
    assert await short.finish(held, "still ours")


async def test_many_claim_at_once_and_each_item_is_had_once(open_store: Open) -> None:
    stores = [open_store(LEASE_SECONDS) for _ in range(4)]
    await stores[0].create("ada", replace(PLAN, parts=(Part(0, "area", 1),) * 20))
    leases = await asyncio.gather(*(store.claim() for store in stores for _ in range(6)))
    ids = [leased.id for leased in leases if leased is not None]
    assert len(ids) == len(set(ids)) == 20


async def test_an_item_that_kills_its_workers_is_given_up(open_store: Open) -> None:
    store = open_store(0.0)
    batch = await store.create("ada", PLAN)
    leases = [await store.claim() for _ in range(MAX_ATTEMPTS + 1)]
    assert [leased is not None for leased in leases] == [True] * MAX_ATTEMPTS + [False]
    (item,) = await store.items("ada", batch.id)
    assert (item.state, item.error) == ("failed", f"Given up after {MAX_ATTEMPTS} attempts.")


@pytest.mark.parametrize(("free", "attempts"), [(False, 2), (True, 1)])
async def test_an_item_that_is_given_back(free: bool, attempts: int, store: BatchStore) -> None:  # noqa: FBT001
    batch = await store.create("ada", PLAN)
    assert await store.release(await claimed(store), free=free)
    found = await store.get("ada", batch.id)
    assert found is not None
    assert (found.progress.waiting, found.progress.running) == (1, 0)
    again = await claimed(store)
    assert again.attempts == attempts
    assert await store.release(again, after=3600)
    assert await store.claim() is None
    assert await store.claim(again.id) is None


async def test_items_are_announced_until_somebody_works_on_them(open_store: Open) -> None:
    store = open_store(SHORT_LEASE)
    batch = await store.create("ada", PLAN)
    (item,) = await store.announce()
    assert await store.announce() == []
    await store.unannounce(item)
    assert await store.announce() == [item]
    leased = await store.claim(item)
    assert leased is not None
    assert await open_store(LEASE_SECONDS).extend(leased)
    await store.unannounce(item)
    assert await store.claim(item) is None
    assert await store.announce() == []
    assert await store.extend(leased)
    async with asyncio.timeout(WAIT):
        while not await store.announce():  # noqa: ASYNC110 - the lease has to run out
            await asyncio.sleep(0.01)
    heir = await store.claim(item)
    assert heir is not None
    assert await store.release(heir)
    assert await store.announce() == [item]
    assert await store.cancel("ada", batch.id)
    assert await store.claim(item) is None


async def test_batches_take_turns(store: BatchStore) -> None:
    first, second = await store.create("ada", LONG), await store.create("bob", LONG)
    for _ in range(4):
        await claimed(store)
    for owner, batch in (("ada", first.id), ("bob", second.id)):
        found = await store.get(owner, batch)
        assert found is not None
        assert found.progress.running == 2


async def test_owners_see_and_delete_their_own(store: BatchStore) -> None:
    mine, other = [await store.create(owner, PLAN) for owner in ("ada", "bob")]
    more = await store.create("ada", PLAN)
    assert await store.get("bob", mine.id) is None
    assert await store.items("bob", mine.id) == []
    assert not await store.cancel("bob", mine.id)
    assert not await store.delete("bob", mine.id)
    assert await store.list("bob", limit=9) == [other]
    assert await store.list("ada", limit=9) == [more, mine]
    assert await store.list("ada", limit=1) == [more]
    assert await store.list("ada", limit=9, after=Place(more.created, more.id)) == [mine]
    leased = await claimed(store)
    assert await store.delete_all("ada") == 2
    assert await store.list("ada", limit=9) == []
    assert await store.delete_all("bob") == 1
    assert not await store.finish(leased, "of what is gone")
    assert await store.claim() is None
    assert await store.announce() == []


async def test_a_deleted_batch_leaves_nothing_in_redis(url: str, redis: Redis) -> None:
    async with aclosing(RedisBatches(url)) as store:
        batch = await store.create("ada", LONG)
        await store.finish(await claimed(store), "Multiplies.")
        assert await store.delete("ada", batch.id)
    assert await redis.keys() == ["procoder:batch:1:items"]


async def test_batches_in_redis_expire_whole(url: str, redis: Redis) -> None:
    async with aclosing(RedisBatches(url, lease_seconds=0.0)) as store:
        batch = await store.create("ada", LONG)
        await claimed(store)
        shared = {f"procoder:batch:1:{name}" for name in ("items", "due", "turns")}
        expiring = set(await redis.keys()) - shared
        assert len(expiring) == len(LONG.parts) + 4
        for key in expiring:
            assert KEPT_SECONDS - 60 < await redis.ttl(key) <= KEPT_SECONDS, key
        await redis.delete(*expiring)
        assert await store.get("ada", batch.id) is None
        assert await store.list("ada", limit=9) == []
        assert await store.claim() is None
        assert await store.announce() == []
        assert set(await redis.keys()) == {"procoder:batch:1:items"}


async def test_a_redis_that_is_away_is_told_without_its_password() -> None:
    async with aclosing(RedisBatches(f"redis://:hunter2@127.0.0.1:{free_port()}")) as store:
        with pytest.raises(StorageError, match="Redis") as caught:
            await store.claim()
    assert "hunter2" not in str(caught.value)
