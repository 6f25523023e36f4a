"""Conversations in a real Redis behave as those in a file; both sides of each row are tested."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis_server import free_port, redis_server

from procoder_tutor.conversations import Conversations, ConversationStore, Role, Store, Turn
from procoder_tutor.conversations.redis import RedisConversationStore
from procoder_tutor.errors import NoConversationError, StorageError
from procoder_tutor.settings import ConversationSettings

URI = "file:///src/my%20area.py"


def said(text: str, role: Role = Role.USER, created: datetime | None = None) -> Turn:
    when = created or datetime.now(UTC)
    return Turn(role, text, kind="chat", level="beginner", symbol="area", created=when)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port = free_port()
    with redis_server(tmp_path_factory.mktemp("redis"), port):
        yield port


@pytest.fixture(params=["file", "redis"])
async def store(request: pytest.FixtureRequest, port: int, tmp_path: Path) -> AsyncIterator[Store]:
    opened: Store
    if request.param == "file":
        opened = ConversationStore(ConversationSettings(path=tmp_path / "c.sqlite3"))
    else:
        opened = RedisConversationStore(f"redis://127.0.0.1:{port}", ConversationSettings())
    yield opened
    await opened.of("ada").delete_all()
    await opened.of("bob").delete_all()
    await opened.aclose()


@pytest.fixture
def ada(store: Store) -> Conversations:
    return store.of("ada")


async def test_turns_come_back_as_they_were(ada: Conversations) -> None:
    begun = await ada.open_for(URI)
    assert (begun.title, begun.document) == ("my area.py", URI)
    turns = (said("Is `€` ok?"), said("Yes.\n\nIt is.", Role.TUTOR))
    for turn in turns:
        await ada.append(begun.id, turn)
    assert await ada.turns(begun.id) == turns
    assert (await ada.open_for(URI)).id == begun.id
    assert (await ada.get(begun.id)).changed == turns[-1].created
    assert "Is `€` ok?" in await ada.export_markdown(begun.id)


async def test_turns_are_taken_back_from_one_on(ada: Conversations) -> None:
    begun, other = await ada.open_for(URI), await ada.create("Other")
    numbers = [await ada.append(begun.id, said(text)) for text in ("one", "two", "three")]
    await ada.append(other.id, said("elsewhere"))
    kept = await ada.turns(begun.id)
    assert [turn.number for turn in kept] == numbers == sorted(set(numbers))
    assert await ada.take_back(begun.id, numbers[1]) == 2
    assert [turn.text for turn in await ada.turns(begun.id)] == ["one"]
    assert await ada.search("three") == ()
    assert len(await ada.turns(other.id)) == 1
    with pytest.raises(NoConversationError):
        await ada.take_back("gone", 1)


async def test_a_new_conversation_becomes_the_current_one(ada: Conversations) -> None:
    old, new = await ada.open_for(URI), await ada.start_new(URI, "Again")
    assert (await ada.open_for(URI)).id == new.id
    assert new.title == "Again"
    assert {it.id for it in await ada.list()} == {old.id, new.id}


async def test_pages_are_in_the_order_of_the_last_turns(ada: Conversations) -> None:
    made = [await ada.create(f"Talk {number}") for number in range(5)]
    later = datetime.now(UTC) + timedelta(minutes=1)
    await ada.append(made[1].id, said("late", created=later))
    await ada.append(made[1].id, said("early", created=later - timedelta(hours=1)))
    order = [made[number].id for number in (1, 4, 3, 2, 0)]
    first = await ada.list(limit=2)
    rest = await ada.list(limit=9, after=first[-1])
    assert [it.id for it in (*first, *rest)] == order
    assert first[0].changed == later


@pytest.mark.parametrize(
    ("words", "found"), [("ROUND up", 1), ("round", 2), ("square", 0), (" ", 0), ("%", 0)]
)
async def test_search(words: str, found: int, ada: Conversations) -> None:
    for text in ("Does it round up?", "It may round."):
        await ada.append((await ada.create("t")).id, said(text))
    assert len(await ada.search(words)) == found
    assert len(await ada.search("round", limit=1)) == 1


async def test_nobody_sees_what_another_owner_said(store: Store, ada: Conversations) -> None:
    begun, bob = await ada.open_for(URI), store.of("bob")
    await ada.append(begun.id, said("mine"))
    await ada.write_note("hints", "3")
    for ask in (bob.get, bob.turns, bob.export_markdown):
        with pytest.raises(NoConversationError):
            await ask(begun.id)
    with pytest.raises(NoConversationError):
        await bob.append(begun.id, said("yours"))
    assert not await bob.delete(begun.id)
    assert (await bob.list(), await bob.search("mine"), await bob.note("hints")) == ((), (), "")
    assert await bob.delete_all() == 0
    assert len(await ada.turns(begun.id)) == 1


async def test_what_is_deleted_is_gone(ada: Conversations) -> None:
    gone, kept = await ada.open_for(URI), await ada.create("kept")
    await ada.append(gone.id, said("gone"))
    assert await ada.delete(gone.id)
    assert not await ada.delete(gone.id)
    assert await ada.search("gone") == ()
    assert (await ada.open_for(URI)).id != gone.id
    with pytest.raises(NoConversationError):
        await ada.append(gone.id, said("back"))
    await ada.write_note("hints", "3")
    assert await ada.delete_all() == 2
    assert (await ada.list(), await ada.note("hints")) == ((), "")
    with pytest.raises(NoConversationError):
        await ada.get(kept.id)


async def test_documents_are_followed(ada: Conversations) -> None:
    begun = await ada.open_for("file:///a/x.py")
    assert await ada.rename_document("file:///a/x.py", "file:///a/y.py") == 1
    assert await ada.rename_folder("file:///a", "file:///b") == 1
    moved = await ada.open_for("file:///b/y.py")
    assert (moved.id, moved.title) == (begun.id, "y.py")


async def test_what_utf8_cannot_hold_is_replaced(ada: Conversations) -> None:
    begun = await ada.create("\ud800")
    await ada.append(begun.id, said("\udfff"))
    assert [turn.text for turn in await ada.turns(begun.id)] == ["\ufffd"]


async def test_turns_of_several_servers_all_count(port: int) -> None:
    url, settings = f"redis://127.0.0.1:{port}", ConversationSettings()
    stores = [RedisConversationStore(url, settings) for _ in range(4)]
    begun = await stores[0].of("eve").create("t")
    told = [s.of("eve").append(begun.id, said(str(n))) for s in stores for n in range(25)]
    await asyncio.gather(*told)
    assert len(await stores[0].of("eve").turns(begun.id)) == 100
    for store in stores:
        await store.aclose()


async def test_a_redis_that_is_away_is_told_without_its_password() -> None:
    store = RedisConversationStore(
        f"redis://:hunter2@127.0.0.1:{free_port()}", ConversationSettings()
    )
    with pytest.raises(StorageError, match="Redis") as caught:
        await store.of("ada").list()
    assert "hunter2" not in str(caught.value)
    await store.aclose()
