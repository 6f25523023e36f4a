"""Everything about a user, deleted at once."""

from typing import Any

import httpx2
import pytest
from running_api import CODE, Api


async def leave_traces(client: httpx2.AsyncClient) -> None:
    for title in ("Areas", "Loops"):
        await client.post("/v1/conversations", json={"title": title})
    await client.post("/v1/batches", files=[("files", ("shapes.py", CODE))])
    await client.put("/v1/lessons/closure/finished")


async def traces(client: httpx2.AsyncClient) -> tuple[int, int, bool]:
    """Conversations, batches, and whether the lesson is finished."""
    lists: list[dict[str, Any]] = [
        (await client.get(path)).json() for path in ("/v1/conversations", "/v1/batches")
    ]
    conversations, batches = (len(it["items"]) for it in lists)
    finished = (await client.get("/v1/lessons/closure")).json().get("finished")
    return conversations, batches, finished is not None


async def test_everything_about_one_user_goes(api: Api, ada: httpx2.AsyncClient) -> None:
    bob = await api.client("bob")
    for client in (ada, bob):
        await leave_traces(client)
        assert await traces(client) == (2, 1, True)
    assert (await ada.delete("/v1/me")).json() == {"conversations": 2, "batches": 1}
    assert await traces(ada) == (0, 0, False)
    assert await traces(bob) == (2, 1, True)
    assert (await ada.delete("/v1/me")).json() == {"conversations": 0, "batches": 0}


@pytest.mark.parametrize("scope", ["ask", "conversations", "batches"])
async def test_a_key_for_less_deletes_nothing(
    scope: str, api: Api, ada: httpx2.AsyncClient
) -> None:
    await leave_traces(ada)
    assert (await (await api.client("ada", scopes=[scope])).delete("/v1/me")).status_code == 403
    assert await traces(ada) == (2, 1, True)
