"""Connections that dawdle are dropped, and never stand in the way of others."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from functools import partial

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from procoder_http.connections import Doorkeeper, PatientProtocol

REQUEST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n"
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[[], "asyncio.Future[Connection]"]


async def _echo(scope: Scope, receive: Receive, send: Send) -> None:
    body = b""
    while (message := await receive())["type"] == "http.request":
        body += message["body"]
        if not message["more_body"]:
            headers = [(b"content-length", str(len(body)).encode())]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})
            return


@contextlib.asynccontextmanager
async def _serving(doorkeeper: Doorkeeper) -> AsyncIterator[Connect]:
    protocol = partial(PatientProtocol, doorkeeper=doorkeeper)
    config = uvicorn.Config(_echo, http=protocol, lifespan="off", log_config=None)  # type: ignore[arg-type]
    config.load()
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        server = uvicorn.Server(config)
        server.lifespan = config.lifespan_class(config)
        await server.startup([listener])
        try:
            yield lambda: asyncio.ensure_future(asyncio.open_connection(*listener.getsockname()))
        finally:
            await server.shutdown([listener])


async def _answer(connection: Connection) -> bytes:
    reader, writer = connection
    writer.write(REQUEST + b"body")
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    return await reader.readexactly(4)


@pytest.mark.parametrize("sent", [b"", b"POST / HT", REQUEST[:-2], REQUEST, REQUEST + b"bod"])
async def test_a_slow_request_is_dropped(sent: bytes) -> None:
    async with _serving(Doorkeeper(seconds=0.2)) as connect, asyncio.timeout(5):
        reader, writer = await connect()
        writer.write(sent)
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
        writer.close()


async def test_bytes_that_trickle_do_not_buy_time() -> None:
    async with _serving(Doorkeeper(seconds=0.3)) as connect, asyncio.timeout(5):
        reader, writer = await connect()
        ended = asyncio.ensure_future(reader.read())
        writer.write(REQUEST[:16])
        while not ended.done():
            writer.write(b"X-A: b\r\n")
            await asyncio.wait({ended}, timeout=0.05)
        writer.close()
        with contextlib.suppress(ConnectionError):
            assert ended.result() == b""


async def test_a_connection_serves_several_requests() -> None:
    async with _serving(Doorkeeper(seconds=0.2)) as connect, asyncio.timeout(5):
        connection = await connect()
        assert [await _answer(connection) for _ in range(3)] == [b"body"] * 3
        connection[1].close()


async def test_300_slow_connections_do_not_stop_a_request() -> None:
    async with _serving(Doorkeeper(seconds=60)) as connect, asyncio.timeout(20):
        slow = await asyncio.gather(*(connect() for _ in range(300)))
        for _, writer in slow:
            writer.write(REQUEST[:20])
        connection = await connect()
        assert await _answer(connection) == b"body"
        for _, writer in [*slow, connection]:
            writer.close()


async def test_when_full_the_slowest_goes_and_not_the_one_in_service() -> None:
    async with _serving(Doorkeeper(seconds=60, max_connections=3)) as connect, asyncio.timeout(5):
        served = await connect()
        assert await _answer(served) == b"body"
        slow = [await connect(), await connect()]
        newcomer = await connect()
        assert await _answer(newcomer) == b"body"
        with contextlib.suppress(ConnectionResetError):
            assert await slow[0][0].read() == b""
        assert await _answer(slow[1]) == b"body"
        assert await _answer(served) == b"body"
        for _, writer in (served, *slow, newcomer):
            writer.close()
