"""Hovers: facts at once, the explanation when it is there, a clear line when it cannot be."""

import json
from urllib.parse import unquote

import pytest

from procoder_server.parts import PYTHON_ONLY
from procoder_tutor.errors import BackendUnavailableError
from procoder_tutor.targets import Target

MARKDOWN = {"textDocument": {"hover": {"contentFormat": ["markdown", "plaintext"]}}}
URI = "file:///nowhere/bank.py"
TEXT = "def add(a, b):\n    if not a:\n        raise ValueError\n    return a + b\n"


async def value(client, line: int = 0, character: int = 5) -> str:
    return (await client.hover(line, character))["result"]["contents"]["value"]


async def written(client) -> None:
    """Wait until the background has nothing more to write."""
    job = client.server.background._current
    if job is not None:
        await job.finished.wait()


@pytest.mark.parametrize(
    ("capabilities", "kind"),
    [
        (MARKDOWN, "markdown"),
        ({"textDocument": {"hover": {"contentFormat": ["plaintext"]}}}, "plaintext"),
        ({}, "plaintext"),
    ],
)
async def test_facts_first_then_the_explanation(client, tutor, capabilities, kind) -> None:
    await client.start(capabilities)
    await client.server.sessions.get()
    client.open(TEXT)
    first = (await client.hover(0, 5))["result"]
    assert first["contents"]["kind"] == kind
    assert "add" in first["contents"]["value"]
    assert "ValueError" in first["contents"]["value"]
    assert "Writing the explanation: hover again." in first["contents"]["value"]
    assert first["range"] == {
        "start": {"line": 0, "character": 4},
        "end": {"line": 0, "character": 7},
    }
    await written(client)
    second = await value(client)
    assert "It works." in second
    assert "Writing" not in second
    assert len(tutor.asked) == 1


async def test_hovering_twice_asks_once(client, tutor) -> None:
    tutor.hold = True
    await client.start(MARKDOWN)
    await client.server.sessions.get()
    client.open(TEXT)
    await value(client)
    await tutor.speaking.wait()
    assert "It\n" in await value(client)
    assert len(tutor.asked) == 1


async def test_no_model_is_one_line_that_says_what_to_do(client, tutor) -> None:
    tutor.error = BackendUnavailableError("No model <b>", "Run `procoder models pull x`.")
    await client.start(MARKDOWN)
    await client.server.sessions.get()
    client.open(TEXT)
    await value(client)
    await written(client)
    text = await value(client)
    assert "ValueError" in text
    assert "procoder models pull x" in text
    logged = [m for m in client.messages if m.get("method") == "window/logMessage"]
    assert len(logged) == 1
    assert not [m for m in client.messages if m.get("method") == "window/showMessage"]


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("", (0, 0), None),
        ("x = 1\n", (0, 0), None),
        ("\n\n", (7, 3), None),
        ("import os\n", (0, 8), "os"),
        ("def f(:\n  pass\n", (1, 3), "E999"),
        ("\ufeff# é\r\ndef 😀():\r\n", (1, 4), "E999"),
        ("a" * 200_000, (0, 150_000), "a"),
        ("s = '" + "😀" * 100_000 + "'\n", (0, 1), None),
        ("x = '\ud800'\ndef g():\n    pass\n", (1, 5), "g"),
        ("\ufeff'😀'\r\n\r\ndef g(): return '😀'\r\n", (2, 4), "g"),
        ("'😀😀'; g = 1\n\x0c\ndef h(): '😀'; return h\n", (2, 24), "h"),
        ("x = 1\n" * 900_000, (3, 1), "1,000,000"),
    ],
)
async def test_strange_documents(client, text, place, expected) -> None:
    await client.start(MARKDOWN)
    client.open(text)
    await client.until(lambda m: m.get("method") == "textDocument/publishDiagnostics")
    result = (await client.hover(*place))["result"]
    if expected is None:
        assert result is None
    else:
        assert expected in json.dumps(result, ensure_ascii=False)


async def test_other_languages_are_told_politely(client) -> None:
    await client.start()
    uri = "file:///nowhere/main.js"
    client.open("let x = 1", uri, "javascript")
    hover = await client.hover(0, 4, uri)
    assert hover["result"]["contents"]["value"] == PYTHON_ONLY


MISSPELT = "def f():\n    total = 1\n    return totl\n"


@pytest.mark.parametrize(
    ("place", "expected", "absent"),
    [
        ((1, 5), ["This value is stored but never read", "F841", "remove the assignment"], "totl"),
        ((2, 12), ["This name looks misspelt", "F821", "write `total` on line 3"], "F841"),
        ((0, 4), ["F841 line 2: local variable", "F821 line 3: undefined name"], "misspelt"),
    ],
)
async def test_findings_in_plain_words(client, place, expected, absent) -> None:
    await client.start(MARKDOWN)
    await client.server.sessions.get()
    client.open(MISSPELT)
    await client.diagnostics()
    text = await value(client, *place)
    assert [part for part in expected if part not in text] == []
    assert absent not in text


async def test_findings_in_plain_text(client) -> None:
    await client.start()
    client.open(MISSPELT)
    await client.diagnostics()
    text = await value(client, 2, 12)
    assert text.startswith("! This name looks misspelt (F821). Line 3 uses totl,")


@pytest.mark.parametrize("wanted", [True, False])
async def test_links_for_clients_that_follow_them(client, tutor, wanted) -> None:
    tutor.answered.add("add")
    await client.start(MARKDOWN, {"hover": {"command_links": wanted}})
    await client.server.sessions.get()
    client.open(TEXT)
    before, _, line = (await value(client)).rpartition("\n\n")
    assert ("command:" in line) is wanted
    if wanted:
        assert "It works." in before
        label, _, link = line.partition("(command:procoder.explain?")
        assert label == "[Open]"
        arguments = [{"uri": URI, "line": 0, "symbol": "add", "show": True}]
        assert json.loads(unquote(link.partition(")")[0])) == arguments


CALLS = """\
class Account:
    def deposit(self, amount):
        return amount

def pay(account):
    account.deposit(3)
    return "account.deposit"
"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (2, ["deposit(self, amount)", "Writing the explanation"]),
        (
            None,
            ["```python\ndeposit(n: int)\n```", "Puts \\<b\\> in.", "[`b.deposit`](https://a.b/c)"],
        ),
    ],
)
async def test_a_call_of_what_only_types_tell(client, tutor, line, expected) -> None:
    tutor.found = Target("b.deposit", "deposit(n: int)", "Puts <b> in.", "https://a.b/c", line)
    await client.start(MARKDOWN)
    await client.server.sessions.get()
    client.open(CALLS)
    await client.diagnostics()
    result = (await client.hover(5, 14))["result"]
    assert [part for part in expected if part not in result["contents"]["value"]] == []
    assert result["range"]["start"] == {"line": 5, "character": 12}
    assert (await client.hover(6, 20))["result"] is None
    tutor.found = None
    assert (await client.hover(5, 14))["result"] is None


async def test_a_call_in_plain_text(client, tutor) -> None:
    tutor.found = Target("b.deposit", "deposit(n: int)", "Puts <b> in.", "https://a.b/c")
    await client.start()
    await client.server.sessions.get()
    client.open(CALLS)
    assert await value(client, 5, 14) == "deposit(n: int)\nPuts <b> in.\nb.deposit"
