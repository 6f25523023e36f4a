"""Commands that edit: the client is asked to apply, or told why there is nothing to apply."""

from typing import Any

import pytest
from editing_tutor import EditingTutor

from procoder_tutor.edits.model import NewFile, ProposedEdit, Rejected, TextEdit
from procoder_tutor.positions import Position
from procoder_tutor.questions import Kind

URI = "file:///nowhere/bank.py"
TEXT = "def merge(a, b):\n    return a + b\n"
START = {"line": 0, "character": 0}
EDITS = {"applyEdit": True, "workspaceEdit": {"documentChanges": True}}
CREATES = {**EDITS, "workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]}}
COMMENT = (TextEdit(Position(1, 0), Position(1, 0), "# adds\n"),)
INVALID = -32602
FAILED = -32803


@pytest.fixture
def tutor() -> EditingTutor:
    tutor = EditingTutor()
    tutor.proposal = ProposedEdit("Comment", COMMENT, notes=("It is short.",))
    return tutor


async def begin(client, name: str, workspace: Any, text: str = TEXT, **argument) -> int:
    await client.start({"workspace": workspace})
    client.open(text)
    given = {"uri": URI, **argument}
    params = {"command": f"procoder.{name}", "arguments": [given]}
    return client.begin("workspace/executeCommand", params)


async def apply(client, applied: dict[str, Any]) -> dict[str, Any]:
    """Answer as a client that was asked to apply an edit; returns what it was asked."""
    asked = await client.until(lambda m: m.get("method") == "workspace/applyEdit")
    client.send({"id": asked["id"], **applied})
    return asked["params"]


async def message(client) -> str:
    shown = await client.until(lambda m: m.get("method") == "window/showMessage")
    return shown["params"]["message"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("document", Kind.DOCUMENT), ("simplify", Kind.SIMPLIFY), ("tests", Kind.TESTS)],
)
async def test_edits(client, tutor, name, kind) -> None:
    request = await begin(client, name, EDITS, symbol="merge")
    params = await apply(client, {"result": {"applied": True}})
    assert params["label"] == "Comment"
    (change,) = params["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": URI, "version": 1}
    assert change["edits"] == [{"range": {"start": START, "end": START}, "newText": "# adds\n"}]
    assert (await client.answer(request))["result"] == {
        "applied": True,
        "title": "Comment",
        "notes": ["It is short."],
        "reason": None,
    }
    assert await message(client) == "ProCoder: It is short."
    assert tutor.modelled == [kind]


async def test_a_known_fix_needs_no_model(client, tutor) -> None:
    request = await begin(client, "fix", {"applyEdit": True}, "import os\n", line=0)
    params = await apply(client, {"result": {"applied": True}})
    assert params["edit"]["changes"][URI][0]["newText"] == ""
    assert (await client.answer(request))["result"]["title"] == "Remove the unused import os"
    assert tutor.modelled == []


async def test_clients_that_preview_are_asked_to(client) -> None:
    edits = {"documentChanges": True, "changeAnnotationSupport": {}}
    await begin(client, "document", {**EDITS, "workspaceEdit": edits}, symbol="merge")
    edit = (await apply(client, {"result": {"applied": True}}))["edit"]
    (annotation,) = edit["changeAnnotations"].values()
    assert annotation["needsConfirmation"] is True
    assert annotation["description"] == "It is short."


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"result": {"applied": False, "failureReason": "Read-only."}}, "Read-only."),
        ({"result": {"applied": False}}, "did not apply"),
        ({"error": {"code": -32601, "message": "no such method"}}, "no such method"),
    ],
)
async def test_clients_that_do_not_apply(client, answer, reason) -> None:
    request = await begin(client, "document", EDITS, symbol="merge")
    await apply(client, answer)
    result = (await client.answer(request))["result"]
    assert result["applied"] is False
    assert reason in result["reason"]
    assert reason in await message(client)


async def test_what_is_rejected_is_not_sent(client, tutor) -> None:
    tutor.proposal = Rejected("It changes nothing.")
    request = await begin(client, "simplify", EDITS, symbol="merge")
    result = (await client.answer(request))["result"]
    assert result == {"applied": False, "title": None, "notes": [], "reason": "It changes nothing."}
    assert await message(client) == "ProCoder: It changes nothing."


