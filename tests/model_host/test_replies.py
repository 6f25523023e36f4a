"""Streams: signs of life while nothing is said, and what a client makes of them."""

import asyncio
from collections.abc import AsyncGenerator, Mapping

import httpx2
import openai
import pytest
from starlette.types import Message

from procoder_http import streams
from procoder_model_host.errors import QueueFullError
from procoder_model_host.web.replies import EventStream, error_response


async def test_comments_while_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "KEEP_ALIVE_SECONDS", 0.01)
    reminded = asyncio.Event()
    sent = b""

    async def events() -> AsyncGenerator[Mapping[str, object], None]:
        await reminded.wait()
        yield {"text": "late"}

    async def send(message: Message) -> None:
        nonlocal sent
        sent += message.get("body", b"")
        if sent.count(b": waiting") >= 2:
            reminded.set()

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    await EventStream(events())({"type": "http"}, receive, send)
    comments, _, rest = sent.partition(b"data: ")
    assert set(comments.split(b"\n\n")) == {b": waiting", b""}
    assert rest.endswith(b"data: [DONE]\n\n")
    # What the tutor reads.
    request = httpx2.Request("POST", "http://host/v1/completions")
    kind = {"Content-Type": "text/event-stream"}
    response = httpx2.Response(200, headers=kind, content=sent, request=request)
    assert [event.data for event in httpx2.EventSource(response)] == ['{"text": "late"}', "[DONE]"]


def test_the_official_client_ignores_comments() -> None:
    lines = (": waiting", 'data: {"choices": [], "id": "x"}', ": waiting", "data: [DONE]")
    sent = "".join(f"{line}\n\n" for line in lines).encode()

    def respond(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"Content-Type": "text/event-stream"}, content=sent)

    with (
        httpx2.Client(transport=httpx2.MockTransport(respond)) as transport,
        openai.OpenAI(base_url="http://host", api_key="x", http_client=transport) as client,
    ):
        chunks = list(client.completions.create(model="m", prompt="p", stream=True))
    assert [chunk.id for chunk in chunks] == ["x"]


@pytest.mark.parametrize(("seconds", "header"), [(0.2, "1"), (7.5, "8"), (None, "5")])
def test_retry_after_is_the_errors_own(seconds: float | None, header: str) -> None:
    response = error_response(QueueFullError("full", retry_after=seconds))
    assert (response.status_code, response.headers["retry-after"]) == (429, header)
