"""Settings from the client: sent or asked for, changed at run time, per folder."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from procoder_server import configuration
from procoder_server.app import create_server
from procoder_server.layers import Layers
from procoder_server.session import Sessions

A, B = "file:///projects/a", "file:///projects/b"
TEXT = "import os\n\n\ndef add(a, b):\n    return a + b\n"
ASKABLE = {"workspace": {"configuration": True}}


class Answering:
    """Answers the server's requests for settings, and counts them."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.values: dict[str | None, Any] = {None: None}
        self.malformed: Any = None
        self.answered: set[Any] = set()

    async def answer(self, number: int = 1) -> None:
        """Answer the next request for settings; `number` counts all of them from 1."""
        request = await self.client.until(
            lambda m: m.get("method") == "workspace/configuration" and m["id"] not in self.answered
        )
        self.answered.add(request["id"])
        items = request["params"]["items"]
        assert all(item["section"] == "procoder" for item in items)
        values = [self.values.get(item.get("scopeUri")) for item in items]
        result = values if self.malformed is None else self.malformed
        self.client.send({"id": request["id"], "result": result})


@pytest.fixture
def made() -> list[Any]:
    """The settings that tutors were made for."""
    return []


@pytest.fixture
async def client(tutor, made, client) -> AsyncIterator[Any]:
    def make(settings: Any) -> Any:
        made.append(settings)
        return tutor if len(made) == 1 else type(tutor)()

    server = create_server(make)
    other = type(client)(server)
    yield other
    await server.aclose()


async def start(client: Any, folders: list[str] | None = None, **capabilities: Any) -> None:
    await client.request(
        "initialize",
        {
            "processId": None,
            "rootUri": None,
            "capabilities": {**ASKABLE, **capabilities},
            "workspaceFolders": [{"uri": uri, "name": uri[-1]} for uri in folders or []],
            "initializationOptions": {"level": "beginner", "patience": 5},
        },
    )
    client.notify("initialized", {})


async def level(client: Any, uri: str | None = None) -> str:
    return str((await client.server.sessions.get(uri)).settings.level)


def changed(client: Any, settings: Any = None) -> None:
    client.notify("workspace/didChangeConfiguration", {"settings": settings})


async def warning(client: Any) -> str:
    message = await client.until(lambda m: m.get("method") == "window/showMessage")
    return message["params"]["message"]


async def test_settings_are_asked_for_before_a_tutor_is_made(client, made) -> None:
    answering = Answering(client)
    answering.values[None] = {"level": "expert", "model": "mine"}
    await start(client)
    waiting = asyncio.create_task(client.server.sessions.get())
    await answering.answer()
    session = await waiting
    assert (session.settings.level, session.settings.patience) == ("expert", 5)
    assert [settings.model for settings in made] == ["mine"]


@pytest.mark.parametrize("malformed", [[], [1, 2, 3], ["x"], {"level": "expert"}])
async def test_a_client_that_answers_nonsense_is_served_by_what_is_known(client, malformed) -> None:
    answering = Answering(client)
    answering.malformed = malformed
    await start(client)
    await answering.answer()
    assert await level(client) == "beginner"


async def test_a_client_that_refuses_to_answer(client) -> None:
    await start(client)
    request = await client.until(lambda m: m.get("method") == "workspace/configuration")
    client.send({"id": request["id"], "error": {"code": -32601, "message": "no"}})
    assert await level(client) == "beginner"


async def test_a_client_that_does_not_answer(client, monkeypatch) -> None:
    monkeypatch.setattr(configuration, "ANSWER_SECONDS", 0.01)
    await start(client)
    assert await level(client) == "beginner"


async def test_folders_have_settings_of_their_own_and_share_a_tutor(client, made) -> None:
    answering = Answering(client)
    answering.values = {A: {"level": "expert"}, B: {"level": "guru", "model": "mine"}}
    await start(client, [A, B])
    await answering.answer()
    sessions = client.server.sessions
    everywhere, in_a, in_b = [await sessions.get(uri) for uri in (None, f"{A}/x.py", f"{B}/x.py")]
    assert [s.settings.level for s in (everywhere, in_a, in_b)] == [
        "beginner",
        "expert",
        "beginner",
    ]
    assert everywhere.tutor is in_a.tutor
    assert everywhere.tutor is not in_b.tutor
    assert len(made) == 2
    assert "`level`" in await warning(client)


async def test_a_folder_that_is_added_is_asked_about(client) -> None:
    answering = Answering(client)
    answering.values = {A: {"level": "expert"}}
    await start(client)
    await answering.answer()
    assert await level(client, f"{A}/x.py") == "beginner"
    event = {"added": [{"uri": A, "name": "a"}], "removed": []}
    client.notify("workspace/didChangeWorkspaceFolders", {"event": event})
    opened = following(client)
    await answering.answer()
    await opened
    assert await level(client, f"{A}/x.py") == "expert"


def following(client: Any) -> "asyncio.Future[Any]":
    """Return what is done when the next change has been taken into account."""
    done = asyncio.get_running_loop().create_future()
    client.server.configuration.when_changed.append(
        lambda settings: done.done() or done.set_result(settings)
    )
    return done


async def test_a_change_is_asked_for(client, tutor, made) -> None:
    answering = Answering(client)
    await start(client)
    await answering.answer()
    before = await client.server.sessions.get()
    answering.values[None] = {"level": "expert"}
    opened = following(client)
    changed(client)
    await answering.answer()
    await opened
    after = await client.server.sessions.get()
    assert after.settings.level == "expert"
    assert after.tutor is before.tutor is tutor
    assert (len(made), tutor.closed) == (1, False)


