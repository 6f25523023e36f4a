"""Diagnostics, pushed and pulled: where, how bad, of which version, and gone with the document."""

from collections.abc import Mapping
from typing import Any

import pytest

from procoder_server.finding_keys import find_again, key_of
from procoder_server.severities import severity_of
from procoder_tutor.findings import Finding
from procoder_tutor.lint import lint
from procoder_tutor.symbols import Document, Snapshot

URI = "file:///nowhere/bank.py"
TAGS = {"publishDiagnostics": {"tagSupport": {"valueSet": [1, 2]}}}
ALL = {
    "publishDiagnostics": {
        **TAGS["publishDiagnostics"],
        "relatedInformation": True,
        "codeDescriptionSupport": True,
        "dataSupport": True,
    }
}
PULLS = {
    "textDocument": {**ALL, "diagnostic": {}},
    "workspace": {"diagnostics": {"refreshSupport": True}},
}
TWICE = "import os\nimport os\nos\n"


def capable(document: Mapping[str, Any]) -> dict[str, Any]:
    return {"textDocument": dict(document)}


@pytest.mark.parametrize(
    ("text", "expected", "span"),
    [
        ("import os\n", ("F401", 2, [1]), None),
        ("def f():\n    '😀'; x = 1\n", ("F841", 2, [1]), ((1, 10), (1, 11))),
        ("\ufeffprint(y)\r\n", ("F821", 1, None), ((0, 7), (0, 8))),
        ("def f(:\n", ("E999", 1, None), None),
        ("'😀'; id = 1 \r\n", ("shadowed-builtin", 4, None), ((0, 0), (0, 12))),
        ("def f():\n    return\n    f()\n", ("unreachable", 4, [1]), ((2, 4), (2, 7))),
    ],
)
async def test_findings(client, text, expected, span) -> None:
    await client.start(capable(TAGS))
    client.open(text)
    published = await client.until(
        lambda m: (
            m.get("method") == "textDocument/publishDiagnostics" and m["params"]["diagnostics"]
        )
    )
    (found,) = published["params"]["diagnostics"]
    assert (found["code"], found["severity"], found.get("tags")) == expected
    assert found["source"] == "procoder"
    if span is not None:
        ends = (found["range"]["start"], found["range"]["end"])
        assert tuple((at["line"], at["character"]) for at in ends) == span


async def test_all_that_a_client_can_show(client) -> None:
    await client.start(capable(ALL))
    client.open(TWICE)
    (found,) = (await client.diagnostics())["diagnostics"]
    assert found["message"] == "redefinition of unused 'os' from line 1"
    assert found["codeDescription"]["href"].startswith("https://docs.python.org/3/")
    (related,) = found["relatedInformation"]
    assert related["message"] == "`os` is first defined here"
    assert related["location"] == {
        "uri": URI,
        "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 9}},
    }
    assert found["data"]["rule"] == "RedefinedWhileUnused"


async def test_nothing_that_a_client_cannot_show(client) -> None:
    await client.start()
    client.open(TWICE)
    (found,) = (await client.diagnostics())["diagnostics"]
    assert found.keys() == {"range", "message", "severity", "code", "source"}


async def test_traps_come_after_what_the_linter_found(client) -> None:
    await client.start()
    client.open("import os\ndef f(a=[]):\n    return a\n")
    await client.until(lambda m: "mutable-default" in str(m))
    first, second = [
        [item["code"] for item in m["params"]["diagnostics"]]
        for m in client.messages
        if m.get("method") == "textDocument/publishDiagnostics"
    ]
    assert first == ["F401"]
    assert second == ["F401", "mutable-default"]


def change(client, version: int, text: str) -> None:
    identity = {"uri": URI, "version": version}
    params = {"textDocument": identity, "contentChanges": [{"text": text}]}
    client.notify("textDocument/didChange", params)


async def test_only_the_newest_version_is_published(client) -> None:
    await client.start()
    client.open("import os\n")
    await client.diagnostics()
    for version, text in ((2, "import o"), (3, ""), (4, "import sys\n")):
        change(client, version, text)
    published = await client.diagnostics(4)
    assert ["sys" in item["message"] for item in published["diagnostics"]] == [True]
    assert "tags" not in published["diagnostics"][0]
    versions = [
        m["params"].get("version")
        for m in client.messages
        if m.get("method") == "textDocument/publishDiagnostics"
    ]
    assert versions == [1, 4]


async def test_a_version_without_a_change(client) -> None:
    await client.start()
    client.open("import os\n")
    await client.diagnostics()
    change(client, 2, "import os\n")
    assert [item["code"] for item in (await client.diagnostics(2))["diagnostics"]] == ["F401"]


async def test_closing_takes_them_back(client) -> None:
    await client.start()
    client.open("import os\n")
    await client.diagnostics()
    client.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
    assert (await client.diagnostics(None))["diagnostics"] == []


