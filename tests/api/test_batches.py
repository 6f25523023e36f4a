"""Batches: many files explained while nobody waits, each result kept once."""

import asyncio
import io
import json
import zipfile
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx2
import pytest
from running_api import CODE, Api, events_of
from scripted_model import Scripted

from procoder_tutor.errors import BackendRefusedError
from procoder_tutor.facts.model import Facts
from procoder_tutor.markdown import facts_markdown

Start = Callable[..., Awaitable[Api]]
SHOP = "class Cart:\n    def total(self):\n        return sum(self.prices)\n"


def zipped(files: Mapping[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def damaged(archive: bytes) -> bytes:
    return archive[:40] + bytes(8) + archive[48:]


async def begin(client: httpx2.AsyncClient, *files: tuple[str, str | bytes], **form: Any) -> Any:
    sent = [("files", (name, data)) for name, data in files]
    return await client.post("/v1/batches", files=sent, data=form)


async def until_finished(client: httpx2.AsyncClient, path: str) -> dict[str, Any]:
    async with asyncio.timeout(60):
        told = events_of((await client.get(f"{path}/stream")).text)
    assert {name for name, _ in told} == {"progress"}
    progress: dict[str, Any] = (await client.get(path)).json()
    assert progress["finished"]
    assert json.loads(told[-1][1])["batch"] == progress["batch"]
    return progress


async def test_files_and_archives_are_explained(ada: httpx2.AsyncClient) -> None:
    archive = zipped(
        {
            "shop/cart.py": SHOP.encode(),
            "shop/README.md": b"# Shop",
            "shop/__pycache__/cart.py": b"x = 1",
            "../../etc/evil.py": b"import os\n",
        }
    )
    reply = await begin(ada, ("shapes.py", CODE), ("shop.zip", archive), title="Homework")
    assert reply.status_code == 202
    path = reply.headers["location"]
    progress = await until_finished(ada, path)
    assert progress["batch"]["progress"] == {
        "waiting": 0, "running": 0, "done": 5, "failed": 0, "cancelled": 0,
    }  # fmt: skip
    assert [(item["file"], item["symbol"]) for item in progress["items"]] == [
        ("shapes.py", "area"),
        ("shapes.py", ""),
        ("shop/cart.py", "Cart"),
        ("shop/cart.py", "Cart.total"),
        ("shop/cart.py", ""),
    ]
    results = await ada.get(f"{path}/results")
    assert results.headers["content-type"].startswith("text/markdown")
    assert results.text.startswith("# Homework\n")
    assert "5 of 5 explanations are done." in results.text
    assert results.text.index("## `shapes.py`") < results.text.index("### `area` · line 1")
    assert "Multiplies `width` by `height`." in results.text


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("notes.txt", b"hello", "no Python file"),
        ("shop.zip", zipped({"notes.txt": b"hello"}), "no Python file"),
        ("shop.zip", zipped({f"{n}.py": b" " * 3_900_000 for n in range(18)}), "at most"),
        ("shop.zip", zipped({f"{n}.py": b"" for n in range(501)}), "at most"),
        ("shop.zip", damaged(zipped({"a.py": SHOP.encode()})), "zip"),
        ("many.py", b"def f(): pass\n" * 2001, "more than"),
    ],
)
async def test_uploads_that_cannot_be_used(
    name: str, data: bytes, words: str, ada: httpx2.AsyncClient
) -> None:
    reply = await begin(ada, (name, data))
    assert reply.status_code == 422
    assert words in reply.json()["detail"]


async def test_what_is_left_out_is_told(ada: httpx2.AsyncClient) -> None:
    left_out = {
        "bytes.py": b"\xff\xfe",
        "hex.py": b"# coding: hex\n",
        "surrogate.py": b"# coding: raw_unicode_escape\nx = '\\ud800'\n",
        "notes.txt": b"hello",
    }
    reply = await begin(ada, ("a.py", CODE), *left_out.items())
    assert [it["name"] for it in reply.json()["skipped"] if it["reason"]] == list(left_out)


