"""Two servers that share a Redis serve one user; one in trouble is told, or costs nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing
from pathlib import Path

import pytest
from redis_server import free_port, redis_server
from running_api import CODE, Api

from procoder_api.errors import TooManyRequestsError
from procoder_api.limits import Limits
from procoder_api.parts import opened
from procoder_api.redis_replies import RedisReplies
from procoder_api.replies import Before
from procoder_tutor.errors import StorageError
from procoder_tutor.settings import load_settings

Start = Callable[..., Awaitable[Api]]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    with redis_server(tmp_path_factory.mktemp("redis"), port):
        yield f"redis://127.0.0.1:{port}"


async def test_a_conversation_goes_on_at_another_server(
    url: str, start: Start, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        await asyncio.to_thread((tmp_path / name).mkdir)
    one = await start(folder=tmp_path / "one", redis=url)
    two = await start(folder=tmp_path / "two", redis=url)
    here, there = await one.client("ada"), await two.client("ada")
    headers = {"Idempotency-Key": "begin"}
    begun = (await here.post("/v1/conversations", json={"title": "Areas"}, headers=headers)).json()
    path = f"/v1/conversations/{begun['id']}"
    body = {"code": CODE, "symbol": "area", "text": "Does it round?"}
    await here.post(f"{path}/turns", json=body)
    await there.post(f"{path}/turns", json={**body, "text": "And then?"})
    assert "Does it round?" in two.model.prompts[-1]
    assert len((await here.get(path)).json()["turns"]) == 4
    bob = await two.client("bob")
    assert (await bob.get(path)).status_code == 404


async def test_a_batch_begun_at_one_server_is_worked_on_by_another(
    url: str, start: Start, tmp_path: Path
) -> None:
    for name in ("front", "back"):
        await asyncio.to_thread((tmp_path / name).mkdir)
    front = await start(folder=tmp_path / "front", redis=url, batches_run=False)
    back = await start(folder=tmp_path / "back", redis=url)
    here, there = await front.client("ada"), await back.client("ada")
    begun = await here.post("/v1/batches", files=[("files", ("shapes.py", CODE))])
    path = begun.headers["location"]
    async with asyncio.timeout(60):
        assert '"finished":true' in (await here.get(f"{path}/stream")).text
    assert (front.model.jobs, len(back.model.jobs)) == ([], 2)
    results = (await here.get(f"{path}/results")).text
    assert "Multiplies `width` by `height`." in results
    assert (await there.get(f"{path}/results")).text == results
    assert (await (await back.client("bob")).get(path)).status_code == 404


async def test_what_one_server_answers_another_repeats(url: str) -> None:
    one, two = RedisReplies(url), RedisReplies(url)
    assert await one.begin("k", "print") is None
    assert await two.begin("k", "other") == Before("print", None)
    await one.finish("k", b"sealed\nanswer")
    assert await two.begin("k", "print") == Before("print", b"sealed\nanswer")
    await two.forget("k")
    assert await one.begin("k", "print") is None
    for replies in (one, two):
        await replies.aclose()


async def test_servers_count_requests_together(url: str) -> None:
    one, two = Limits("3/minute", 9, url), Limits("3/minute", 9, url)
    for limits in (one, two, one):
        async with limits.admitted("ada"):
            pass
    for limits in (one, two):
        with pytest.raises(TooManyRequestsError) as caught:
            async with limits.admitted("ada"):
                pass
        assert int((caught.value.headers or {})["Retry-After"]) <= 60
    for limits in (one, two):
        await limits.aclose()


async def test_a_redis_that_is_away() -> None:
    away = f"redis://:hunter2@127.0.0.1:{free_port()}"
    async with aclosing(Limits("3/minute", 9, away)) as limits, limits.admitted("ada"):
        pass
    replies = RedisReplies(away)
    with pytest.raises(StorageError, match="Redis") as caught:
        await replies.begin("k", "print")
    assert "hunter2" not in str(caught.value)
    await replies.aclose()
    settings, _ = load_settings({"redis": {"url": away}, "conversations": {"path": ":memory:"}})
    async with opened(settings) as parts:
        with pytest.raises(StorageError):
            await parts.tutor.conversations.list()
        with pytest.raises(StorageError):
            await parts.batches.claim()
