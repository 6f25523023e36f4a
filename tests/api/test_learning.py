"""Hints, lessons, findings: what needs no model."""

import httpx2
import pytest
from running_api import Api

WRONG = "def total(prices):\n    if len(prices) is 0:\n        return 0\n"


async def test_hints_climb_and_are_remembered_by_user(api: Api, ada: httpx2.AsyncClient) -> None:
    body = {"code": WRONG, "line": 2, "filename": "shop.py"}
    given = [(await ada.post("/v1/hints", json=body)).json() for _ in range(5)]
    assert [hint["rung"] for hint in given] == [
        "question", "region", "concept", "pattern", "solution",
    ]  # fmt: skip
    assert "len(prices) == 0" in given[-1]["markdown"]
    bob = await api.client("bob")
    assert (await bob.post("/v1/hints", json=body)).json()["rung"] == "question"


@pytest.mark.parametrize("line", [0, 99])
async def test_hints_about_no_line(line: int, ada: httpx2.AsyncClient) -> None:
    assert (await ada.post("/v1/hints", json={"code": WRONG, "line": line})).status_code == 422


async def test_a_lesson_is_finished_and_stays_so(api: Api, ada: httpx2.AsyncClient) -> None:
    titles = (await ada.get("/v1/lessons")).json()["items"]
    assert len(titles) > 50
    name = titles[7]["id"]
    first = (await ada.put(f"/v1/lessons/{name}/finished")).json()
    assert (await ada.put(f"/v1/lessons/{name}/finished")).json() == first
    assert (await ada.get(f"/v1/lessons/{name}")).json()["finished"] == first["finished"]
    listed = (await ada.get("/v1/lessons")).json()["items"]
    assert listed[0] == {**titles[7], "finished": first["finished"]}
    assert len(listed) == len(titles)
    bob = await api.client("bob")
    assert (await bob.get(f"/v1/lessons/{name}")).json()["finished"] is None
    assert (await ada.delete(f"/v1/lessons/{name}/finished")).status_code == 204
    assert (await ada.get(f"/v1/lessons/{name}")).json()["finished"] is None


async def test_solutions_are_shown_when_asked_for(ada: httpx2.AsyncClient) -> None:
    plain = (await ada.get("/v1/lessons/closure")).json()
    solved = (await ada.get("/v1/lessons/closure", params={"solution": True})).json()
    assert plain["lesson"]["solution"] == ""
    assert solved["lesson"]["solution"] in solved["markdown"]
    assert solved["lesson"]["solution"] not in plain["markdown"]


async def test_lessons_are_found(ada: httpx2.AsyncClient) -> None:
    query = {"q": "remembers enclosing variables"}
    assert (await ada.get("/v1/lessons", params=query)).json()["items"][0]["id"] == "closure"
    for method, route in (("GET", ""), ("PUT", "/finished"), ("DELETE", "/finished")):
        reply = await ada.request(method, f"/v1/lessons/closures{route}")
        assert reply.status_code == 404
        assert "closure" in reply.json()["detail"]


async def test_findings_are_explained_and_repaired(ada: httpx2.AsyncClient) -> None:
    found = (await ada.post("/v1/lint", json={"code": WRONG})).json()["findings"]
    assert [item["finding"]["code"] for item in found] == ["F632"]
    assert "+    if len(prices) == 0:" in found[0]["fix"]["difference"]
    assert "\n    if len(prices) == 0:\n" in found[0]["fix"]["code"]
    assert found[0]["explanation"]
