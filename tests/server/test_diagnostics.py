"""Diagnostics: where, how bad, of which version, and gone with the document."""

import pytest

URI = "file:///nowhere/bank.py"
TAGS = {"textDocument": {"publishDiagnostics": {"tagSupport": {"valueSet": [1, 2]}}}}


@pytest.mark.parametrize(
    ("text", "expected", "span"),
    [
        ("import os\n", ("F401", 2, [1]), None),
        ("def f():\n    '😀'; x = 1\n", ("F841", 2, [1]), ((1, 10), (1, 11))),
        ("\ufeffprint(y)\r\n", ("F821", 1, None), ((0, 7), (0, 8))),
        ("def f(:\n", ("E999", 1, None), None),
    ],
)
async def test_findings(client, text, expected, span) -> None:
    await client.start(TAGS)
    client.open(text)
    (found,) = (await client.diagnostics())["diagnostics"]
    assert (found["code"], found["severity"], found.get("tags")) == expected
    assert found["source"] == "procoder"
    if span is not None:
        ends = (found["range"]["start"], found["range"]["end"])
        assert tuple((at["line"], at["character"]) for at in ends) == span


async def test_only_the_newest_version_is_published(client) -> None:
    await client.start()
    client.open("import os\n")
    await client.diagnostics()
    for version, text in ((2, "import o"), (3, ""), (4, "import sys\n")):
        identity = {"uri": URI, "version": version}
        params = {"textDocument": identity, "contentChanges": [{"text": text}]}
        client.notify("textDocument/didChange", params)
    published = await client.diagnostics(4)
    assert ["sys" in item["message"] for item in published["diagnostics"]] == [True]
    assert "tags" not in published["diagnostics"][0]
    versions = [
        m["params"].get("version")
        for m in client.messages
        if m.get("method") == "textDocument/publishDiagnostics"
    ]
    assert versions == [1, 4]


async def test_closing_takes_them_back(client) -> None:
    await client.start()
    client.open("import os\n")
    await client.diagnostics()
    client.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
    assert (await client.diagnostics(None))["diagnostics"] == []
