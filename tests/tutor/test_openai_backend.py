"""The HTTP client against a scripted server on the loopback: tokens, streams, losses, refusals."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field

import pytest

from procoder_tutor.backend import ChatMessage, Completion, CompletionJob
from procoder_tutor.errors import (
    BackendError,
    BackendRefusedError,
    BackendUnavailableError,
    ChatOnlyError,
)
from procoder_tutor.events import TokenUsage
from procoder_tutor.openai_backend import OpenAIBackend

CARD = {
    "id": "m",
    "procoder": {"digest": "sha256:1", "prompt_style": "docstring", "context_window": 512},
}
MODELS = {"data": [CARD]}
USAGE = {"prompt_tokens": 7, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 3}}
JOB = CompletionJob("p", 5, ("\n",))
Reply = tuple[int, object]


@dataclass
class Server:
    """Answers by path; `stream` holds the events of a completion."""

    url: str = ""
    token: str = "t"
    known: str = "t"
    models: list[Reply] = field(default_factory=lambda: [(200, MODELS)])
    tokenize: Reply = (200, {"tokens": [1, 2], "count": 2})
    stream: list[object] = field(default_factory=list)
    hang: bool = False
    chat_only: bool = False
    bodies: list[dict[str, object]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    left: asyncio.Event = field(default_factory=asyncio.Event)

    def read_token(self) -> str:
        return self.known

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                path = head.split(" ")[1]
                self.requests.append(path)
                self.heads.append(head.lower())
                length = [h for h in head.lower().split("\r\n") if h.startswith("content-length")]
                body = await reader.readexactly(int(length[0].split(":")[1]) if length else 0)
                self.bodies += [json.loads(body)] if body else []
                if f"Bearer {self.token}" not in head:
                    self.reply(writer, 401, {"error": {"message": "no", "code": "unauthorized"}})
                elif path == "/v1/models":
                    reply = self.models.pop(0) if len(self.models) > 1 else self.models[0]
                    self.reply(writer, *reply)
                elif path == "/v1/completions" and self.chat_only:
                    self.reply(writer, 404, {"error": {"message": "This is a chat model"}})
                elif path == "/v1/tokenize":
                    self.reply(writer, *self.tokenize)
                else:
                    await self.complete(reader, writer)
                    return
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def reply(self, writer: asyncio.StreamWriter, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        head = f"HTTP/1.1 {status} X\r\nretry-after: 0\r\ncontent-length: {len(data)}\r\n\r\n"
        writer.write(head.encode() + data)

    async def complete(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n")
        for event in self.stream:
            data = event if isinstance(event, str) else json.dumps(event)
            writer.write(f"data: {data}\n\n".encode())
        await writer.drain()
        if self.hang:
            await reader.read()
            self.left.set()


@asynccontextmanager
async def serving(server: Server) -> AsyncIterator[OpenAIBackend]:
    listener = await asyncio.start_server(server.answer, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"

    async def locate() -> Server:
        return server

    backend = OpenAIBackend("m", locate)
    try:
        yield backend
    finally:
        await backend.aclose()
        listener.close()
        await listener.wait_closed()


async def test_a_server_that_only_converses_is_found_out_once() -> None:
    server = Server(chat_only=True, models=[(200, {"data": [{"id": "m"}]})])
    server.stream = [
        {"choices": [{"delta": {"role": "assistant"}}]},
        {"choices": [{"delta": {"content": "a"}}]},
        {"choices": [{"delta": {}, "finish_reason": "stop"}]},
        "[DONE]",
    ]
    async with serving(server) as backend:
        assert (await backend.identify()).prompt_style == "purpose"
        with pytest.raises(ChatOnlyError):
            await anext(backend.complete(JOB))
        assert (await backend.identify()).prompt_style == "chat"
        messages = (ChatMessage("system", "Be brief."), ChatMessage("user", "Hi"))
        job = CompletionJob(messages, 5, tuple("abcdef"))
        items = [item async for item in backend.complete(job)]
        assert items == ["a", Completion("stop", TokenUsage())]
    assert server.requests[-1] == "/v1/chat/completions"
    assert server.bodies[-1]["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi"},
    ]
    assert server.bodies[-1]["stop"] == list("abcd")


async def test_our_own_host_completes_or_refuses() -> None:
    async with serving(Server(chat_only=True)) as backend:
        with pytest.raises(BackendRefusedError) as refused:
            await anext(backend.complete(JOB))
        assert not isinstance(refused.value, ChatOnlyError)


def piece(text: str, reason: str | None = None) -> object:
    return {"choices": [{"text": text, "finish_reason": reason}]}


async def test_stream_of_pieces_then_usage() -> None:
    server = Server(
        stream=[
            piece("a"),
            piece("b", "length"),
            {"choices": [], "usage": USAGE, "timings": {"decode_ms": 4}},
            "[DONE]",
        ]
    )
    async with serving(server) as backend:
        items = [item async for item in backend.complete(JOB)]
        assert items == ["a", "b", Completion("length", TokenUsage(7, 3, 2), 4.0)]
        info = await backend.identify()
        assert (info.id, info.digest, info.context_window) == ("m", "sha256:1", 512)
        assert not info.fim
        assert await backend.count_tokens("x y") == 2


@pytest.mark.parametrize(("suffix", "sent"), [("", {}), (")", {"suffix": ")"})])
async def test_a_gap(suffix: str, sent: dict[str, str]) -> None:
    fim = {"prefix": "<PRE>", "suffix": "<SUF>", "middle": "<MID>", "end": "<EOT>"}
    card = {**CARD, "procoder": {**CARD["procoder"], "fim": fim}}
    server = Server(models=[(200, {"data": [card]})], stream=[piece("a"), "[DONE]"])
    async with serving(server) as backend:
        assert (await backend.identify()).fim
        assert [item async for item in backend.complete(CompletionJob("f(", 5, suffix=suffix))]
    body = server.bodies[-1]
    assert {name: body[name] for name in ("prompt", "suffix") if name in body} == {
        "prompt": "f(",
        **sent,
    }


async def test_a_new_token_is_read_once() -> None:
    server = Server(token="new", known="old")
    async with serving(server) as backend:
        with pytest.raises(BackendRefusedError, match="no"):
            await backend.identify()
        assert server.requests == ["/v1/models"] * 2
        server.known = "new"
        assert (await backend.identify()).id == "m"


@pytest.mark.parametrize("background", [False, True])
async def test_background_work_says_that_it_can_wait(*, background: bool) -> None:
    server = Server(stream=[piece("", "length"), "[DONE]"])
    async with serving(server) as backend:
        job = CompletionJob("p", 0, background=background)
        assert [item async for item in backend.complete(job)] == [
            Completion("length", TokenUsage())
        ]
    assert ("x-procoder-priority: prefetch" in server.heads[-1]) is background


async def test_a_host_that_has_switched_its_model_is_looked_for_again() -> None:
    gone = (404, {"error": {"message": "serves x", "code": "model_not_found"}})
    server = Server(tokenize=gone)
    async with serving(server) as backend:
        with pytest.raises(BackendRefusedError):
            await backend.count_tokens("x")
        server.tokenize = (200, {"tokens": [1], "count": 1})
        assert await backend.count_tokens("x") == 1
    assert server.requests == ["/v1/models", "/v1/tokenize"] * 2


async def test_closing_the_stream_closes_the_connection() -> None:
    server = Server(stream=[piece("a")], hang=True)
    async with serving(server) as backend:
        async with aclosing(backend.complete(JOB)) as items:
            assert await anext(items) == "a"
        await asyncio.wait_for(server.left.wait(), 5)


async def test_cancelling_the_reader_closes_the_connection() -> None:
    server = Server(stream=[piece("a")], hang=True)
    got = asyncio.Event()

    async def read(backend: OpenAIBackend) -> None:
        async for _ in backend.complete(JOB):
            got.set()

    async with serving(server) as backend:
        task = asyncio.create_task(read(backend))
        await got.wait()
        task.cancel()
        await asyncio.wait_for(server.left.wait(), 5)


@pytest.mark.parametrize(
    ("stream", "error", "message"),
    [
        (
            [piece("a"), {"error": {"message": "boom", "code": "engine_crashed"}}],
            BackendUnavailableError,
            "boom",
        ),
        (
            [{"error": {"message": "long", "code": "context_length_exceeded"}}],
            BackendRefusedError,
            "long",
        ),
        ([piece("a")], BackendUnavailableError, "lost"),
        (["{not json"], BackendUnavailableError, "cannot be read"),
        (["[]"], BackendUnavailableError, "cannot be read"),
    ],
)
async def test_broken_streams(
    stream: list[object], error: type[BackendError], message: str
) -> None:
    async with serving(Server(stream=stream)) as backend:
        with pytest.raises(error, match=message) as caught:
            async for _ in backend.complete(JOB):
                pass
        assert caught.value.advice


async def test_waits_while_the_engine_loads() -> None:
    loading = (503, {"error": {"message": "loading", "code": "engine_loading"}})
    async with serving(Server(models=[loading, loading, (200, MODELS)])) as backend:
        assert (await backend.identify()).id == "m"


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        ((200, {"data": [{"id": "x"}, {"id": "y"}]}), BackendRefusedError),
        ((200, ["?"]), BackendUnavailableError),
        ((500, "?"), BackendRefusedError),
        ((503, {"error": {"message": "dead", "code": "engine_failed"}}), BackendUnavailableError),
    ],
)
async def test_refusals(reply: Reply, error: type[BackendError]) -> None:
    async with serving(Server(models=[reply])) as backend:
        with pytest.raises(error):
            await backend.identify()


async def test_server_without_a_tokenizer_or_profile_is_estimated() -> None:
    server = Server(models=[(200, {"data": [{"id": "m"}]})], tokenize=(404, {"detail": "no"}))
    async with serving(server) as backend:
        assert (await backend.identify()).prompt_style == "purpose"
        assert await backend.count_tokens("abcd") == 3


async def test_a_host_that_died_is_found_again() -> None:
    found: list[Server] = []

    async def locate() -> Server:
        found.append(servers[min(len(found), 1)])
        return found[-1]

    servers = [Server(url="http://127.0.0.1:9"), Server()]
    listener = await asyncio.start_server(servers[1].answer, "127.0.0.1", 0)
    servers[1].url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    backend = OpenAIBackend("m", locate)
    assert (await backend.identify()).id == "m"
    assert found == servers
    await backend.aclose()
    listener.close()
    await listener.wait_closed()
