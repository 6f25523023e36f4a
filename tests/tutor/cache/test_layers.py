"""The cache costs speed at worst: a corrupt, locked or newer file never loses an answer."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from procoder_tutor.backend import ModelInfo
from procoder_tutor.cache import ExplanationCache
from procoder_tutor.cache.entries import encode
from procoder_tutor.events import Checks, Explanation, TimingsMs, TokenUsage
from procoder_tutor.settings import CacheSettings

ANSWER = Explanation("Adds `a`.", Checks(2, 1, ("x (y)",), ("z",)), "m")
MODEL = ModelInfo("m", "sha256:1", "docstring", 2048)
THREE = 3 * (len("a") + len(encode(ANSWER).encode()))
"""Bytes that three kept answers take."""


def open_cache(path: Path, **options: object) -> ExplanationCache:
    return ExplanationCache(CacheSettings.model_validate({"path": path, **options}))


async def test_answers_and_models_outlive_the_process(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "c.sqlite3"
    first = open_cache(path)
    await first.put("k", ANSWER)
    await first.remember_model("m", MODEL)
    await first.aclose()
    second = open_cache(path)
    kept = await second.get("k")
    assert kept is not None
    assert (kept.markdown, kept.checks, kept.model) == (ANSWER.markdown, ANSWER.checks, "m")
    assert kept.cached
    assert await second.known_model("m") == MODEL
    await second.aclose()


@pytest.mark.parametrize("memory_entries", [1, 100], ids=["from the file", "from memory"])
async def test_the_least_recently_used_go_first(tmp_path: Path, memory_entries: int) -> None:
    path = tmp_path / "c.sqlite3"
    cache = open_cache(path, max_bytes=THREE, memory_entries=memory_entries)
    for key in ("a", "b", "c", "d", "e"):
        await cache.put(key, ANSWER)
        await cache.get("a")
    await cache.aclose()
    reopened = open_cache(path)
    assert await reopened.get("a") is not None
    assert await reopened.get("b") is None
    await reopened.aclose()


async def test_what_was_used_last_is_known_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite3"
    for keys in (["a", "b"], []):
        cache = open_cache(path, max_bytes=THREE)
        for key in keys:
            await cache.put(key, ANSWER)
        await cache.get("a")
        await cache.aclose()
    cache = open_cache(path, max_bytes=THREE)
    await cache.put("c", ANSWER)
    await cache.put("d", ANSWER)
    await cache.aclose()
    reopened = open_cache(path)
    assert [await reopened.get(key) is not None for key in "abcd"] == [True, False, True, True]
    await reopened.aclose()


async def test_a_damaged_entry_is_no_answer(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite3"
    cache = open_cache(path)
    await cache.put("k", ANSWER)
    await cache.remember_model("m", MODEL)
    await cache.aclose()
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("UPDATE answers SET value = '{}'")
        other.execute("UPDATE models SET card = '[]'")
    reopened = open_cache(path)
    assert await reopened.get("k") is None
    assert await reopened.known_model("m") is None
    await reopened.aclose()


async def test_how_an_answer_was_made_is_not_kept(tmp_path: Path) -> None:
    cache = open_cache(tmp_path / "c.sqlite3")
    await cache.put("k", replace(ANSWER, usage=TokenUsage(1, 1, 1), timings_ms=TimingsMs(1, 1, 1)))
    assert await cache.get("k") == replace(ANSWER, cached=True)
    await cache.aclose()


@pytest.mark.parametrize(
    "content", [b"not a database" * 100, b"SQLite format 3\0" + b"\xff" * 4096]
)
async def test_a_corrupt_file_is_set_aside(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "c.sqlite3"
    path.write_bytes(content)
    cache = open_cache(path)
    await cache.put("k", ANSWER)
    await cache.put("l", ANSWER)
    assert await cache.get("k") is not None
    await cache.aclose()
    assert path.with_name("c.sqlite3.corrupt").read_bytes() == content
    reopened = open_cache(path)
    assert await reopened.get("l") is not None
    await reopened.aclose()


async def test_a_locked_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite3"
    cache = open_cache(path)
    await cache.put("k", ANSWER)
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    await cache.put("l", ANSWER)
    assert await cache.get("l") is not None
    other.rollback()
    other.close()
    await cache.put("n", ANSWER)
    await cache.aclose()
    reopened = open_cache(path)
    assert await reopened.get("n") is not None
    await reopened.aclose()


@pytest.mark.parametrize(("version", "kept"), [(99, True), (0, False)])
async def test_schema_of_another_version(tmp_path: Path, version: int, *, kept: bool) -> None:
    path = tmp_path / "c.sqlite3"
    other = sqlite3.connect(path)
    other.executescript(f"CREATE TABLE answers (theirs); PRAGMA user_version = {version};")
    other.close()
    cache = open_cache(path)
    await cache.put("k", ANSWER)
    assert await cache.get("k") is not None
    await cache.aclose()
    other = sqlite3.connect(path)
    columns = [row[1] for row in other.execute("PRAGMA table_info(answers)")]
    other.close()
    assert (columns == ["theirs"]) is kept


async def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    cache = open_cache(tmp_path)
    await cache.put("k", ANSWER)
    assert await cache.get("k") is not None
    await cache.aclose()


async def test_switched_off(tmp_path: Path) -> None:
    cache = open_cache(tmp_path / "c.sqlite3", enabled=False)
    await cache.put("k", ANSWER)
    assert await cache.get("k") is None
    assert not (tmp_path / "c.sqlite3").exists()
    await cache.aclose()
