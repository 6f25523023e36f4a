"""What is done for clients that do other things than they say."""

import pytest

TEXT = "def merge(a, b):\n    return a + b\n"
URI = "file:///nowhere/bank.py"
SAYS = {
    "textDocument": {
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}},
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit", "command"]},
        }
    },
    "window": {"workDoneProgress": False},
    "workspace": {"applyEdit": True},
}
"""What Helix says, shortened to what matters here; Eglot says the same of code actions."""
PLACE = {"line": 0, "character": 5}


async def run(client, command: str, **argument) -> dict:
    params = {"command": command, "arguments": [{"uri": URI, **argument}]}
    return await client.request("workspace/executeCommand", params)


@pytest.mark.parametrize(
    ("name", "by_command"), [("helix", True), ("Eglot", True), ("another", False)]
)
async def test_an_edit_does_not_halt_the_editor(client, name, by_command) -> None:
    await client.start(SAYS, name=name)
    client.open(TEXT)
    params = {
        "textDocument": {"uri": URI},
        "range": {"start": PLACE, "end": PLACE},
        "context": {"diagnostics": [], "only": ["refactor.rewrite.procoder.document"]},
    }
    (action,) = (await client.request("textDocument/codeAction", params))["result"]
    assert ("command" in action) is by_command


@pytest.mark.parametrize(
    ("name", "method"), [("helix", "window/showDocument"), ("another", "window/showMessage")]
)
@pytest.mark.parametrize("window", [None, {"workDoneProgress": False}])
async def test_helix_opens_what_is_explained(client, name, method, window) -> None:
    await client.start({**SAYS, "window": window}, name=name)
    client.open(TEXT)
    await run(client, "procoder.explain", symbol="merge", show=True)
    shown = await client.until(lambda m: m.get("method", "").startswith("window/show"))
    assert shown["method"] == method
    if "id" in shown:
        client.send({"id": shown["id"], "result": {"success": True}})


@pytest.mark.parametrize(("name", "shown"), [("helix", 1), ("another", 0)])
async def test_the_error_of_a_command_is_shown_in_helix(client, name, shown) -> None:
    await client.start(SAYS, name=name)
    client.open(TEXT)
    error = (await run(client, "procoder.explain", symbol="absent"))["error"]
    messages = [m["params"] for m in client.messages if m.get("method") == "window/showMessage"]
    assert messages == [{"type": 1, "message": error["message"]}] * shown
