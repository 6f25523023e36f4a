"""Conversations: begun, gone on with, found, kept, deleted; each user's own."""

import json

import httpx2
import pytest
from running_api import ANSWER, CODE, Api, events_of

from procoder_tutor.conversations import LOCAL_OWNER

QUESTION = {"code": CODE, "symbol": "area", "text": "Does it round?"}


async def _begin(client: httpx2.AsyncClient, title: str = "Areas") -> str:
    reply = await client.post("/v1/conversations", json={"title": title})
    assert reply.status_code == 201
    identity: str = reply.json()["id"]
    assert reply.headers["location"] == f"/v1/conversations/{identity}"
    return identity


async def test_a_conversation_goes_on_and_is_kept(api: Api, ada: httpx2.AsyncClient) -> None:
    path = f"/v1/conversations/{await _begin(ada)}"
    first = await ada.post(f"{path}/turns", json=QUESTION)
    assert first.json()["markdown"]
    again = {**QUESTION, "text": "And what if one is negative?"}
    events = events_of((await ada.post(f"{path}/turns/stream", json=again)).text)
    assert events[-1][0] == "done"
    assert "Does it round?" in api.model.prompts[-1]
    read = (await ada.get(path)).json()
    assert [turn["role"] for turn in read["turns"]] == ["user", "tutor"] * 2
    assert read["turns"][0]["text"] == "Does it round?"
    exported = await ada.get(f"{path}/export")
    assert exported.headers["content-type"].startswith("text/markdown")
    assert exported.text.startswith("# Areas\n")
    assert "And what if one is negative?" in exported.text


async def test_other_wishes_within_a_conversation(ada: httpx2.AsyncClient) -> None:
    path = f"/v1/conversations/{await _begin(ada)}"
    body = {"code": CODE, "symbol": "area", "kind": "explain", "level": "beginner"}
    assert (await ada.post(f"{path}/turns", json=body)).json()["markdown"] == ANSWER
    turns = (await ada.get(path)).json()["turns"]
    assert [turn["text"] for turn in turns] == ["Explain `area`.", ANSWER]
    assert turns[1]["level"] == "beginner"


@pytest.mark.parametrize("body", [{"code": CODE}, {"code": CODE, "text": "  "}])
async def test_a_chat_needs_a_question(body: dict[str, str], ada: httpx2.AsyncClient) -> None:
    reply = await ada.post(f"/v1/conversations/{await _begin(ada)}/turns", json=body)
    assert reply.status_code == 422
    assert "question" in reply.json()["detail"]


async def test_secrets_are_kept_nowhere(api: Api, ada: httpx2.AsyncClient) -> None:
    secret = "hunter2-hunter2-Xy9"
    path = f"/v1/conversations/{await _begin(ada)}"
    code = f'password = "{secret}"\n'
    await ada.post(f"{path}/turns", json={"code": code, "text": f"Is {secret} good?"})
    assert secret not in (await ada.get(path)).text
    assert secret not in "".join(api.model.prompts)


async def test_pages(ada: httpx2.AsyncClient) -> None:
    made = [await _begin(ada, f"Talk {number}") for number in range(5)]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query: dict[str, str | int] = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await ada.get("/v1/conversations", params=query)).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == made[::-1]


@pytest.mark.parametrize("cursor", ["x", "%00", "MjAyNg==", "\u00e4", "OTk5OSA="])
async def test_a_cursor_that_is_none(cursor: str, ada: httpx2.AsyncClient) -> None:
    reply = await ada.get("/v1/conversations", params={"cursor": cursor})
    assert reply.status_code == 400


async def test_search_and_deletion(ada: httpx2.AsyncClient) -> None:
    kept, gone = await _begin(ada), await _begin(ada)
    for identity in (kept, gone):
        await ada.post(f"/v1/conversations/{identity}/turns", json=QUESTION)
    assert (await ada.delete(f"/v1/conversations/{gone}")).status_code == 204
    assert (await ada.delete(f"/v1/conversations/{gone}")).status_code == 404
    found = (await ada.get("/v1/conversations/search", params={"q": "round"})).json()["items"]
    assert [item["conversation"]["id"] for item in found] == [kept]
    assert (await ada.delete("/v1/conversations")).json() == {"deleted": 1}
    assert (await ada.get("/v1/conversations")).json()["items"] == []


async def test_each_user_has_their_own(api: Api, ada: httpx2.AsyncClient) -> None:
    bob = await api.client("bob")
    path = f"/v1/conversations/{await _begin(ada)}"
    await ada.post(f"{path}/turns", json=QUESTION)
    for method, route, body in (
        ("GET", path, None),
        ("GET", f"{path}/export", None),
        ("DELETE", path, None),
        ("POST", f"{path}/turns", QUESTION),
        ("POST", f"{path}/turns/stream", QUESTION),
    ):
        reply = await bob.request(method, route, json=body)
        assert reply.status_code == 404, (method, route)
        assert "Does it round?" not in reply.text
    assert (await bob.get("/v1/conversations")).json()["items"] == []
    assert (await bob.get("/v1/conversations/search", params={"q": "round"})).json()["items"] == []
    assert (await bob.delete("/v1/conversations")).json() == {"deleted": 0}
    assert len((await ada.get(path)).json()["turns"]) == 2


async def test_two_keys_of_one_user_share(api: Api, ada: httpx2.AsyncClient) -> None:
    path = f"/v1/conversations/{await _begin(ada)}"
    assert (await (await api.client("ada")).get(path)).status_code == 200


async def test_the_editor_and_the_web_share_a_history(api: Api) -> None:
    """The one user of a machine is the owner that the language server keeps turns for."""
    local = await api.client(LOCAL_OWNER)
    begun = await api.tutor.conversations.open_for("file:///src/bank.py")
    listed = (await local.get("/v1/conversations")).json()["items"]
    assert [item["id"] for item in listed] == [begun.id]
    reply = await local.post(f"/v1/conversations/{begun.id}/turns", json=QUESTION)
    assert json.loads(reply.text)["markdown"]


@pytest.mark.parametrize("document", ["http://[", "", "x" * 2001])
async def test_documents_that_are_none(document: str, ada: httpx2.AsyncClient) -> None:
    assert (await ada.post("/v1/conversations", json={"document": document})).status_code == 422