async def test_each_user_has_their_own(api: Api, ada: httpx2.AsyncClient) -> None:
    bob = await api.client("bob")
    path = (await begin(ada, ("shapes.py", CODE))).headers["location"]
    for method, route in (
        ("GET", path),
        ("GET", f"{path}/results"),
        ("GET", f"{path}/stream"),
        ("POST", f"{path}/cancel"),
        ("DELETE", path),
    ):
        assert (await bob.request(method, route)).status_code == 404, (method, route)
    assert (await bob.get("/v1/batches")).json()["items"] == []
    assert (await bob.delete("/v1/batches")).json() == {"deleted": 0}
    assert (await ada.delete("/v1/batches")).json() == {"deleted": 1}
    assert (await ada.get(path)).status_code == 404


async def test_pages(ada: httpx2.AsyncClient) -> None:
    made = [(await begin(ada, ("a.py", "x = 1\n"))).json()["batch"]["id"] for _ in range(3)]
    first = (await ada.get("/v1/batches", params={"limit": 2})).json()
    second = (await ada.get("/v1/batches", params={"cursor": first["next"]})).json()
    assert [it["id"] for it in first["items"] + second["items"]] == made[::-1]
    assert second["next"] is None


async def test_a_cancelled_batch_stops_the_model(start: Start) -> None:
    model = Scripted("One. Two.")
    model.gate.clear()
    api = await start(model=model, lease_seconds=0.3)
    ada = await api.client()
    path = (await begin(ada, ("shapes.py", CODE))).headers["location"]
    await asyncio.wait_for(model.started.wait(), 10)
    stopped = (await ada.post(f"{path}/cancel")).json()
    assert stopped["cancelled"]
    assert stopped["progress"]["cancelled"] == 2
    await asyncio.wait_for(model.closed.wait(), 10)
    assert "the batch was cancelled" in (await ada.get(f"{path}/results")).text


async def test_secrets_are_not_kept(api: Api, ada: httpx2.AsyncClient) -> None:
    secret = "hunter2-hunter2-Xy9"
    reply = await begin(ada, ("a.py", f'password = "{secret}"\n'))
    await until_finished(ada, reply.headers["location"])
    assert secret not in (await ada.get(f"{reply.headers['location']}/results")).text
    kept = await api.parts.state.read(
        lambda file: file.execute("SELECT text FROM files").fetchall()
    )
    assert kept
    assert secret not in str(kept)


async def test_an_item_that_cannot_be_explained_fails_alone(start: Start) -> None:
    model = Scripted("Fine.")
    model.error = BackendRefusedError("The prompt is too long", "Choose less.")
    ada = await (await start(model=model)).client()
    path = (await begin(ada, ("shapes.py", CODE))).headers["location"]
    progress = await until_finished(ada, path)
    assert {item["state"] for item in progress["items"]} == {"failed"}
    assert (
        "*Not explained: The prompt is too long. Choose less.*"
        in (await ada.get(f"{path}/results")).text
    )


async def test_a_fault_in_one_item_is_told_and_ends_no_other(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(facts: Facts, **options: Any) -> str:
        if facts.name == "area":
            raise KeyError(facts.name)
        return facts_markdown(facts, **options)

    monkeypatch.setattr("procoder_api.batches.explaining.facts_markdown", broken)
    ada = await (await start()).client()
    path = (await begin(ada, ("shapes.py", CODE))).headers["location"]
    progress = await until_finished(ada, path)
    assert [(item["symbol"], item["state"], item["error"]) for item in progress["items"]] == [
        ("area", "failed", "A fault of this server (KeyError); its log says more."),
        ("", "done", ""),
    ]
    later = (await begin(ada, ("later.py", "x = 1\n"))).headers["location"]
    assert (await until_finished(ada, later))["batch"]["progress"]["done"] == 1


async def test_what_was_not_finished_goes_on_after_a_restart(start: Start) -> None:
    model = Scripted("Fine.")
    model.gate.clear()
    api = await start(model=model)
    ada = await api.client()
    path = (await begin(ada, ("shapes.py", CODE))).headers["location"]
    await asyncio.wait_for(model.started.wait(), 10)
    await api.parts.dispatcher.aclose()
    batch = (await ada.get(path)).json()["batch"]
    assert batch["progress"]["waiting"] == 2
    model.gate.set()
    api.parts.dispatcher.start()
    assert (await until_finished(ada, path))["batch"]["progress"]["done"] == 2
