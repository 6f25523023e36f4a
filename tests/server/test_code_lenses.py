"""Code lenses: what stands above functions and classes, resolved when they are seen."""

import pytest

from procoder_server.code_lenses import Place, lenses
from procoder_server.workspace import ExactTextDocument
from procoder_tutor.symbols import Document, Snapshot

URI = "file:///nowhere/bank.py"
TEXT = '''\
class Account:
    """Holds money."""

    @property
    def total(self):
        def inner(): ...
        return inner

def add(a, b):
    """Add."""
    return a + b
'''
REFRESHABLE = {"workspace": {"codeLens": {"refreshSupport": True}}}


async def shown(client) -> list[dict]:
    params = {"textDocument": {"uri": URI}}
    return (await client.request("textDocument/codeLens", params))["result"]


async def titles(client) -> list[tuple[int, str]]:
    resolved = [
        (await client.request("codeLens/resolve", lens))["result"] for lens in await shown(client)
    ]
    return [(lens["range"]["start"]["line"], lens["command"]["title"]) for lens in resolved]


async def test_titles_come_when_lenses_are_seen(client, tutor) -> None:
    await client.start()
    client.open(TEXT)
    assert all("command" not in lens for lens in await shown(client))
    assert await titles(client) == [
        (0, "Explain"),
        (3, "Explain"),
        (3, "Document"),
        (8, "Explain"),
    ]
    tutor.answered.add("add")
    assert (8, "Explanation ready") in await titles(client)
    assert tutor.asked == []


async def test_lenses_that_are_still_shown_when_switched_off_do_nothing(client, tutor) -> None:
    await client.start()
    client.open(TEXT)
    lens = (await shown(client))[0]
    toggle = {"command": "procoder.toggle", "arguments": [{"on": False}]}
    await client.request("workspace/executeCommand", toggle)
    assert (await client.request("codeLens/resolve", lens))["result"] == lens
    assert client.server.idle._views[URI].lenses == []
    assert tutor.asked == []


async def test_the_command_of_a_lens_runs(client, tutor) -> None:
    await client.start()
    client.open(TEXT)
    lens = (await client.request("codeLens/resolve", (await shown(client))[1]))["result"]
    response = await client.request("workspace/executeCommand", lens["command"])
    assert response["result"]["symbol"] == "Account.total"


def test_document_is_for_what_has_no_docstring() -> None:
    document = Document.parse(Snapshot(TEXT, URI))
    known = {"procoder.explain", "procoder.document"}
    found = [
        Place.read(lens.data) for lens in lenses(document, ExactTextDocument(URI, TEXT), known)
    ]
    undocumented = [
        place.symbol for place in found if place and place.command == "procoder.document"
    ]
    assert undocumented == ["Account.total"]


async def test_a_lens_follows_its_symbol(client) -> None:
    await client.start()
    client.open(TEXT)
    lens = (await shown(client))[3]
    client.change(f"import os\n\n{TEXT}", 2)
    resolved = (await client.request("codeLens/resolve", lens))["result"]
    assert resolved["command"]["arguments"][0]["line"] == 10
    client.change("", 3)
    resolved = (await client.request("codeLens/resolve", lens))["result"]
    assert resolved["command"]["command"] == ""


@pytest.mark.parametrize("data", [None, 1, "x", [], {}, {"uri": 1}, {"uri": URI, "line": "1"}])
async def test_lenses_of_others_come_back_as_they_were(client, data) -> None:
    await client.start()
    start = {"line": 0, "character": 0}
    lens = {"range": {"start": start, "end": start}, "data": data}
    result = (await client.request("codeLens/resolve", lens))["result"]
    assert "command" not in result


async def test_the_setting_turns_them_off(client) -> None:
    await client.start(options={"code_lens": {"enabled": False}})
    client.open(TEXT)
    assert await shown(client) is None


@pytest.mark.parametrize(
    ("text", "language"), [("", "python"), ("def f(", "python"), (TEXT, "javascript")]
)
async def test_nothing_to_show(client, text, language) -> None:
    await client.start()
    client.open(text, language=language)
    assert not await shown(client)


@pytest.mark.parametrize(("capabilities", "asked"), [(REFRESHABLE, True), ({}, False)])
async def test_they_are_refreshed_when_an_explanation_is_ready(
    client, monkeypatch, capabilities, asked
) -> None:
    monkeypatch.setattr("procoder_server.code_lenses.REFRESH_SECONDS", 0)
    await client.start(capabilities)
    client.open(TEXT)
    await client.hover(8, 5)
    job = client.server.background.current
    if job is not None:
        await job.finished.wait()
    if asked:
        request = await client.until(lambda m: m.get("method") == "workspace/codeLens/refresh")
        client.send({"id": request["id"], "result": None})
        return
    await client.hover(8, 5)
    assert not [m for m in client.messages if m.get("method") == "workspace/codeLens/refresh"]