@pytest.mark.parametrize(
    ("name", "argument", "code", "expected"),
    [
        ("fix", {}, FAILED, "Nothing is marked on line 1"),
        ("fix", {"line": 1}, FAILED, "Nothing is marked on line 2"),
        ("document", {"symbol": "megre"}, FAILED, "merge"),
        ("document", {"symbol": 1}, INVALID, "symbol"),
        ("document", {"colour": "red"}, INVALID, "colour"),
        ("document", {"uri": None}, INVALID, "uri"),
        ("document", {"uri": "file:///nowhere/a.js", "line": 0}, FAILED, "Python"),
        ("document", {"uri": "file:///nowhere/absent.py", "line": 0}, FAILED, "Open it"),
    ],
)
async def test_errors_say_what_to_do(client, name, argument, code, expected) -> None:
    request = await begin(client, name, EDITS, **argument)
    error = (await client.answer(request))["error"]
    assert error["code"] == code
    assert expected in error["message"]


async def test_clients_that_apply_no_edits(client, tutor) -> None:
    request = await begin(client, "document", {}, symbol="merge")
    assert (await client.answer(request))["error"]["code"] == FAILED
    assert tutor.asked == []


async def test_cancelling_stops_the_model(client, tutor) -> None:
    tutor.may_end.clear()
    request = await begin(client, "document", EDITS, symbol="merge")
    await tutor.speaking.wait()
    client.notify("$/cancelRequest", {"id": request})
    assert "error" in await client.answer(request)
    assert tutor.stopped.is_set()


async def test_clients_create_files(client, tutor, tmp_path) -> None:
    path = tmp_path / "test_bank.py"
    tutor.proposal = ProposedEdit("Add 1 test", new_file=NewFile(path, "x = 1\n"))
    await begin(client, "tests", CREATES, symbol="merge")
    edit = (await apply(client, {"result": {"applied": True}}))["edit"]
    assert edit["documentChanges"][0]["kind"] == "create"
    assert not path.exists()


@pytest.mark.parametrize(
    ("existing", "applied", "said"),
    [(None, True, "Wrote tests/test_bank.py."), ("mine\n", False, "exists by now")],
)
async def test_for_others_the_file_is_written(  # noqa: PLR0913, PLR0917 - a table
    client, tutor, tmp_path, existing, applied, said
) -> None:
    path = tmp_path / "tests" / "test_bank.py"
    path.parent.mkdir()
    if existing is not None:
        path.write_text(existing, encoding="utf-8")
    tutor.proposal = ProposedEdit("Add 1 test", new_file=NewFile(path, "x = 1\r\n"))
    request = await begin(client, "tests", EDITS, symbol="merge")
    assert (await client.answer(request))["result"]["applied"] is applied
    assert said in await message(client)
    assert path.read_bytes() == (existing or "x = 1\r\n").encode()


@pytest.mark.parametrize(
    ("opened", "applied"),
    [(None, True), ("import bank\r\n", True), ("import bank  # not saved\n", False)],
)
async def test_additions_to_a_file(client, tutor, tmp_path, opened, applied) -> None:
    path = tmp_path / "test_bank.py"
    path.write_text("import bank\n", encoding="utf-8")
    edits = (TextEdit(Position(2, 0), Position(2, 0), "def test(): ...\n"),)
    tutor.proposal = ProposedEdit("Add 1 test", edits, path=path)
    await client.start({"workspace": EDITS})
    client.open(TEXT)
    if opened is not None:
        client.open(opened, path.as_uri())
    params = {"command": "procoder.tests", "arguments": [{"uri": URI, "symbol": "merge"}]}
    request = client.begin("workspace/executeCommand", params)
    if applied:
        edit = (await apply(client, {"result": {"applied": True}}))["edit"]
        (change,) = edit["documentChanges"]
        assert change["textDocument"]["uri"] == path.as_uri()
        assert change["textDocument"]["version"] == (1 if opened else None)
        assert change["edits"][0]["range"]["start"] == {"line": 1, "character": 0}
    result = (await client.answer(request))["result"]
    assert result["applied"] is applied
    assert ("not saved" in (result["reason"] or "")) is not applied
