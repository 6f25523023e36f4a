"""The commands around the answers: stop, switch off, models, conversations, what was sent."""

import re
from dataclasses import replace

import pytest

from procoder_server.chat_input import About, Slash
from procoder_server.controls import refreshes
from procoder_server.models import models_markdown, require_installed
from procoder_tutor.conversations import Role, Turn, code_digest
from procoder_tutor.errors import InputError
from procoder_tutor.symbols import Document, Snapshot

URI = "file:///nowhere/bank.py"
TEXT = "import os\n\n\ndef merge(a, b):\n    return a + b\n"
CANCELLED, FAILED, INVALID = -32800, -32803, -32602
COMMANDS = {
    "procoder.chat",
    "procoder.chooseModel",
    "procoder.clearCache",
    "procoder.deleteConversations",
    "procoder.explain",
    "procoder.explainParts",
    "procoder.exportConversation",
    "procoder.newConversation",
    "procoder.showSent",
    "procoder.status",
    "procoder.stop",
    "procoder.toggle",
}
MERGE = {"uri": URI, "symbol": "merge"}


async def run(client, command, **argument):
    params = {"command": f"procoder.{command}", "arguments": [argument] if argument else []}
    response = await client.request("workspace/executeCommand", params)
    return response.get("result", response)


@pytest.fixture
async def opened(client):
    await client.start()
    client.open(TEXT)
    return client


async def test_all_commands_are_announced(client) -> None:
    capabilities = (await client.start())["result"]["capabilities"]
    assert set(capabilities["executeCommandProvider"]["commands"]) >= COMMANDS


@pytest.mark.parametrize(
    ("command", "argument"),
    [
        ("stop", {"now": True}),
        ("toggle", {"on": "yes"}),
        ("newConversation", {}),
        ("exportConversation", {}),
        ("readConversation", {}),
        ("listConversations", {"limit": 0}),
        ("searchConversations", {}),
        ("searchConversations", {"text": "a", "limit": 51}),
        ("completeChat", {"text": "/"}),
        ("exportConversation", {"uri": URI, "conversation": "a"}),
        ("deleteConversations", {}),
        ("deleteConversations", {"all": False}),
        ("deleteConversations", {"all": True, "conversation": "a"}),
        ("chooseModel", {"model": 7}),
        ("showSent", {"show": 1}),
        ("explainParts", {"uri": URI}),
    ],
)
async def test_bad_arguments_are_refused(opened, command, argument) -> None:
    answer = await run(opened, command, **argument)
    assert answer["error"]["code"] == INVALID
    assert "`" in answer["error"]["message"] or "procoder." in answer["error"]["message"]


async def test_parts(opened) -> None:
    result = await run(opened, "explainParts", **MERGE)
    assert result["blocks"] == [{"line": 2, "end_line": 3, "text": "It adds."}]
    assert "- Lines 2-3: It adds." in result["markdown"]


async def test_stop_stops_everything(opened, tutor) -> None:
    tutor.hold = True
    await opened.hover(3, 5)
    await tutor.speaking.wait()
    tutor.speaking.clear()
    params = {"command": "procoder.chat", "arguments": [{"uri": URI, "text": "why?"}]}
    requests = [opened.begin("workspace/executeCommand", params) for _ in range(2)]
    await tutor.speaking.wait()
    assert await run(opened, "stop") == {"stopped": 3}
    for request in requests:
        assert (await opened.answer(request))["error"]["code"] == CANCELLED
        assert opened.answers(request) == 1
    assert await run(opened, "stop") == {"stopped": 0}
    tutor.hold = False
    assert (await run(opened, "explain", **MERGE))["explanation"] == "It works."


async def test_off_is_silent_and_on_brings_everything_back(opened, tutor) -> None:
    assert (await opened.diagnostics())["diagnostics"]
    tutor.hold = True
    request = opened.begin(
        "workspace/executeCommand", {"command": "procoder.explain", "arguments": [MERGE]}
    )
    await tutor.speaking.wait()
    opened.messages.clear()
    assert await run(opened, "toggle") == {"on": False}
    assert (await opened.answer(request))["error"]["code"] == CANCELLED
    gone = await opened.until(lambda m: m.get("method") == "textDocument/publishDiagnostics")
    assert gone["params"]["diagnostics"] == []
    asked = len(tutor.asked)
    assert (await opened.hover(3, 5))["result"] is None
    for command, argument in (("explain", MERGE), ("chat", {"uri": URI, "text": "why?"})):
        refused = await run(opened, command, **argument)
        assert refused["error"]["code"] == FAILED
        assert "procoder.toggle" in refused["error"]["message"]
    assert (await run(opened, "status"))["on"] is False
    assert len(tutor.asked) == asked
    tutor.hold = False
    opened.messages.clear()
    assert await run(opened, "toggle") == {"on": True}
    back = await opened.until(lambda m: m.get("method") == "textDocument/publishDiagnostics")
    assert back["params"]["diagnostics"]
    assert (await run(opened, "explain", **MERGE))["explanation"] == "It works."


