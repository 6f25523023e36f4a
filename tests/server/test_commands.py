"""`procoder.explain`."""

import pytest

from procoder_server.commands import EXPLAIN, parse_arguments
from procoder_server.errors import InvalidArgumentsError
from procoder_tutor.errors import BackendUnavailableError

URI = "file:///nowhere/bank.py"
TEXT = """\
class Account:
    def deposit(self, amount):
        if amount < 0:
            raise ValueError
        self.balance += amount

    def close(self):
        return self.deposit(0)


def merge(a, b):
    return a + b
"""
CANCELLED = -32800
FAILED = -32803
INVALID = -32602


def span(first: int, last: int) -> dict:
    return {"start": {"line": first, "character": 0}, "end": {"line": last, "character": 0}}


def explain(**argument) -> dict:
    return {"command": EXPLAIN, "arguments": [{"uri": URI, **argument}]}


@pytest.mark.parametrize(
    "arguments",
    [
        None,
        [],
        ["file:///a.py"],
        [{"uri": URI}],
        [{"line": 3}],
        [{"uri": URI, "line": "3"}],
        [{"uri": URI, "line": True}],
        [{"uri": URI, "range": {"start": 3}}],
        [{"uri": URI, "line": 3, "level": "genius"}],
        [{"uri": URI, "line": 3, "color": "red"}],
        [{"uri": URI, "line": 3}, {}],
    ],
)
def test_bad_arguments_are_refused(arguments) -> None:
    with pytest.raises(InvalidArgumentsError):
        parse_arguments(arguments)


@pytest.mark.parametrize(
    ("argument", "name"),
    [
        ({"line": 4}, "Account.deposit"),
        ({"line": 0}, "Account"),
        ({"symbol": "merge"}, "merge"),
        ({"symbol": "Account.close", "line": 6}, "Account.close"),
        ({"symbol": "merge", "line": 0}, "merge"),
        ({"range": span(2, 4)}, "lines 3-4"),
        ({"range": span(2, 4), "line": 10}, "lines 3-4"),
        ({"range": span(4, 5)}, "line 5"),
        ({"range": span(6, 8)}, "Account.close"),
        ({"range": span(7, 7)}, "Account.close"),
    ],
)
async def test_result(client, tutor, argument, name) -> None:
    await client.start()
    client.open(TEXT)
    response = await client.request(
        "workspace/executeCommand", explain(**argument, level="beginner")
    )
    result = response["result"]
    assert result["symbol"] == result["facts"]["name"] == name
    assert "It works." in result["markdown"]
    assert result["explanation"] == "It works."
    assert (result["cached"], result["model"]) == (False, "scripted")
    assert result["checks"]["checked"] == result["checks"]["passed"] == 1
    assert tutor.asked[0].level == "beginner"


@pytest.mark.parametrize(
    ("argument", "name"),
    [({"line": 4}, "Account.deposit"), ({"line": 9}, "bank"), ({"range": span(2, 4)}, "lines 3-4")],
)
async def test_what_to_ask_next_is_about_the_same_code(client, tutor, argument, name) -> None:
    await client.start()
    client.open(TEXT)
    request = explain(**argument)
    result = (await client.request("workspace/executeCommand", request))["result"]
    steps = {step["title"]: step for step in result["next"]}
    assert list(steps)[:3] == ["Simpler", "Deeper", "Part by part"]
    for title in ("Deeper", "Part by part"):
        response = await client.request("workspace/executeCommand", steps[title])
        assert response["result"]["symbol"] == name
    assert [(q.kind, q.level) for q in tutor.asked] == [
        ("explain", "intermediate"),
        ("explain", "expert"),
        ("blocks", "intermediate"),
    ]


async def test_text_streams_to_the_clients_token(client) -> None:
    await client.start()
    client.open(TEXT)
    params = {**explain(symbol="merge"), "workDoneToken": "mine"}
    await client.request("workspace/executeCommand", params)
    kinds = [value["kind"] for value in client.progress()]
    assert kinds == ["begin", "report", "report", "end"]
    pieces = [v["message"] for v in client.progress() if v["kind"] == "report"]
    assert "".join(pieces) == "It works."
    assert client.progress()[-1]["message"] == "1 of 1 checked"


async def test_a_token_is_created_when_the_client_takes_those(client) -> None:
    await client.start({"window": {"workDoneProgress": True}})
    client.open(TEXT)
    request = client.begin("workspace/executeCommand", explain(symbol="merge"))
    create = await client.until(lambda m: m.get("method") == "window/workDoneProgress/create")
    assert not client.progress()
    client.send({"id": create["id"], "result": None})
    assert "result" in await client.answer(request)
    assert client.progress()[0]["title"] == "Explaining merge"


@pytest.mark.parametrize("by", ["request", "progress"])
async def test_cancelling_stops_the_model(client, tutor, by) -> None:
    tutor.hold = True
    await client.start()
    client.open(TEXT)
    params = {**explain(symbol="merge"), "workDoneToken": "mine"}
    request = client.begin("workspace/executeCommand", params)
    await tutor.speaking.wait()
    if by == "request":
        client.notify("$/cancelRequest", {"id": request})
    else:
        client.notify("window/workDoneProgress/cancel", {"token": "mine"})
    error = (await client.answer(request))["error"]
    assert error == {"code": CANCELLED, "message": "This was stopped."}
    assert tutor.stopped.is_set()
    assert client.progress()[-1] == {"kind": "end", "message": "Stopped"}
    tutor.hold = False
    again = await client.request("workspace/executeCommand", {**params, "workDoneToken": "mine"})
    assert again["result"]["explanation"] == "It works."
    assert client.answers(request) == 1


@pytest.mark.parametrize(
    ("argument", "code", "expected"),
    [
        ({"symbol": "Account.deposti"}, FAILED, "deposit"),
        ({"line": "1"}, INVALID, "line"),
        ({"symbol": "merge", "uri": "file:///nowhere/absent.py"}, FAILED, "Open it"),
        ({"symbol": "merge", "uri": "file:///nowhere/a.js"}, FAILED, "Python"),
    ],
)
async def test_errors_say_what_to_do(client, argument, code, expected) -> None:
    await client.start()
    client.open(TEXT)
    response = await client.request("workspace/executeCommand", explain(**argument))
    assert response["error"]["code"] == code
    assert expected in response["error"]["message"]


async def test_a_model_that_fails_is_an_error_with_advice(client, tutor) -> None:
    tutor.error = BackendUnavailableError("The host is gone", "Ask again.")
    await client.start()
    client.open(TEXT)
    response = await client.request("workspace/executeCommand", explain(symbol="merge"))
    assert response["error"]["code"] == FAILED
    assert response["error"]["message"] == "The host is gone. Ask again."


async def test_unknown_commands(client) -> None:
    await client.start()
    response = await client.request("workspace/executeCommand", {"command": "rm"})
    assert response["error"]["code"] == INVALID


async def test_the_explanation_opens_where_documents_can_be_shown(client) -> None:
    await client.start({"window": {"showDocument": {"support": True}}})
    client.open(TEXT)
    await client.request("workspace/executeCommand", explain(symbol="merge", show=True))
    shown = await client.until(lambda m: m.get("method") == "window/showDocument")
    assert shown["params"]["uri"].endswith("/merge.md")
    client.send({"id": shown["id"], "result": {"success": True}})
