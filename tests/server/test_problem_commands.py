"""Problems explained, hints about them, and questions about code."""

import pytest
from editing_tutor import EditingTutor

from procoder_server.ask_command import QUESTIONS
from procoder_tutor.questions import Kind

URI = "file:///nowhere/bank.py"
TEXT = "import os\n\n\ndef f(a=[]):\n    return a\n"
INVALID = -32602
FAILED = -32803


@pytest.fixture
def tutor() -> EditingTutor:
    return EditingTutor()


async def run(client, name: str, **argument) -> dict:
    params = {"command": f"procoder.{name}", "arguments": [{"uri": URI, **argument}]}
    return await client.request("workspace/executeCommand", params)


async def message(client) -> str:
    shown = await client.until(lambda m: m.get("method") == "window/showMessage")
    return shown["params"]["message"]


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ({"line": 0}, "never uses it"),
        ({"finding": {"rule": "UnusedImport", "names": ["os"], "place": [1, 7]}}, "never uses it"),
        ({"line": 0, "code": "unused-import", "source": "pylint", "message": "m"}, "never uses it"),
        ({"line": 3, "code": "B006", "source": "ruff", "message": "m"}, "All calls share"),
        ({"finding": {"rule": "mutable-default", "names": [], "place": [4, 0]}}, "All calls"),
    ],
)
async def test_what_we_know_is_explained_without_a_model(client, tutor, argument, expected) -> None:
    await client.start()
    client.open(TEXT)
    result = (await run(client, "explainError", **argument, show=True))["result"]
    assert expected in result["markdown"]
    assert result["model"] == ""
    assert tutor.modelled == []
    assert "**" not in await message(client)


async def test_what_we_do_not_know_is_asked(client, tutor) -> None:
    await client.start()
    client.open(TEXT)
    argument = {"line": 4, "code": "PLR1711", "source": "ruff", "message": "Useless `return`"}
    result = (await run(client, "explainError", **argument))["result"]
    assert "It works." in result["markdown"]
    assert result["model"] == "scripted"
    (question,) = tutor.asked
    assert (question.kind, question.symbol.name) == (Kind.CHAT, "f")
    assert "ruff reports on line 5: “PLR1711: Useless `return`”" in question.text


async def test_a_long_message_is_cut(client, tutor) -> None:
    await client.start()
    client.open(TEXT)
    await run(client, "explainError", line=0, message="word\n" * 10_000)
    assert len(tutor.asked[0].text) < 500


@pytest.mark.parametrize(
    ("name", "argument", "code", "expected"),
    [
        ("explainError", {"line": 1}, FAILED, "Nothing is marked on line 2"),
        ("explainError", {"finding": {}}, FAILED, "not in the document"),
        ("explainError", {"line": "1"}, INVALID, "line"),
        ("hint", {"line": 1}, FAILED, "Nothing in line 2 looks wrong"),
        ("hint", {"colour": 1}, INVALID, "colour"),
        ("ask", {}, INVALID, "`line`, `symbol` and `range`"),
        ("ask", {"symbol": "g", "text": "Why?"}, FAILED, "There is no `g`"),
    ],
)
async def test_errors_say_what_to_do(client, name, argument, code, expected) -> None:
    await client.start()
    client.open(TEXT)
    error = (await run(client, name, **argument))["error"]
    assert error["code"] == code
    assert expected in error["message"]


async def test_each_hint_says_more(client) -> None:
    await client.start()
    client.open(TEXT)
    first = (await run(client, "hint", line=3, show=True))["result"]
    assert (first["rung"], first["more"]) == ("question", "region")
    assert await message(client) == f"Hint for line 4: {first['markdown']}"
    second = (await run(client, "hint", line=3))["result"]
    assert (second["rung"], second["more"]) == ("region", "concept")


async def test_a_question_in_own_words(client, tutor) -> None:
    await client.start()
    client.open(TEXT)
    result = (await run(client, "ask", symbol="f", text="Why a *list*?", show=True))["result"]
    assert result["markdown"].startswith(r"**Why a \*list\*?**")
    assert (result["text"], result["model"]) == ("Why a *list*?", "scripted")
    assert tutor.asked[0].conversation == (await tutor.conversations.open_for(URI)).id
    assert await message(client) == "f: It works."


@pytest.mark.parametrize("chosen", [QUESTIONS[1], None])
async def test_a_question_is_chosen(client, tutor, chosen) -> None:
    await client.start()
    client.open(TEXT)
    params = {"command": "procoder.ask", "arguments": [{"uri": URI, "line": 4}]}
    request = client.begin("workspace/executeCommand", params)
    shown = await client.until(lambda m: m.get("method") == "window/showMessageRequest")
    assert [item["title"] for item in shown["params"]["actions"]] == list(QUESTIONS)
    client.send({"id": shown["id"], "result": {"title": chosen} if chosen else None})
    result = (await client.answer(request))["result"]
    assert [question.text for question in tutor.asked] == ([chosen] if chosen else [])
    assert (result is None) is (chosen is None)


async def test_clients_without_a_choice_are_told(client) -> None:
    await client.start()
    client.open(TEXT)
    params = {"command": "procoder.ask", "arguments": [{"uri": URI, "line": 4}]}
    request = client.begin("workspace/executeCommand", params)
    shown = await client.until(lambda m: m.get("method") == "window/showMessageRequest")
    client.send({"id": shown["id"], "error": {"code": -32601, "message": "unknown"}})
    assert "`text`" in (await client.answer(request))["error"]["message"]
