"""Conversations survive restarts, are one owner's, are found again, and go when told to."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from procoder_tutor.conversations import Conversations, ConversationStore, Role, Turn, schema
from procoder_tutor.errors import NoConversationError, StorageError
from procoder_tutor.settings import ConversationSettings

URI = "file:///src/my%20area.py"
NONSENSE = b"not a database" * 100
ASKED = Turn(Role.USER, "What does `area` do?", "explain", "beginner", symbol="area")
ANSWER = Turn(
    Role.TUTOR,
    "Multiplies `width` by `height`.",
    "explain",
    "beginner",
    language="es",
    symbol="area",
    code_digest="d1",
    checks="1 of 1 checked",
    model="m",
    prompt_tokens=40,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "conversations.sqlite3"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[ConversationStore]:
    opened = ConversationStore(ConversationSettings(path=path, keep_days=30))
    yield opened
    await opened.aclose()


@pytest.fixture
def mine(store: ConversationStore) -> Conversations:
    return store.of()


def write_nonsense(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(NONSENSE)


def names_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


def said(text: str) -> Turn:
    return replace(ASKED, text=text)


async def test_the_conversation_goes_on_in_another_process(path: Path, mine: Conversations) -> None:
    begun = await mine.open_for(URI)
    await mine.append(begun.id, ASKED)
    other = ConversationStore(ConversationSettings(path=path))
    found = await other.of().open_for(URI)
    await other.of().append(found.id, ANSWER)
    await other.aclose()
    assert (found.title, found.opening) == ("my area.py", ASKED.text)
    assert found.id == begun.id
    assert await mine.turns(begun.id) == (ASKED, ANSWER)


async def test_a_new_conversation_becomes_the_current_one(mine: Conversations) -> None:
    old = await mine.open_for(URI)
    new = await mine.start_new(URI)
    assert old.id != new.id
    assert new.opening == ""
    assert (await mine.open_for(URI)).id == new.id
    assert {item.id for item in await mine.list()} == {old.id, new.id}


async def test_opening_at_once_makes_one(path: Path, mine: Conversations) -> None:
    stores = [ConversationStore(ConversationSettings(path=path)) for _ in range(4)]
    opened = await asyncio.gather(*(store.of().open_for(URI) for store in stores))
    assert len({item.id for item in opened}) == 1
    for store in stores:
        await store.aclose()


async def test_nobody_sees_what_another_owner_said(store: ConversationStore) -> None:
    one, other = store.of("ada"), store.of("bob")
    secret = await one.open_for(URI)
    await one.append(secret.id, said("hidden words"))
    assert (await other.open_for(URI)).id != secret.id
    assert secret.id not in {item.id for item in await other.list()}
    assert await other.search("hidden") == ()
    for refused in (other.get, other.turns, other.export_markdown):
        with pytest.raises(NoConversationError):
            await refused(secret.id)
    with pytest.raises(NoConversationError):
        await other.append(secret.id, ASKED)
    assert not await other.delete(secret.id)
    await other.rename_document(URI, "file:///theirs.py")
    await other.delete_all()
    assert (await one.get(secret.id)).document == URI
    assert len(await one.turns(secret.id)) == 1


async def test_pages_begin_with_what_changed_last(mine: Conversations) -> None:
    made = [await mine.create(f"title {number}") for number in range(5)]
    await mine.append(made[1].id, replace(ASKED, created=datetime.now(UTC)))
    first = await mine.list(limit=2)
    rest = await mine.list(limit=10, after=first[-1])
    titles = [item.title for item in (*first, *rest)]
    assert titles == ["title 1", "title 4", "title 3", "title 2", "title 0"]


@pytest.mark.parametrize("indexed", [True, False], ids=["FTS5", "no FTS5"])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("visible_stars", ["Where is visible_stars used?"]),
        ("VISIBLE used", ["Where is visible_stars used?"]),
        ("stars", ["100% of the stars", "Where is visible_stars used?"]),
        ("0%", ["100% of the stars"]),
        ("of", ["100% of the stars"]),
        ('"quoted"', ['a "quoted" word, résumé, 星の名前']),
        ("résumé", ['a "quoted" word, résumé, 星の名前']),
        ("星の名", ['a "quoted" word, résumé, 星の名前']),
        ("visibleXstars", []),
        ("stars missing", []),
        ("NEAR(stars", []),
        ("sta\0rs", ["100% of the stars", "Where is visible_stars used?"]),
        ("\ud800", []),
        (" ", []),
    ],
)
async def test_search(
    mine: Conversations,
    monkeypatch: pytest.MonkeyPatch,
    *,
    text: str,
    found: list[str],
    indexed: bool,
) -> None:
    if not indexed:
        monkeypatch.setattr(schema, "has_index", lambda connection: False)
    begun = await mine.open_for(URI)
    for question in (
        "Where is visible_stars used?",
        "100% of the stars",
        'a "quoted" word, résumé, 星の名前',
    ):
        await mine.append(begun.id, said(question))
    hits = await mine.search(text)
    assert [hit.turn.text for hit in hits] == found
    assert {hit.conversation.id for hit in hits} <= {begun.id}


async def test_an_index_made_late_has_everything(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for available, text in ((True, "the first"), (False, "the second"), (True, "the third")):
        monkeypatch.setattr(schema, "has_index", lambda connection, found=available: found)
        store = ConversationStore(ConversationSettings(path=path))
        begun = await store.of().open_for(URI)
        await store.of().append(begun.id, said(text))
        if available:
            hits = await store.of().search("the")
        await store.aclose()
    assert [hit.turn.text for hit in hits] == ["the third", "the second", "the first"]


async def test_a_renamed_document_keeps_its_conversations(mine: Conversations) -> None:
    first = await mine.open_for(URI)
    second = await mine.start_new(URI)
    assert await mine.rename_document(URI, "file:///src/shapes.py") == 2
    moved = await mine.open_for("file:///src/shapes.py")
    assert (moved.id, moved.title) == (second.id, "shapes.py")
    assert (await mine.open_for(URI)).id not in {first.id, second.id}


async def test_a_renamed_folder_takes_its_conversations_along(mine: Conversations) -> None:
    inside = await mine.open_for("file:///old/a%20b/one.py")
    beside = await mine.open_for("file:///old/a%20bc/one.py")
    assert await mine.rename_folder("file:///old/a%20b", "file:///new/") == 1
    assert (await mine.get(inside.id)).document == "file:///new/one.py"
    assert (await mine.get(beside.id)).document == beside.document


@pytest.mark.parametrize("everything", [True, False])
async def test_what_is_deleted_is_gone_from_the_disk(
    path: Path, mine: Conversations, *, everything: bool
) -> None:
    begun = await mine.open_for(URI)
    await mine.append(begun.id, said("forgettable " * 500))
    assert any(b"forgettable" in file.read_bytes() for file in path.parent.iterdir())
    assert await (mine.delete_all() if everything else mine.delete(begun.id))
    assert not any(b"forgettable" in file.read_bytes() for file in path.parent.iterdir())
    assert await mine.search("forgettable") == ()
    with pytest.raises(NoConversationError):
        await mine.append(begun.id, ASKED)


async def test_old_conversations_are_pruned(path: Path, store: ConversationStore) -> None:
    mine, now = store.of(), datetime.now(UTC)
    kept = await mine.create("recent")
    await mine.append(kept.id, replace(ASKED, created=now))
    assert await store.prune() == 0
    long_ago = (now - timedelta(days=31)).isoformat(timespec="microseconds")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE conversations SET changed = ?", (long_ago,))
    fresh = await mine.create("fresh")
    assert await store.prune() == 1
    assert [item.id for item in await mine.list()] == [fresh.id]


async def test_a_lone_surrogate_is_kept_as_a_replacement(mine: Conversations) -> None:
    begun = await mine.create("\ud800")
    await mine.append(begun.id, said("a\udfffb"))
    assert [turn.text for turn in await mine.turns(begun.id)] == ["a\ufffdb"]


async def test_a_corrupt_file_is_set_aside(path: Path, mine: Conversations) -> None:
    write_nonsense(path)
    begun = await mine.open_for(URI)
    await mine.append(begun.id, ASKED)
    assert await mine.turns(begun.id) == (ASKED,)
    assert path.with_name(f"{path.name}.corrupt").read_bytes() == NONSENSE


async def test_a_file_that_was_replaced_is_opened_again(path: Path, mine: Conversations) -> None:
    await mine.open_for(URI)
    for file in list(path.parent.iterdir()):
        file.unlink()
    begun = await mine.open_for(URI)
    await mine.append(begun.id, ASKED)
    other = ConversationStore(ConversationSettings(path=path))
    assert await other.of().turns(begun.id) == (ASKED,)
    await other.aclose()


async def test_a_file_that_cannot_be_is_said(tmp_path: Path) -> None:
    store = ConversationStore(ConversationSettings(path=tmp_path))
    with pytest.raises(StorageError) as caught:
        await store.of().open_for(URI)
    assert str(tmp_path) in caught.value.advice
    await store.aclose()


async def test_a_newer_file_is_left_alone(path: Path, mine: Conversations) -> None:
    path.parent.mkdir()
    other = sqlite3.connect(path)
    other.execute("PRAGMA user_version = 99")
    other.close()
    with pytest.raises(StorageError, match="newer version"):
        await mine.open_for(URI)


async def test_notes_are_ones_own_and_go_with_everything(store: ConversationStore) -> None:
    mine, other = store.of(), store.of("other")
    assert await mine.note("hints") == ""
    await mine.write_note("hints", "a")
    await mine.write_note("hints", "b")
    await other.write_note("hints", "c")
    assert await mine.note("hints") == "b"
    await mine.delete_all()
    assert (await mine.note("hints"), await other.note("hints")) == ("", "c")


async def test_in_memory_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = ConversationStore(ConversationSettings(path=Path(":memory:")))
    begun = await store.of().open_for(URI)
    await store.of().append(begun.id, ASKED)
    assert await store.of().turns(begun.id) == (ASKED,)
    await store.aclose()
    assert names_in(tmp_path) == []