async def test_toggle_can_be_told_which(opened) -> None:
    for on in (True, False, False, True):
        assert await run(opened, "toggle", on=on) == {"on": on}


REFRESHES = {
    "workspace": {
        "codeLens": {"refreshSupport": True},
        "diagnostics": {"refreshSupport": False},
    }
}


async def test_clients_are_made_to_ask_anew(client) -> None:
    await client.start(REFRESHES)
    assert refreshes(client.server.client_capabilities) == ["workspace/codeLens/refresh"]
    await run(client, "toggle")
    asked = await client.until(lambda m: m.get("method") == "workspace/codeLens/refresh")
    client.send({"id": asked["id"], "result": None})


async def test_status(opened, tutor, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("PROCODER_RUNTIME_DIR", str(tmp_path))
    await run(opened, "explain", **MERGE)
    tutor.hold = True
    tutor.speaking.clear()
    opened.begin(
        "workspace/executeCommand",
        {"command": "procoder.chat", "arguments": [{"uri": URI, "text": "a"}]},
    )
    await tutor.speaking.wait()
    status = await run(opened, "status")
    assert status["on"] is True
    assert status["host"]["state"] == "not running"
    assert [work["title"] for work in status["doing"]] == ["Answering"]
    assert status["tokens_per_second"] == 20.0
    assert (status["cache"]["answers"], status["cache"]["bytes"]) == (2, 200)
    assert status["problems"] == []


async def test_status_names_wrong_settings(client) -> None:
    await client.start(options={"level": "genius"})
    (problem,) = (await run(client, "status"))["problems"]
    assert "level" in problem


async def test_clearing_the_cache(opened, tutor) -> None:
    await run(opened, "explain", **MERGE)
    assert await run(opened, "clearCache") == {"deleted": 2}
    assert tutor.answered == set()
    assert await run(opened, "clearCache") == {"deleted": 0}


async def test_what_was_sent(opened) -> None:
    before = await run(opened, "showSent")
    assert (before["sent"], before["symbol"]) == ([], "")
    assert "Nothing" in before["markdown"]
    await run(opened, "explain", **MERGE)
    after = await run(opened, "showSent", show=True)
    assert after["sent"] == ["Explain `merge` with ```fences```."]
    assert "````\nExplain `merge` with ```fences```.\n````" in after["markdown"]
    await opened.until(lambda m: m.get("method") == "window/showMessage")


@pytest.mark.parametrize("kept", [True, False])
async def test_what_was_sent_for_a_hover(opened, tutor, kept) -> None:
    await run(opened, "explain", uri=URI, symbol="bank")
    if kept:
        tutor.answered.add("merge")
    await opened.hover(3, 5)
    if job := opened.server.background.current:
        await job.finished.wait()
    assert (await run(opened, "showSent"))["symbol"] == "merge"


async def test_conversations(opened, tutor) -> None:
    first = (await run(opened, "newConversation", uri=URI))["conversation"]
    second = (await run(opened, "newConversation", uri=URI))["conversation"]
    turn = Turn(Role.USER, "Why *me*?", kind="chat", level="expert")
    await tutor.conversations.append(second, turn)
    for argument in ({"uri": URI}, {"conversation": second}):
        exported = await run(opened, "exportConversation", **argument)
        assert exported["conversation"] == second
        assert "Why *me*?" in exported["markdown"]
    assert await run(opened, "deleteConversations", conversation=first) == {"deleted": 1}
    assert await run(opened, "deleteConversations", conversation=first) == {"deleted": 0}
    assert await run(opened, "deleteConversations", all=True) == {"deleted": 1}
    gone = await run(opened, "exportConversation", conversation=second)
    assert gone["error"]["code"] == FAILED


async def test_conversations_are_listed_searched_and_read(opened, tutor) -> None:
    ids = [(await run(opened, "newConversation", uri=URI))["conversation"] for _ in range(3)]
    digest = code_digest(document := Document.parse(Snapshot(TEXT)), document.by_name("merge"))
    for identity, code in zip(ids, ("", digest, "another"), strict=True):
        turn = Turn(Role.USER, f"Why {identity}?", "chat", "expert", symbol="", code_digest=code)
        await tutor.conversations.append(identity, replace(turn, symbol="merge" if code else ""))
    listed = (await run(opened, "listConversations"))["conversations"]
    assert [item["conversation"] for item in listed] == ids[::-1]
    assert (listed[0]["title"], listed[0]["uri"]) == ("bank.py", URI)
    (first, second) = (await run(opened, "listConversations", after=ids[2]))["conversations"]
    assert [first["conversation"], second["conversation"]] == [ids[1], ids[0]]
    (found,) = (await run(opened, "searchConversations", text=ids[0]))["found"]
    assert found["conversation"]["conversation"] == ids[0]
    assert (found["turn"]["role"], found["turn"]["text"]) == ("user", f"Why {ids[0]}?")
    for identity, stale in zip(ids, (False, False, True), strict=True):
        (turn,) = (await run(opened, "readConversation", conversation=identity))["turns"]
        assert (turn["text"], turn["stale"]) == (f"Why {identity}?", stale)
    assert (await run(opened, "readConversation", uri=URI))["conversation"] == ids[2]


@pytest.mark.parametrize("document", ["file:///nowhere/gone.py", "file:///nowhere/a.js", None])
async def test_conversations_are_read_without_their_code(opened, tutor, document) -> None:
    conversations = tutor.conversations
    begun = await (conversations.open_for(document) if document else conversations.create("Talk"))
    await conversations.append(begun.id, Turn(Role.USER, "Why?", "chat", "expert"))
    read = await run(opened, "readConversation", conversation=begun.id)
    assert (read["uri"], [turn["stale"] for turn in read["turns"]]) == (document, [False])


@pytest.mark.parametrize(
    ("old", "new", "moved"),
    [
        (URI, "file:///nowhere/shop.py", "file:///nowhere/shop.py"),
        ("file:///nowhere", "file:///there", "file:///there/bank.py"),
        ("file:///now", "file:///there", URI),
    ],
)
async def test_conversations_follow_renamed_files(opened, tutor, old, new, moved) -> None:
    begun = (await run(opened, "newConversation", uri=URI))["conversation"]
    files = {"files": [{"oldUri": old, "newUri": new}]}
    opened.notify("workspace/didRenameFiles", files)
    while (await tutor.conversations.get(begun)).document != moved:
        await run(opened, "stop")
    assert (await tutor.conversations.open_for(moved)).id == begun


async def test_renames_are_registered_for_python(client) -> None:
    able = {"workspace": {"fileOperations": {"didRename": True}}}
    capabilities = (await client.start(able))["result"]["capabilities"]
    filters = capabilities["workspace"]["fileOperations"]["didRename"]["filters"]
    assert filters[0]["pattern"]["glob"] == "**/*.{py,pyi,pyw}"


MODELS = [
    {
        "id": "small",
        "installed": True,
        "size_bytes": 271_000_000,
        "memory_bytes": 400_000_000,
        "good_for": "quick <b>answers</b>",
    },
    {"id": "large", "installed": False, "size_bytes": 4_200_000_000, "memory_bytes": 6e9},
    {"id": "mine", "installed": True},
]


@pytest.mark.parametrize(
    ("name", "message", "advice"),
    [
        ("small", "", ""),
        ("mine", "", ""),
        ("large", "not installed", "models pull large` (4.2 GB to fetch, about 6.0 GB of memory)"),
        ("huge", "There is no model `huge`", "`small`, `large`, `mine`"),
    ],
)
def test_a_model_must_be_here_to_be_chosen(name, message, advice) -> None:
    if not message:
        require_installed(MODELS, name)
        return
    with pytest.raises(InputError, match=message) as refused:
        require_installed(MODELS, name)
    assert advice in refused.value.advice


def test_models_are_listed_with_what_they_need() -> None:
    text = models_markdown(MODELS, "small")
    assert text.startswith("The model is `small`.\n\n- `small`: installed; 271 MB to fetch, about")
    assert "\n- `large`: not installed; 4.2 GB to fetch" in text
    assert "<b>" not in text.replace("\\<b", "")
    assert text.endswith("\n- `mine`: installed")


async def test_choosing_a_model(opened, model_store, monkeypatch) -> None:
    monkeypatch.setenv("PROCODER_DATA_DIR", str(model_store))
    listed = await run(opened, "chooseModel")
    assert listed["current"] == "smollm2-135m"
    installed = {model["id"]: model["installed"] for model in listed["models"]}
    assert installed["smollm2-135m"] is True
    assert [model["id"] for model in listed["models"] if model["active"]] == ["smollm2-135m"]
    assert len(installed) > 1
    missing = next(model for model, here in installed.items() if not here)
    refused = await run(opened, "chooseModel", model=missing)
    assert f"procoder models pull {missing}" in refused["error"]["message"]
    assert await run(opened, "chooseModel", model="smollm2-135m") == {"current": "smollm2-135m"}


async def test_a_server_of_ones_own_has_its_own_models(client) -> None:
    await client.start(options={"host": {"url": "http://127.0.0.1:9"}})
    assert (await run(client, "chooseModel"))["models"] == []
    assert await run(client, "chooseModel", model="theirs") == {"current": "theirs"}


async def test_every_command_is_documented(client, repository) -> None:
    capabilities = (await client.start())["result"]["capabilities"]
    page = (repository / "docs" / "lsp.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(procoder\.\w+)` \|", page, re.MULTILINE)
    assert sorted(rows) == sorted(capabilities["executeCommandProvider"]["commands"])


def test_every_slash_and_mention_is_documented(repository) -> None:
    page = (repository / "docs" / "lsp.md").read_text(encoding="utf-8")
    for name in [*(f"/{slash}" for slash in Slash), *(f"@{about}" for about in About)]:
        assert f"`{name}`" in page
