"""Who is let in, for what, and how often."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx2
import pytest
from running_api import CODE, Api
from scripted_model import Scripted

from procoder_http.keys import revoke_key

Start = Callable[..., Awaitable[Api]]
AREA = {"code": CODE, "symbol": "area"}
OPEN = {"/healthz", "/readyz"}


async def _routes(api: Api) -> list[tuple[str, str]]:
    """Method and path of every route, with ids that nobody has."""
    document = (await (await api.client()).get("/openapi.json")).json()
    found = [("GET", "/openapi.json"), ("GET", "/no/such/route")]
    for path, methods in document["paths"].items():
        filled = "/".join("nothing" if part.startswith("{") else part for part in path.split("/"))
        found += [(method.upper(), filled) for method in methods]
    return found


async def test_no_route_without_a_key_that_holds(api: Api) -> None:
    revoked = await api.client("eve")
    assert (await revoked.get("/v1/lessons")).status_code == 200
    revoke_key(api.keys, next(name for name in api.secrets if name.startswith("eve")))
    clients = {
        "none": await api.with_headers({}),
        "empty": await api.with_headers({"Authorization": "Bearer"}),
        "wrong": await api.with_headers({"Authorization": "Bearer wrong"}),
        "basic": await api.with_headers({"Authorization": "Basic YTpi"}),
        "revoked": revoked,
    }
    for method, path in await _routes(api):
        for kind, client in clients.items():
            reply = await client.request(method, path)
            expected = 200 if path in OPEN else 401
            assert reply.status_code == expected, (kind, method, path)
            if expected == 401:
                assert reply.headers["www-authenticate"] == "Bearer"
                assert reply.headers["content-type"] == "application/problem+json"


async def test_no_route_beyond_the_scopes_of_a_key(api: Api) -> None:
    keyless_routes = OPEN | {"/openapi.json", "/no/such/route"}
    nothing = await api.client("eve", scopes=())
    for method, path in await _routes(api):
        body = {} if method in {"POST", "PUT"} else None
        reply = await nothing.request(method, path, json=body)
        if path not in keyless_routes:
            assert reply.status_code == 403, (method, path)


@pytest.mark.parametrize(
    ("scope", "path", "status"),
    [
        ("ask", "/v1/lessons", 200),
        ("ask", "/v1/conversations", 403),
        ("ask", "/metrics", 403),
        ("conversations", "/v1/conversations", 200),
        ("conversations", "/v1/models", 403),
        ("metrics", "/metrics", 200),
    ],
)
async def test_scopes(scope: str, path: str, status: int, api: Api) -> None:
    client = await api.client(scopes=[scope])
    assert (await client.get(path)).status_code == status


async def test_more_requests_than_the_rate_allows(start: Start) -> None:
    api = await start(rate="3/minute")
    ada, bob = await api.client("ada"), await api.client("bob")
    statuses = [(await ada.get("/v1/lessons/closure")).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    refused = await ada.get("/v1/lessons/closure")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.json()["type"] == "urn:procoder:problem:too-many-requests"
    assert (await bob.get("/v1/lessons/closure")).status_code == 200
    assert (await ada.get("/healthz")).status_code == 200


async def test_more_at_once_than_a_key_may(start: Start) -> None:
    model = Scripted("One. Two.")
    model.gate.clear()
    api = await start(model=model, at_once=1)
    ada, bob = await api.client("ada"), await api.client("bob")
    async with ada.stream("POST", "/v1/explanations/stream", json=AREA):
        await asyncio.wait_for(model.started.wait(), 10)
        refused = await ada.get("/v1/lessons/closure")
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
        assert (await bob.get("/v1/lessons/closure")).status_code == 200
    await asyncio.wait_for(api.door.close(10), 10)
    api.door.open = True
    assert (await ada.get("/v1/lessons/closure")).status_code == 200


async def _chunks() -> AsyncIterator[bytes]:
    for _ in range(17):
        yield b" " * 1024 * 1024


async def test_bodies_that_are_too_large(ada: httpx2.AsyncClient) -> None:
    headers = {"Content-Type": "application/json"}
    announced = await ada.post("/v1/lint", content=b" " * 17_000_000, headers=headers)
    assert announced.status_code == 413
    assert announced.headers["content-type"] == "application/problem+json"
    trickled = await ada.post("/v1/lint", content=_chunks(), headers=headers)
    assert trickled.status_code == 413


PAGE = "https://learn.example.org"


@pytest.mark.parametrize(
    ("allowed", "origin", "status"),
    [(False, PAGE, 400), (True, PAGE, 200), (True, "https://evil.example", 400)],
)
async def test_pages_of_other_sites(
    allowed: bool,  # noqa: FBT001
    origin: str,
    status: int,
    start: Start,
) -> None:
    api = await start(origins=frozenset({PAGE} if allowed else ()))
    ada = await api.client()
    reply = await ada.get("/v1/lessons/closure", headers={"Origin": origin})
    assert reply.status_code == status
    shared = reply.headers.get("access-control-allow-origin")
    assert shared == (PAGE if status == 200 else None)
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    preflight = await ada.options("/v1/explanations", headers=asked)
    assert (preflight.status_code == 200) == (status == 200)


async def test_another_name_is_refused(ada: httpx2.AsyncClient) -> None:
    assert (await ada.get("/healthz", headers={"Host": "evil.example"})).status_code == 400


async def test_a_closed_door_lets_answers_finish(start: Start) -> None:
    model = Scripted("Multiplies `width` by `height`.")
    model.gate.clear()
    api = await start(model=model)
    ada = await api.client()
    answer = asyncio.create_task(ada.post("/v1/explanations", json=AREA))
    await asyncio.wait_for(model.started.wait(), 10)
    closing = asyncio.create_task(api.door.close(30))
    await asyncio.sleep(0)
    refused = await ada.get("/v1/lessons")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert (await ada.get("/readyz")).status_code == 503
    assert (await ada.get("/healthz")).status_code == 200
    assert not closing.done()
    model.gate.set()
    assert (await answer).status_code == 200
    await closing


async def test_every_answer_has_an_id_and_is_counted(api: Api) -> None:
    operator = await api.client(scopes=None)
    assert (await operator.post("/v1/explanations", json=AREA)).status_code == 200
    named = await operator.get("/v1/lessons/none", headers={"X-Request-Id": "mine-7"})
    assert named.headers["x-request-id"] == named.json()["request_id"] == "mine-7"
    text = (await operator.get("/metrics")).text
    for line in (
        'procoder_api_requests_total{outcome="ok",route="/v1/explanations"} 1.0',
        'procoder_api_requests_total{outcome="no-lesson",route="/v1/lessons/{lesson_id}"} 1.0',
        'procoder_api_answer_seconds_count{kind="explain"} 1.0',
        "procoder_api_answers_running 0.0",
    ):
        assert line in text


@pytest.mark.parametrize(("path", "method"), [("/v1/nothing", "GET"), ("/v1/lint", "GET")])
async def test_what_is_not_there(path: str, method: str, ada: httpx2.AsyncClient) -> None:
    reply = await ada.request(method, path)
    assert reply.status_code in {404, 405}
    assert reply.headers["content-type"] == "application/problem+json"
    assert path in reply.json()["detail"]
