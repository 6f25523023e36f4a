"""Every request is answered exactly once, and no answer tells what it should not."""

import asyncio
import json

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from procoder_server.commands import EXPLAIN

CODES = {
    "parse": -32700,
    "request": -32600,
    "method": -32601,
    "params": -32602,
    "internal": -32603,
    "uninitialized": -32002,
    "cancelled": -32800,
}
URI = "file:///nowhere/bank.py"
TEXT = "def add(a, b):\n    return a + b\n"


@pytest.mark.parametrize(
    ("body", "code", "identity"),
    [
        (b"{", "parse", None),
        (b"\xff\xfe", "parse", None),
        (b"[" * 100_000, "parse", None),
        (b"[]", "request", None),
        (b'{"id": 7, "method": "shutdown"}', "request", 7),
        (b'{"jsonrpc": "2.0", "id": 8, "method": "initialize", "params": 3}', "params", 8),
        (b'{"jsonrpc": "2.0", "id": 9, "method": "shutdown"}', "uninitialized", 9),
        (b'{"jsonrpc": "2.0", "id": 10}', "request", 10),
        (b'{"jsonrpc": "2.0", "id": 11, "method": ["shutdown"]}', "request", 11),
        (b'{"jsonrpc": "2.0", "id": {}, "method": "shutdown"}', "request", None),
        (b'{"jsonrpc": "2.0", "id": null, "method": "shutdown"}', "request", None),
        (b'{"jsonrpc": "2.0", "id": true, "method": "shutdown"}', "request", None),
        (b'{"jsonrpc": "2.0", "id": "12", "method": "exit"}', "request", "12"),
    ],
)
async def test_bad_messages_are_answered(client, body, code, identity) -> None:
    client.server.protocol.receive(body)
    message = await client.until(lambda m: "error" in m)
    assert message["error"]["code"] == CODES[code]
    assert message.get("id") == identity


async def test_requests_out_of_order(client, tutor) -> None:
    await client.start()
    await client.server.sessions.get()
    again = await client.request("initialize", {"processId": None, "capabilities": {}})
    assert again["error"]["code"] == CODES["request"]
    unknown = await client.request("textDocument/unheardOf", {})
    assert unknown["error"]["code"] == CODES["method"]
    assert (await client.request("shutdown"))["result"] is None
    late = await client.request("textDocument/hover", {"textDocument": {"uri": "x"}})
    assert late["error"]["code"] in {CODES["request"], CODES["params"]}
    assert tutor.closed


async def test_two_requests_to_shut_down(client) -> None:
    await client.start()
    first, second = client.begin("shutdown"), client.begin("shutdown")
    client.notify("$/cancelRequest", {"id": first})
    assert (await client.answer(first))["result"] is None
    assert (await client.answer(second))["error"]["code"] == CODES["request"]
    client.notify("exit")
    assert client.server.protocol.exit_code == 0


async def test_a_response_is_taken_for_nothing_but_a_response(client, tutor) -> None:
    await client.start()
    client.open(TEXT)
    tutor.hold = True
    params = {"command": EXPLAIN, "arguments": [{"uri": URI, "line": 0}]}
    asked = client.begin("workspace/executeCommand", params)
    await tutor.speaking.wait()
    client.send({"id": asked, "result": None})
    client.notify("$/cancelRequest", {"id": asked})
    assert (await client.answer(asked))["error"]["code"] == CODES["cancelled"]


@pytest.mark.parametrize("params", [None, {}, {"id": None}, {"id": []}, {"id": {}}, {"id": 1.5}])
async def test_a_cancellation_of_nothing_is_nothing(client, params) -> None:
    await client.start()
    client.notify("$/cancelRequest", params)
    client.open(TEXT)
    assert (await client.hover(0, 5))["result"] is not None


@pytest.mark.parametrize("token", [[], {}, 1.5])
async def test_a_token_is_an_integer_or_a_string(client, token) -> None:
    await client.start()
    params = {"command": "procoder.status", "workDoneToken": token}
    answer = await client.request("workspace/executeCommand", params)
    assert answer["error"]["code"] == CODES["params"]
    client.notify("window/workDoneProgress/cancel", {"token": token})
    client.open(TEXT)
    assert (await client.hover(0, 5))["result"] is not None


@pytest.mark.parametrize("response", [{"result": 3}, {"error": "no"}, {"error": {"code": "x"}}])
async def test_a_response_that_does_not_fit_is_waited_for_no_longer(client, response) -> None:
    await client.start()
    edit = types.ApplyWorkspaceEditParams(types.WorkspaceEdit())
    applying = asyncio.ensure_future(client.server.workspace_apply_edit_async(edit))
    request = await client.until(lambda m: m.get("method") == "workspace/applyEdit")
    client.send({"id": request["id"], **response})
    with pytest.raises(JsonRpcException):
        await applying
    client.send({"id": request["id"], **response})


async def test_what_cannot_be_written_is_answered(client) -> None:
    await client.start()
    data: object = 1
    for _ in range(400):
        data = {"in": data}
    action = {"title": "deep", "data": data}
    answer = await client.request("codeAction/resolve", action)
    assert ("result" in answer) is not ("error" in answer)


@pytest.mark.parametrize(("orderly", "code"), [(True, 0), (False, 1)])
async def test_exit_codes(client, orderly, code) -> None:
    await client.start()
    if orderly:
        await client.request("shutdown")
    client.notify("exit")
    assert client.server.protocol.exit_code == code


async def test_unexpected_errors_reveal_nothing(client, tutor) -> None:
    await client.start()
    client.open(TEXT)
    tutor.fault = KeyError("return a + b")
    params = {"command": EXPLAIN, "arguments": [{"uri": URI, "line": 0}]}
    response = await client.request("workspace/executeCommand", params)
    assert response["error"]["code"] == CODES["internal"]
    assert "return a" not in json.dumps(client.messages)
    assert "raceback" not in json.dumps(client.messages)


async def test_changes_to_unknown_documents_do_no_harm(client) -> None:
    await client.start()
    change = {
        "textDocument": {"uri": "file:///nowhere/else.py", "version": 2},
        "contentChanges": [{"text": "secret = 1"}],
    }
    client.notify("textDocument/didChange", change)
    client.open(TEXT)
    assert (await client.hover(0, 5))["result"] is not None
    assert "secret" not in json.dumps(client.messages)
    assert not [m for m in client.messages if m.get("method") == "window/showMessage"]


async def test_bad_settings_are_shown_once_and_replaced(client) -> None:
    await client.start(options={"procoder": {"level": "genius"}})
    shown = await client.until(lambda m: m.get("method") == "window/showMessage")
    assert "level" in shown["params"]["message"]
    client.open(TEXT)
    assert (await client.hover(0, 5))["result"] is not None