async def pull(client, previous: str | None = None, uri: str = URI) -> dict[str, Any]:
    params = {"textDocument": {"uri": uri}, "previousResultId": previous}
    return (await client.request("textDocument/diagnostic", params))["result"]


async def test_pulled_and_not_pushed_as_well(client) -> None:
    announced = (await client.start(PULLS))["result"]["capabilities"]
    assert announced["diagnosticProvider"]["workspaceDiagnostics"] is False
    client.open("import os\ndef f(a=[]):\n    return a\n")
    report = await pull(client)
    assert report["kind"] == "full"
    assert [item["code"] for item in report["items"]] == ["F401", "mutable-default"]
    assert report["items"][0]["tags"] == [1]
    client.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
    await client.request("textDocument/diagnostic", {"textDocument": {"uri": "file:///a.txt"}})
    pushed = [m for m in client.messages if m.get("method") == "textDocument/publishDiagnostics"]
    assert pushed == []


async def test_who_cannot_be_told_to_pull_anew_is_pushed_them(client) -> None:
    announced = await client.start(capable({**ALL, "diagnostic": {}}))
    assert "diagnosticProvider" not in announced["result"]["capabilities"]
    client.open("import os\n")
    assert [item["code"] for item in (await client.diagnostics())["diagnostics"]] == ["F401"]


async def test_pulling_what_is_known(client) -> None:
    await client.start(PULLS)
    client.open("import os\n")
    first = await pull(client)
    change(client, 2, "import os\n# a comment\n")
    assert await pull(client, first["resultId"]) == {
        "kind": "unchanged",
        "resultId": first["resultId"],
    }
    change(client, 3, "\nimport os\n")
    moved = await pull(client, first["resultId"])
    assert (moved["kind"], moved["items"][0]["range"]["start"]["line"]) == ("full", 1)


@pytest.mark.parametrize("uri", ["file:///nowhere/absent.py", "file:///nowhere/notes.txt"])
async def test_pulling_where_there_is_nothing(client, uri) -> None:
    await client.start(PULLS)
    report = await pull(client, uri=uri)
    assert (report["kind"], report["items"]) == ("full", [])


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, [("F401", 2), ("mutable-default", 4)]),
        (
            {"severity": {"F401": "error", "mutable-default": "warning"}},
            [("F401", 1), ("mutable-default", 2)],
        ),
        ({"severity": {"UnusedImport": "off"}}, [("mutable-default", 4)]),
        ({"traps": False}, [("F401", 2)]),
    ],
)
async def test_severities_are_the_users(client, settings, expected) -> None:
    await client.start(PULLS, {"diagnostics": settings})
    await client.server.sessions.get()
    client.open("import os\ndef f(a=[]):\n    return a\n")
    found = (await pull(client))["items"]
    assert [(item["code"], item["severity"]) for item in found] == expected


async def test_settings_that_change_are_shown(client) -> None:
    await client.start(PULLS)
    refresh = await client.until(lambda m: m.get("method") == "workspace/diagnostic/refresh")
    client.send({"id": refresh["id"], "result": None})
    client.open("import os\n")
    before = await pull(client)
    changed = {"procoder": {"diagnostics": {"severity": {"F401": "hint"}}}}
    client.notify("workspace/didChangeConfiguration", {"settings": changed})
    await client.until(
        lambda m: m.get("method") == "workspace/diagnostic/refresh" and m["id"] != refresh["id"]
    )
    after = await pull(client, before["resultId"])
    assert [item["severity"] for item in after["items"]] == [4]


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        ({}, 2),
        ({"F401": "hint"}, 4),
        ({"UnusedImport": "information"}, 3),
        ({"UnusedImport": "off"}, None),
        ({"F401": "off", "UnusedImport": "error"}, 1),
        ({"F841": "off"}, 2),
    ],
)
def test_severity(wishes, expected) -> None:
    severity = severity_of(Finding("F401", "UnusedImport", "", "warning", 1, 0, 1, 1), wishes)
    assert (severity and severity.value) == expected


def findings(text: str) -> tuple[Finding, ...]:
    return lint(Document.parse(Snapshot(text)))


@pytest.mark.parametrize(
    ("now", "line"),
    [
        (TWICE, 2),
        ("\n\n" + TWICE, 4),
        ("import os\nos\n", None),
        ("import os\nimport os\nos\n\n\nimport a\nimport a\na\n", 2),
    ],
)
def test_a_finding_is_found_again(now, line) -> None:
    (before,) = findings(TWICE)
    found = find_again(findings(now), key_of(before))
    assert (found and found.line) == line


@pytest.mark.parametrize(
    "key",
    [None, 1, [], {}, {"rule": "UnusedImport"}, {"rule": 1, "names": [], "place": [1, "2"]}],
)
def test_keys_of_others_find_nothing(key) -> None:
    assert find_again(findings("import os\n"), key) is None
