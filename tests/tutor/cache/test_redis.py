"""A shared Redis: answers travel, and one that is dead, slow or hostile costs no answer."""

import asyncio
import json
import logging
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis_server import free_port, redis_server

from procoder_tutor.cache import ExplanationCache
from procoder_tutor.cache import redis as redis_module
from procoder_tutor.cache.entries import encode
from procoder_tutor.cache.redis import BUDGET_SECONDS, RedisStore
from procoder_tutor.events import Checks, Explanation
from procoder_tutor.settings import CacheSettings, RedisSettings

ANSWER = Explanation("Adds `a`.", Checks(2, 1, ("x (y)",), ("z",)), "m", cached=True)
NAME = "procoder:answer:1:k"
MONTH = 30 * 24 * 3600
PATIENCE = 30.0
Open = Callable[..., RedisStore]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def server(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    with redis_server(tmp_path, port) as process:
        yield process


@pytest.fixture
async def open_store() -> AsyncIterator[Open]:
    stores: list[RedisStore] = []

    def make(url: str, *, rests: tuple[float, ...] = (3600.0,)) -> RedisStore:
        stores.append(RedisStore(url, rests=rests))
        return stores[-1]

    yield make
    for store in stores:
        await store.aclose()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait long for what must come: how fast this machine is today is not tested here."""
    monkeypatch.setattr(redis_module, "BUDGET_SECONDS", PATIENCE)
    monkeypatch.setattr(redis_module, "_PROBE_SECONDS", PATIENCE)


async def ask_directly(port: int, *command: str | int) -> object:
    async with Redis(port=port) as client:
        return await client.execute_command(*command)


def open_cache(path: Path, port: int) -> ExplanationCache:
    redis = RedisSettings.model_validate({"url": f"redis://127.0.0.1:{port}/0"})
    return ExplanationCache(CacheSettings(path=path), redis)


@pytest.mark.usefixtures("patient", "server")
async def test_an_answer_travels_to_another_machine(tmp_path: Path, port: int) -> None:
    here, there = (open_cache(tmp_path / f"{name}.sqlite3", port) for name in "ab")
    await here.put("k", ANSWER)
    assert await there.get("k") == ANSWER
    await ask_directly(port, "FLUSHALL")
    await there.aclose()
    alone = ExplanationCache(CacheSettings(path=tmp_path / "b.sqlite3"))
    assert await alone.get("k") == ANSWER, "what Redis had is kept nearer"
    for cache in (here, alone):
        await cache.aclose()


@pytest.mark.usefixtures("patient", "server")
async def test_entries_have_a_name_of_ours_and_expire(open_store: Open, port: int) -> None:
    await open_store(f"redis://127.0.0.1:{port}").put("k", ANSWER)
    assert await ask_directly(port, "KEYS", "*") == [NAME.encode()]
    left = await ask_directly(port, "TTL", NAME)
    assert isinstance(left, int)
    assert MONTH - 3600 < left <= MONTH


VALID = json.loads(encode(ANSWER))


@pytest.mark.parametrize(
    "value",
    [
        b"\xff\xfe",
        b"",
        b"[]",
        b"null",
        b"[" * 100_000,
        json.dumps({**VALID, "markdown": 3}),
        json.dumps({**VALID, "model": None}),
        json.dumps({**VALID, "checks": {**VALID["checks"], "checked": -1}}),
        json.dumps({**VALID, "checks": {**VALID["checks"], "passed": 3}}),
        json.dumps({**VALID, "checks": {**VALID["checks"], "passed": True}}),
        json.dumps({**VALID, "checks": {**VALID["checks"], "dropped": "text"}}),
        json.dumps({**VALID, "checks": {**VALID["checks"], "unknown_names": [1]}}),
        json.dumps({**VALID, "checks": {**VALID["checks"], "withheld": 2}}),
        json.dumps({**VALID, "markdown": "long " * 100_000}),
    ],
)
@pytest.mark.usefixtures("patient", "server")
async def test_what_is_no_answer_is_none(open_store: Open, port: int, value: str | bytes) -> None:
    store = open_store(f"redis://127.0.0.1:{port}")
    async with Redis(port=port) as client:
        await client.set(NAME, value)
    assert await store.get("k") is None
    assert not store.breaker.open
    await store.put("k", ANSWER)
    assert await store.get("k") == ANSWER


@pytest.mark.usefixtures("patient", "server")
async def test_what_others_wrote_cannot_act(open_store: Open, port: int) -> None:
    hostile = replace(ANSWER, markdown="Adds `a`. ![x](http://e.example/p) [r](command:rm) <b>")
    async with Redis(port=port) as client:
        await client.set(NAME, encode(hostile))
    kept = await open_store(f"redis://127.0.0.1:{port}").get("k")
    assert kept is not None
    assert kept.markdown == "Adds `a`. x r \\<b\\>"


@pytest.mark.usefixtures("patient")
async def test_a_long_answer_is_not_sent(open_store: Open, port: int) -> None:
    store = open_store(f"redis://127.0.0.1:{port}")
    await store.put("k", replace(ANSWER, markdown="long " * 100_000))
    assert not store.breaker.open, "nobody listens there, so a call would have failed"


def test_the_budget() -> None:
    assert BUDGET_SECONDS < 0.05


@pytest.mark.usefixtures("patient")
async def test_a_dead_redis_is_asked_once_and_back_when_it_lives(
    open_store: Open, tmp_path: Path, port: int
) -> None:
    store = open_store(f"redis://127.0.0.1:{port}", rests=(0.01,))
    await store.put("k", ANSWER)
    assert store.breaker.open
    with redis_server(tmp_path, port):
        await asyncio.wait_for(store.breaker.restored(), PATIENCE)
        await store.put("k", ANSWER)
        assert await store.get("k") == ANSWER


async def test_a_redis_that_never_answers_is_asked_once(
    open_store: Open, port: int, record_property: Callable[[str, object], None]
) -> None:
    connections = 0

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await reader.read()
        writer.close()

    async with await asyncio.start_server(accept, "127.0.0.1", port):
        store = open_store(f"redis://127.0.0.1:{port}")
        began = time.perf_counter()
        assert await store.get("k") is None
        record_property("milliseconds of a silent Redis", 1000 * (time.perf_counter() - began))
        assert store.breaker.open
        for _ in range(100):
            assert await store.get("k") is None
            await store.put("k", ANSWER)
        assert connections == 1
        await store.aclose()


async def test_a_stopped_redis_costs_no_answer(
    tmp_path: Path, server: subprocess.Popen[str], port: int
) -> None:
    cache = open_cache(tmp_path / "c.sqlite3", port)
    await cache.put("k", ANSWER)
    server.send_signal(signal.SIGSTOP)
    assert await cache.get("l") is None
    await cache.put("m", ANSWER)
    assert await cache.get("m") == ANSWER
    server.send_signal(signal.SIGCONT)
    await cache.aclose()


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"$x\r\n", b""])
async def test_what_is_no_redis(open_store: Open, port: int, answer: bytes) -> None:
    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(reply, "127.0.0.1", port):
        store = open_store(f"redis://127.0.0.1:{port}")
        assert await store.get("k") is None
        assert store.breaker.open
        await store.aclose()


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("password", ["correct-horse", "wrong-horse"])
async def test_a_password_opens_and_is_never_logged(
    open_store: Open,
    tmp_path: Path,
    port: int,
    caplog: pytest.LogCaptureFixture,
    password: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    right = password == "correct-horse"
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    with redis_server(tmp_path, port, "--requirepass", "correct-horse"):
        store = open_store(url)
        await store.put("k", ANSWER)
        assert (await store.get("k") == ANSWER) is right
        assert store.breaker.open is not right
    assert ("left alone" in caplog.text) is not right
    assert "horse" not in caplog.text
    assert "horse" not in repr(RedisSettings.model_validate({"url": url}))


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("trusted", [True, False])
async def test_tls(open_store: Open, tmp_path: Path, port: int, *, trusted: bool) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    make_certificate(certificate, key)
    tls = ["--port", "0", "--tls-auth-clients", "no"]
    tls += ["--tls-cert-file", str(certificate), "--tls-key-file", str(key)]
    query = f"?ssl_ca_certs={certificate}" if trusted else ""
    with redis_server(tmp_path, port, *tls, port_option="--tls-port"):
        store = open_store(f"rediss://localhost:{port}/0{query}", rests=(0.01,))
        assert await store.is_well() is trusted
        await store.put("k", ANSWER)
        assert (await store.get("k") == ANSWER) is trusted


def make_certificate(certificate: Path, key: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", str(key)]
    command += ["-addext", "subjectAltName=DNS:localhost", "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
