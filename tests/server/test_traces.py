"""`$/setTrace` and `$/logTrace`."""

import pytest

URI = "file:///nowhere/bank.py"
TEXT = "def merge(a, b):\n    return a + b\n"


def traces(client) -> list[dict]:
    return [m["params"] for m in client.messages if m.get("method") == "$/logTrace"]


@pytest.mark.parametrize(("value", "told"), [("off", False), ("messages", True), ("verbose", True)])
async def test_requests_are_traced_as_far_as_wanted(client, value, told) -> None:
    await client.start()
    client.open(TEXT)
    client.notify("$/setTrace", {"value": value})
    await client.hover(0, 5)
    await client.request("workspace/executeCommand", {"command": "no.such"})
    messages = [trace["message"] for trace in traces(client)]
    assert bool(messages) is told
    if told:
        assert messages[0].startswith("textDocument/hover took ")
    verbose = [trace.get("verbose") for trace in traces(client)]
    expected = {"off": [], "messages": [None, None]}
    outcomes = ["request 2: answered", "request 3: error -32602"]
    assert verbose == expected.get(value, outcomes)


async def test_a_client_can_ask_for_traces_from_the_start(client) -> None:
    params = {"processId": None, "rootUri": None, "capabilities": {}, "trace": "verbose"}
    await client.request("initialize", params)
    client.notify("initialized", {})
    client.open(TEXT)
    await client.hover(0, 5)
    assert any("hover" in trace["message"] for trace in traces(client))


async def test_traces_hold_no_code(client) -> None:
    await client.start()
    client.notify("$/setTrace", {"value": "verbose"})
    client.open(TEXT.replace("merge", "secret_name"))
    argument = {"uri": URI, "symbol": "secret_name"}
    command = {"command": "procoder.explain", "arguments": [argument]}
    await client.request("workspace/executeCommand", command)
    assert traces(client)
    assert "secret_name" not in str(traces(client))
    assert "It works" not in str(traces(client))
