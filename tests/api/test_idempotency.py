"""A request that is repeated with its idempotency key is answered as before, and done once."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx2
import pytest
from running_api import ANSWER, CODE, Api
from scripted_model import Scripted

from procoder_tutor.errors import BackendUnavailableError

Start = Callable[..., Awaitable[Api]]
KEY = {"Idempotency-Key": "b0c1-42"}
AREA = {"code": CODE, "symbol": "area"}


async def test_a_repeated_request_is_done_once(ada: httpx2.AsyncClient) -> None:
    body = {"title": "Areas"}
    first = await ada.post("/v1/conversations", json=body, headers=KEY)
    again = await ada.post("/v1/conversations", json=body, headers=KEY)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["x-request-id"] != first.headers["x-request-id"]
    assert len((await ada.get("/v1/conversations")).json()["items"]) == 1
    await ada.post("/v1/conversations", json=body, headers={"Idempotency-Key": "another"})
    assert len((await ada.get("/v1/conversations")).json()["items"]) == 2


async def test_a_stream_is_repeated_whole(api: Api, ada: httpx2.AsyncClient) -> None:
    begun = (await ada.post("/v1/conversations", json={})).json()
    path = f"/v1/conversations/{begun['id']}"
    body = {**AREA, "text": "Does it round?"}
    first = await ada.post(f"{path}/turns/stream", json=body, headers=KEY)
    again = await ada.post(f"{path}/turns/stream", json=body, headers=KEY)
    assert again.text == first.text
    assert again.headers["content-type"] == first.headers["content-type"]
    assert len((await ada.get(path)).json()["turns"]) == 2
    assert len(api.model.jobs) == 1


@pytest.mark.parametrize(
    ("path", "body"), [("/v1/conversations", {"title": "Other"}), ("/v1/lint", {"code": ""})]
)
async def test_a_key_is_for_one_request(
    path: str, body: dict[str, str], ada: httpx2.AsyncClient
) -> None:
    await ada.post("/v1/conversations", json={"title": "Areas"}, headers=KEY)
    reply = await ada.post(path, json=body, headers=KEY)
    assert (reply.status_code, reply.json()["type"]) == (422, "urn:procoder:problem:unusable")


async def test_while_the_first_is_answered_the_second_waits(start: Start) -> None:
    model = Scripted(ANSWER)
    model.gate.clear()
    ada = await (await start(model=model)).client()
    first = asyncio.create_task(ada.post("/v1/explanations", json=AREA, headers=KEY))
    await asyncio.wait_for(model.started.wait(), 10)
    second = await ada.post("/v1/explanations", json=AREA, headers=KEY)
    assert (second.status_code, second.headers["retry-after"]) == (409, "2")
    model.gate.set()
    assert (await first).json()["markdown"] == ANSWER
    third = await ada.post("/v1/explanations", json=AREA, headers=KEY)
    assert third.json() == (await first).json()


async def test_a_client_that_left_may_ask_again(start: Start) -> None:
    model = Scripted(ANSWER)
    model.gate.clear()
    api = await start(model=model)
    ada = await api.client()
    async with ada.stream("POST", "/v1/explanations/stream", json=AREA, headers=KEY):
        await asyncio.wait_for(model.started.wait(), 10)
    await asyncio.wait_for(model.closed.wait(), 10)
    await api.door.close(10)
    api.door.open = True
    model.gate.set()
    reply = await ada.post("/v1/explanations/stream", json=AREA, headers=KEY)
    assert reply.status_code == 200
    assert "event: done" in reply.text


async def test_faults_are_not_kept(start: Start) -> None:
    model = Scripted(ANSWER)
    model.error = BackendUnavailableError("No model host runs")
    ada = await (await start(model=model)).client()
    assert (await ada.post("/v1/explanations", json=AREA, headers=KEY)).status_code == 503
    model.error = None
    assert (await ada.post("/v1/explanations", json=AREA, headers=KEY)).status_code == 200


async def test_keys_of_others_do_not_meet(api: Api, ada: httpx2.AsyncClient) -> None:
    bob = await api.client("bob")
    body = {"title": "Areas"}
    mine = (await ada.post("/v1/conversations", json=body, headers=KEY)).json()
    theirs = await bob.post("/v1/conversations", json=body, headers=KEY)
    assert theirs.json()["id"] != mine["id"]


@pytest.mark.parametrize("key", ["", "a b", "\u00e4", "x" * 256])
async def test_keys_that_are_none(key: str, ada: httpx2.AsyncClient) -> None:
    headers = [(b"Idempotency-Key", key.encode("latin-1"))]
    reply = await ada.post("/v1/lint", json={"code": ""}, headers=headers)
    assert reply.status_code == 400


async def test_the_disk_never_sees_an_answer(
    api: Api, ada: httpx2.AsyncClient, tmp_path: Path
) -> None:
    secret = "hunter2-hunter2-Xy9"
    code = f'def login(password="{secret}"):\n    return password\n'
    body = {"code": code, "symbol": "login"}
    reply = await ada.post("/v1/explanations", json=body, headers=KEY)
    assert secret in reply.text
    with sqlite3.connect(tmp_path / "api.sqlite3") as file:
        (sealed,) = file.execute("SELECT sealed FROM replies").fetchone()
    file.close()
    assert sealed.startswith(b"gAAAA")
    kept = await asyncio.to_thread(lambda: [f.read_bytes() for f in tmp_path.glob("*.sqlite3*")])
    assert kept
    assert not any(secret.encode() in data for data in kept)