async def test_work_goes_on_when_its_tutor_is_not_concerned(client, tutor) -> None:
    tutor.hold = True
    await client.start()
    client.open(TEXT)
    argument = {"uri": "file:///nowhere/bank.py", "symbol": "add"}
    command = {"command": "procoder.explain", "arguments": [argument]}
    request = client.begin("workspace/executeCommand", command)
    await tutor.speaking.wait()
    opened = following(client)
    changed(client, {"procoder": {"level": "expert", "hover": {"command_links": True}}})
    await opened
    assert not tutor.stopped.is_set()
    client.notify("$/cancelRequest", {"id": request})
    await client.answer(request)


async def test_a_new_model_gets_a_new_tutor_and_the_old_one_is_closed(client, tutor, made) -> None:
    await client.start(options={"level": "expert"})
    assert (await client.server.sessions.get()).tutor is tutor
    opened = following(client)
    changed(client, {"procoder": {"model": "other"}})
    await opened
    session = await client.server.sessions.get()
    assert (session.settings.model, session.settings.level) == ("other", "expert")
    assert session.tutor is not tutor
    await client.server.sessions.close()
    assert tutor.closed


@pytest.mark.parametrize("sent", [None, 3, {}, {"other": {"level": "expert"}}])
async def test_a_change_of_something_else_is_none(client, sent, made) -> None:
    await client.start(options={"level": "expert"})
    await client.server.sessions.get()
    changed(client, sent)
    assert await level(client) == "expert"
    assert len(made) == 1


async def test_all_that_is_wrong_is_said_once_a_change(client) -> None:
    await client.start(options={"level": "guru", "idle": {"on_battery": "x"}, "nonsense": 1})
    said = await warning(client)
    assert [part in said for part in ("`level`", "`idle.on_battery`", "`nonsense`")] == [True] * 3
    opened = following(client)
    changed(client, {"procoder": {"language": "es"}})
    await opened
    opened = following(client)
    changed(client, {"procoder": {"language": "not a code"}})
    await opened
    shown = [m for m in client.messages if m.get("method") == "window/showMessage"]
    assert ["`language`" in m["params"]["message"] for m in shown] == [False, True]


async def test_a_flood_of_nonsense_is_summed_up(client) -> None:
    await client.start(options={f"a{number}": 1 for number in range(5000)})
    assert (await warning(client)).endswith("and 4990 more.")


async def test_what_is_chosen_at_run_time_wins(client) -> None:
    await client.start(options={"level": "expert"})
    client.server.configuration.choose({"level": "intermediate"})
    client.server.configuration.choose({"language": "es"})
    changed(client, {"procoder": {"level": "beginner"}})
    settings = (await client.server.sessions.get()).settings
    assert (settings.level, settings.language) == ("intermediate", "es")


@pytest.mark.parametrize("dynamic", [True, False])
async def test_registers_for_changes_where_the_client_waits_for_that(client, dynamic) -> None:
    answering = Answering(client)
    capability = {"didChangeConfiguration": {"dynamicRegistration": dynamic}}
    await start(client, workspace={"configuration": True, **capability})
    await answering.answer()
    await client.server.sessions.get()
    registered = [m for m in client.messages if m.get("method") == "client/registerCapability"]
    assert len(registered) == dynamic
    for message in registered:
        (one,) = message["params"]["registrations"]
        assert one["method"] == "workspace/didChangeConfiguration"
        assert one["registerOptions"] == {"section": "procoder"}
        client.send({"id": message["id"], "result": None})


async def test_the_one_switch(client, tutor) -> None:
    await client.start(options={"enabled": False})
    await client.server.sessions.get()
    client.open(TEXT)
    assert (await client.diagnostics(None))["diagnostics"] == []
    assert (await client.hover(3, 5))["result"] is None
    opened = following(client)
    changed(client, {"procoder": {"enabled": True}})
    await opened
    assert (await client.diagnostics(1))["diagnostics"]
    assert (await client.hover(3, 5))["result"] is not None
    opened = following(client)
    changed(client, {"procoder": {"enabled": False}})
    await opened
    assert (await client.hover(3, 5))["result"] is None
    assert client.messages[-1].get("result", True) is None


async def test_leaving_does_not_wait_for_a_client_that_does_not_answer(client, made) -> None:
    await start(client)
    await client.until(lambda m: m.get("method") == "workspace/configuration")
    assert (await client.request("shutdown"))["result"] is None
    assert made == []


async def test_a_tutor_that_does_not_close_is_left(tutor) -> None:
    async def fail() -> None:
        raise OSError

    tutor.aclose = fail
    sessions = Sessions(lambda _: tutor)
    await sessions.open(Layers())
    await sessions.close()
    assert (await sessions.get()).tutor is tutor


async def test_another_level_or_language_is_warmed_up_once(client, tutor) -> None:
    await client.start()
    assert await tutor.warmed.get() == ("intermediate", "en")
    for settings in ({"level": "expert"}, {"level": "intermediate"}, {"language": "es"}):
        opened = following(client)
        changed(client, {"procoder": settings})
        await opened
    assert await tutor.warmed.get() == ("expert", "en")
    assert await tutor.warmed.get() == ("intermediate", "es")
