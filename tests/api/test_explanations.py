"""Answers about code, whole and as events."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest
from running_api import ANSWER, CODE, Api, events_of
from scripted_model import Scripted

from procoder_tutor.errors import BackendRefusedError, BackendUnavailableError

Start = Callable[..., Awaitable[Api]]
AREA = {"code": CODE, "symbol": "area"}


async def test_an_answer_is_facts_and_checked_words(ada: httpx2.AsyncClient) -> None:
    reply = await ada.post("/v1/explanations", json=AREA)
    assert reply.status_code == 200
    answer = reply.json()
    assert answer["facts"]["signature"] == "area(width, height)"
    assert answer["markdown"] == ANSWER
    assert answer["verdict"]["summary"] == "2 of 2 checked"
    assert (answer["model"], answer["cached"]) == ("scripted", False)
    assert (await ada.post("/v1/explanations", json=AREA)).json()["cached"]


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ({}, "shapes"),
        ({"line": 2}, "area"),
        ({"line": 2, "end_line": 2}, "line 2"),
        ({"symbol": "area"}, "area"),
    ],
)
async def test_places(place: dict[str, Any], name: str, ada: httpx2.AsyncClient) -> None:
    body = {"code": CODE, "filename": "shapes.py", **place}
    assert (await ada.post("/v1/facts", json=body)).json()["facts"]["name"] == name


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"code": CODE, "symbol": "volume"}, "no-symbol"),
        ({"code": CODE, "line": 99}, "unusable"),
        ({"code": CODE, "kind": "fix"}, "unusable"),
        ({"code": CODE, "line": 2, "symbol": "area"}, "invalid"),
        ({"code": CODE, "end_line": 2}, "invalid"),
        ({"code": "x" * 1_000_001}, "invalid"),
        ({"code": CODE, "kind": "dance"}, "invalid"),
        ({"code": CODE, "path": "/etc/passwd"}, "invalid"),
        ({"code": "\ud800"}, "invalid"),
        ({}, "invalid"),
    ],
)
@pytest.mark.parametrize("route", ["/v1/explanations", "/v1/explanations/stream"])
async def test_what_cannot_be_answered_is_a_problem_document(
    body: dict[str, Any], code: str, route: str, ada: httpx2.AsyncClient
) -> None:
    content = json.dumps(body)
    reply = await ada.post(route, content=content, headers={"Content-Type": "application/json"})
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.json()
    assert problem["type"] == f"urn:procoder:problem:{code}"
    assert problem["request_id"] == reply.headers["x-request-id"]
    assert CODE not in reply.text


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (BackendUnavailableError("No model host runs", "Start one."), 503, "model-unavailable"),
        (BackendRefusedError("The prompt is too long"), 502, "model-refused"),
    ],
)
async def test_a_model_in_trouble(error: Exception, status: int, code: str, start: Start) -> None:
    model = Scripted(ANSWER)
    model.error = error
    ada = await (await start(model=model)).client()
    reply = await ada.post("/v1/explanations", json=AREA)
    assert (reply.status_code, reply.json()["type"]) == (status, f"urn:procoder:problem:{code}")
    assert ("retry-after" in reply.headers) == (status == 503)
    streamed = events_of((await ada.post("/v1/explanations/stream", json=AREA)).text)
    assert [name for name, _ in streamed if name != "working"] == ["facts", "failed"]
    assert json.loads(streamed[-1][1])["type"].endswith(code)
    assert (await ada.post("/v1/facts", json=AREA)).status_code == 200


async def test_a_stream_tells_the_answer_as_it_comes(ada: httpx2.AsyncClient) -> None:
    reply = await ada.post("/v1/explanations/stream", json=AREA)
    assert reply.headers["content-type"].startswith("text/event-stream")
    events = events_of(reply.text)
    names = [name for name, _ in events if name not in {"facts", "working"}]
    assert [name for name, _ in events[:2]] == ["facts", "working"]
    assert json.loads(events[1][1])["stage"] == "loading"
    assert names[-2:] == ["checked", "done"]
    assert set(names[:-2]) == {"delta"}
    told = "".join(json.loads(data)["text"] for name, data in events if name == "delta")
    done = json.loads(events[-1][1])
    assert told == done["markdown"] == ANSWER


@pytest.mark.parametrize(
    ("kind", "code", "event"),
    [
        ("blocks", "def f(n):\n    for i in range(n):\n        print(i)\n    return n\n", "block"),
        ("fix", "import os\n", "proposed"),
        ("error", "import os\n", "delta"),
    ],
)
async def test_kinds(kind: str, code: str, event: str, ada: httpx2.AsyncClient) -> None:
    body = {"code": code, "kind": kind}
    names = [
        name for name, _ in events_of((await ada.post("/v1/explanations/stream", json=body)).text)
    ]
    assert event in names
    assert names[-1] == "done"


@pytest.mark.parametrize("route", ["/v1/explanations", "/v1/explanations/stream"])
async def test_a_client_that_leaves_stops_the_model(route: str, start: Start) -> None:
    model = Scripted("One. Two. Three.")
    model.gate.clear()
    api = await start(model=model)
    ada = await api.client()
    asking = asyncio.create_task(ada.post(route, json=AREA))
    await asyncio.wait_for(model.started.wait(), 10)
    assert not model.closed.is_set()
    asking.cancel()
    await asyncio.wait_for(model.closed.wait(), 10)
    await asyncio.wait_for(api.door.close(10), 10)
    assert 'outcome="cancelled"' in api.metrics.render().decode()


async def test_a_client_that_leaves_before_the_end_breaks_nothing(
    api: Api, ada: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(20):
        async with ada.stream("POST", "/v1/explanations/stream", json=AREA) as reply:
            await anext(reply.aiter_lines())
    await asyncio.wait_for(api.door.close(10), 10)
    assert "internal-error" not in api.metrics.render().decode()
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
