"""Code actions: what is offered where, in which form, and how edits are written."""

from typing import Any

import pytest
from editing_tutor import EditingTutor

from procoder_server.action_kinds import ActionKind, is_wanted
from procoder_tutor.edits.model import NewFile, ProposedEdit, TextEdit
from procoder_tutor.errors import BackendUnavailableError
from procoder_tutor.positions import Position
from procoder_tutor.questions import Kind

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
MERGE = ((10, 5), (10, 5))
LITERALS = {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}
RESOLVES = {
    **LITERALS,
    "dataSupport": True,
    "isPreferredSupport": True,
    "disabledSupport": True,
    "resolveSupport": {"properties": ["edit"]},
}
EDITS = {"documentChanges": True, "resourceOperations": ["create"]}
ANNOTATES = {**EDITS, "changeAnnotationSupport": {}}
DOCSTRING = ProposedEdit(
    "Add a docstring to `merge`",
    (TextEdit(Position(12, 0), Position(12, 0), '    """Add."""\n'),),
    notes=("One sentence was left out.",),
)
CANCELLED = -32800
INVALID = -32602


@pytest.fixture
def tutor() -> EditingTutor:
    return EditingTutor()


def capable(action: Any = None, edit: Any = None, *, apply: bool = True) -> dict[str, Any]:
    """Return the capabilities of a client."""
    return {
        "textDocument": {"codeAction": action} if action else {},
        "workspace": {"workspaceEdit": edit or {}, "applyEdit": apply},
    }


def span(ends) -> dict[str, Any]:
    start, end = ({"line": line, "character": character} for line, character in ends)
    return {"start": start, "end": end}


async def menu(client, ends=MERGE, only=None, diagnostics=(), *, automatic=False) -> list[dict]:
    context = {"diagnostics": list(diagnostics), "triggerKind": 2 if automatic else 1}
    if only is not None:
        context["only"] = only
    params = {"textDocument": {"uri": URI}, "range": span(ends), "context": context}
    return (await client.request("textDocument/codeAction", params))["result"] or []


async def switch_off(client) -> None:
    toggle = {"command": "procoder.toggle", "arguments": [{"on": False}]}
    await client.request("workspace/executeCommand", toggle)


async def test_what_is_chosen_when_switched_off_asks_no_model(client, tutor) -> None:
    await client.start(capable(RESOLVES, EDITS))
    client.open(TEXT)
    action = of_kind(await menu(client), ActionKind.DOCUMENT)
    await switch_off(client)
    resolved = (await resolve(client, action))["result"]
    assert "switched off" in resolved["disabled"]["reason"]
    assert "edit" not in resolved
    assert tutor.asked == []


@pytest.mark.parametrize(
    ("ends", "name"),
    [
        (((2, 0), (4, 0)), "lines 3-4"),
        (((4, 8), (4, 30)), "line 5"),
        (((4, 3), (4, 31)), "line 5"),
        (((4, 13), (4, 20)), "Account.deposit"),
        (((4, 13), (4, 13)), "Account.deposit"),
        (((1, 0), (5, 0)), "Account.deposit"),
        (((8, 0), (9, 0)), "bank"),
    ],
)
async def test_what_is_selected_is_explained_and_asked_about(client, ends, name) -> None:
    await client.start(capable(RESOLVES, EDITS))
    client.open(TEXT)
    actions = await menu(client, ends)
    assert of_kind(actions, ActionKind.EXPLAIN)["title"] == f"Explain this: {name}"
    ask = of_kind(actions, ActionKind.ASK)["command"]
    ask["arguments"][0] |= {"text": "why?", "show": False}
    await client.request("workspace/executeCommand", ask)
    explain = of_kind(actions, ActionKind.EXPLAIN)["command"]
    result = (await client.request("workspace/executeCommand", explain))["result"]
    assert result["symbol"] == name


def of_kind(actions: list[dict], kind: ActionKind) -> dict:
    return next(action for action in actions if action["kind"] == kind)


async def resolve(client, action: dict) -> dict:
    return await client.request("codeAction/resolve", action)


def change(client, text: str) -> None:
    identity = {"uri": URI, "version": 2}
    params = {"textDocument": identity, "contentChanges": [{"text": text}]}
    client.notify("textDocument/didChange", params)


async def message(client) -> str:
    shown = await client.until(lambda m: m.get("method") == "window/showMessage")
    return shown["params"]["message"]


async def test_the_menu_of_a_function(client, tutor) -> None:
    announced = await client.start(capable(RESOLVES, EDITS))
    provider = announced["result"]["capabilities"]["codeActionProvider"]
    assert provider["resolveProvider"] is True
    client.open(TEXT)
    actions = await menu(client)
    assert [(action["title"], action["kind"]) for action in actions] == [
        ("Explain this: merge", "procoder.explain"),
        ("Add a docstring to merge", "refactor.rewrite.procoder.document"),
        ("Simplify merge", "refactor.rewrite.procoder.simplify"),
        ("Write tests for merge", "refactor.procoder.tests"),
        ("Ask about merge", "procoder.ask"),
    ]
    assert {action["kind"] for action in actions} <= set(provider["codeActionKinds"])
    assert tutor.asked == []


@pytest.mark.parametrize(
    ("text", "ends", "titles"),
    [
        ("import os\n", ((0, 8), (0, 8)), ["Remove the unused import os"]),
        (
            "def f():\n    return y\n",
            ((1, 11), (1, 11)),
            ["Write a fix with the model: undefined name 'y'"],
        ),
        ("def f(:\n    pass\n", ((0, 6), (0, 6)), ["Explain this problem: SyntaxError"]),
        ('"""Says."""\nx = 1\n', ((1, 0), (1, 0)), ["Update the docstring of bank"]),
        (
            "def f(a=[]):\n    return a\n",
            ((0, 7), (0, 7)),
            ["Explain this problem: The default a=[] is made", "Give me a hint for line 1"],
        ),
        ("import os\nimport os\nos\n", ((0, 0), (2, 0)), ["Give me a hint for line 2"]),
        ("def test_f():\n    def g():\n        pass\n", ((1, 8), (1, 8)), ["Simplify test_f.g"]),
    ],
)
async def test_what_is_offered(client, text, ends, titles) -> None:
    await client.start(capable(RESOLVES, EDITS))
    client.open(text)
    offered = [action["title"] for action in await menu(client, ends)]
    for title in titles:
        assert any(each.startswith(title) for each in offered), offered


@pytest.mark.parametrize(
    ("text", "ends", "absent"),
    [
        ("def f(:\n    pass\n", ((0, 0), (0, 0)), {"DOCUMENT", "SIMPLIFY", "TESTS"}),
        ("class A:\n    x = 1\n", ((0, 6), (0, 6)), {"SIMPLIFY", "FIX", "HINT"}),
        ("def f():\n    def g():\n        pass\n", ((1, 8), (1, 8)), {"TESTS"}),
        ("x = 1\n", ((0, 0), (0, 0)), {"TESTS", "SIMPLIFY", "HINT", "EXPLAIN_PROBLEM"}),
        ("def f(a=[]):\n    return a\n", ((0, 7), (0, 7)), {"FIX"}),
    ],
)
async def test_what_is_not_offered(client, text, ends, absent) -> None:
    await client.start(capable(RESOLVES, EDITS))
    client.open(text)
    kinds = {action["kind"] for action in await menu(client, ends)}
    assert kinds
    assert not kinds & {ActionKind[name].value for name in absent}


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [
        ((1, 9), (1, 9), "Account.deposit"),
        ((4, 9), (4, 9), "Account.deposit"),
        ((7, 22), (7, 22), "Account.deposit"),
        ((7, 0), (7, 4), "Account.close"),
        ((2, 0), (7, 5), "lines 2-8"),
        ((10, 0), (11, 0), "merge"),
    ],
)
async def test_what_is_explained(client, start, end, name) -> None:
    await client.start(capable(LITERALS))
    client.open(TEXT)
    action = of_kind(await menu(client, (start, end)), ActionKind.EXPLAIN)
    assert action["title"] == f"Explain this: {name}"
    response = await client.request("workspace/executeCommand", action["command"])
    assert response["result"]["symbol"] == name
    assert "It works." in await message(client)


@pytest.mark.parametrize(
    ("ends", "text", "expected"),
    [
        (MERGE, TEXT, True),
        (((9, 0), (9, 0)), TEXT, False),
        (((11, 11), (11, 11)), TEXT, False),
        (((4, 8), (4, 20)), TEXT, True),
        (((0, 0), (0, 0)), "import os\n", False),
        (((0, 8), (0, 8)), "import os\n", True),
    ],
)
async def test_the_light_bulb_is_lit_where_something_is_pointed_at(
    client, ends, text, expected
) -> None:
    await client.start(capable(LITERALS))
    client.open(text)
    assert bool(await menu(client, ends, automatic=True)) is expected
    assert await menu(client, ends)


@pytest.mark.parametrize(
    ("kind", "only", "wanted"),
    [
        (ActionKind.EXPLAIN, None, True),
        (ActionKind.EXPLAIN, [], True),
        (ActionKind.EXPLAIN, [""], True),
        (ActionKind.EXPLAIN, ["procoder"], True),
        (ActionKind.EXPLAIN, ["procoder.explain"], True),
        (ActionKind.EXPLAIN, ["quickfix", "procoder"], True),
        (ActionKind.EXPLAIN, ["quickfix"], False),
        (ActionKind.EXPLAIN, ["proc"], False),
        (ActionKind.EXPLAIN, ["procoder.explain.more"], False),
        (ActionKind.EXPLAIN_PROBLEM, ["quickfix"], True),
        (ActionKind.DOCUMENT, ["refactor"], True),
        (ActionKind.DOCUMENT, ["refactor.rewrite"], True),
        (ActionKind.TESTS, ["refactor.rewrite"], False),
        (ActionKind.FIX, ["source.organizeImports"], False),
    ],
)
def test_wanted_kinds(kind, only, wanted) -> None:
    assert is_wanted(kind, only) is wanted


async def test_a_client_that_filters(client) -> None:
    await client.start(capable(RESOLVES, EDITS))
    client.open("import os\n")
    actions = await menu(client, ((0, 8), (0, 8)), only=["quickfix"])
    assert {action["kind"] for action in actions} == {"quickfix", "quickfix.procoder.explain"}
    assert await menu(client, only=["source.fixAll"]) == []


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        ({}, {"changes": {URI: [{"range": span(((0, 0), (1, 0))), "newText": ""}]}}),
        (
            EDITS,
            {
                "documentChanges": [
                    {
                        "textDocument": {"uri": URI, "version": 1},
                        "edits": [{"range": span(((0, 0), (1, 0))), "newText": ""}],
                    }
                ]
            },
        ),
    ],
)
async def test_a_known_fix_comes_with_the_menu(client, tutor, edit, expected) -> None:
    await client.start(capable(RESOLVES, edit))
    client.open("import os\nimport sys\nsys.exit()\n")
    fix = of_kind(await menu(client, ((0, 8), (0, 8))), ActionKind.FIX)
    assert fix["edit"] == expected
    assert fix["isPreferred"] is True
    assert tutor.asked == []


async def test_an_edit_is_written_when_it_is_chosen(client, tutor) -> None:
    tutor.proposal = DOCSTRING
    await client.start(capable(RESOLVES, EDITS))
    client.open(TEXT)
    action = of_kind(await menu(client), ActionKind.DOCUMENT)
    assert action.keys() == {"title", "kind", "data"}
    assert action["data"] == {
        "command": "procoder.document",
        "uri": URI,
        "symbol": "merge",
        "line": 10,
        "version": 1,
    }
    resolved = (await resolve(client, action))["result"]
    (changed,) = resolved["edit"]["documentChanges"]
    assert changed["textDocument"] == {"uri": URI, "version": 1}
    assert changed["edits"] == [{"range": span(((11, 0), (11, 0))), "newText": '    """Add."""\n'}]
    assert await message(client) == "ProCoder: One sentence was left out."
    assert tutor.modelled == [Kind.DOCUMENT]


async def test_a_finding_is_fixed_also_where_it_has_moved_to(client, tutor) -> None:
    edit = TextEdit(Position(4, 11), Position(4, 12), "x")
    tutor.proposal = ProposedEdit("Fix", (edit,))
    await client.start(capable(RESOLVES, EDITS))
    client.open("def f(x):\n    return y\n")
    action = of_kind(await menu(client, ((1, 11), (1, 11))), ActionKind.FIX)
    change(client, "\n\ndef f(x):\n    return y\n")
    resolved = (await resolve(client, action))["result"]
    assert resolved["edit"]["documentChanges"][0]["textDocument"]["version"] == 2
    assert tutor.asked[0].finding.line == 4


@pytest.mark.parametrize(
    ("error", "text", "reason"),
    [
        (None, TEXT, "It changes nothing."),
        (BackendUnavailableError("No host", "Start one."), TEXT, "No host. Start one."),
        (None, "x = 1\n", "There is no `merge` in this document"),
    ],
)
async def test_what_cannot_be_done_is_said(client, tutor, error, text, reason) -> None:
    tutor.error = error
    await client.start(capable(RESOLVES, EDITS))
    client.open(TEXT)
    action = of_kind(await menu(client), ActionKind.DOCUMENT)
    if text != TEXT:
        change(client, text)
    resolved = (await resolve(client, action))["result"]
    assert "edit" not in resolved
    assert reason in resolved["disabled"]["reason"]
    assert reason in await message(client)


async def test_clients_that_disable_no_entry_are_told_as_well(client) -> None:
    await client.start(capable({**RESOLVES, "disabledSupport": False}, EDITS))
    client.open(TEXT)
    action = of_kind(await menu(client), ActionKind.DOCUMENT)
    assert (await resolve(client, action))["result"] == action
    assert await message(client) == "ProCoder: It changes nothing."


async def test_a_fix_of_a_problem_that_is_gone(client) -> None:
    await client.start(capable(RESOLVES, EDITS))
    client.open("def f():\n    return y\n")
    action = of_kind(await menu(client, ((1, 11), (1, 11))), ActionKind.FIX)
    change(client, "def f():\n    return 1\n")
    resolved = (await resolve(client, action))["result"]
    assert "since the menu was opened" in resolved["disabled"]["reason"]


async def test_a_document_that_changes_meanwhile(client, tutor) -> None:
    tutor.proposal = DOCSTRING
    tutor.may_end.clear()
    await client.start(capable(RESOLVES, EDITS))
    client.open(TEXT)
    action = of_kind(await menu(client), ActionKind.DOCUMENT)
    request = client.begin("codeAction/resolve", action)
    await tutor.speaking.wait()
    change(client, "\n" + TEXT)
    tutor.may_end.set()
    resolved = (await client.answer(request))["result"]
    assert "changed while" in resolved["disabled"]["reason"]


async def test_cancelling_a_resolve_stops_the_model(client, tutor) -> None:
    tutor.may_end.clear()
    await client.start(capable(RESOLVES, EDITS))
    client.open(TEXT)
    action = of_kind(await menu(client), ActionKind.SIMPLIFY)
    request = client.begin("codeAction/resolve", action)
    await tutor.speaking.wait()
    client.notify("$/cancelRequest", {"id": request})
    assert (await client.answer(request))["error"]["code"] == CANCELLED
    assert tutor.stopped.is_set()
    assert client.answers(request) == 1


async def test_what_is_resolved_already_comes_back(client) -> None:
    """Neovim also resolves actions that are commands."""
    await client.start(capable(RESOLVES, EDITS))
    client.open(TEXT)
    action = of_kind(await menu(client), ActionKind.EXPLAIN)
    assert (await resolve(client, action))["result"] == action


@pytest.mark.parametrize("data", [{}, {"command": "rm"}, {"command": "procoder.fix", "uri": 1}])
async def test_data_of_others(client, data) -> None:
    await client.start(capable(RESOLVES, EDITS))
    response = await resolve(client, {"title": "Theirs", "data": data})
    assert response["error"]["code"] == INVALID


@pytest.mark.parametrize(
    ("action", "edit"),
    [
        (LITERALS, EDITS),
        ({**RESOLVES, "resolveSupport": {"properties": ["command"]}}, EDITS),
        ({**RESOLVES, "dataSupport": False}, EDITS),
        (RESOLVES, ANNOTATES),
    ],
    ids=["no resolve", "no edit in it", "no data", "previews"],
)
async def test_clients_that_do_not_resolve_edits_lazily_get_commands(client, action, edit) -> None:
    await client.start(capable(action, edit))
    client.open(TEXT)
    offered = of_kind(await menu(client), ActionKind.DOCUMENT)
    assert "data" not in offered
    assert offered["command"]["command"] == "procoder.document"
    assert offered["command"]["arguments"][0]["symbol"] == "merge"


async def test_tests_need_a_client_that_creates_files(client) -> None:
    await client.start(capable(RESOLVES, {"documentChanges": True}))
    client.open(TEXT)
    assert of_kind(await menu(client), ActionKind.TESTS)["command"]["command"] == "procoder.tests"


async def test_clients_that_apply_no_edits_are_offered_none(client) -> None:
    await client.start(capable(LITERALS, EDITS, apply=False))
    client.open("import os\n")
    kinds = {action["kind"] for action in await menu(client, ((0, 8), (0, 8)))}
    assert "quickfix" in kinds
    assert "refactor.rewrite.procoder.document" not in kinds


async def test_old_clients_get_commands(client) -> None:
    await client.start({"workspace": {"applyEdit": True}})
    client.open("import os\n")
    names = [command["command"] for command in await menu(client, ((0, 8), (0, 8)))]
    assert names == [
        "procoder.fix",
        "procoder.explainError",
        "procoder.explain",
        "procoder.hint",
        "procoder.document",
        "procoder.ask",
    ]


async def test_a_new_file(client, tutor, tmp_path) -> None:
    path = tmp_path / "test_bank.py"
    tutor.proposal = ProposedEdit("Add 1 test", new_file=NewFile(path, "def test(): ...\n"))
    await client.start(capable(RESOLVES, EDITS))
    client.open(TEXT)
    action = of_kind(await menu(client), ActionKind.TESTS)
    create, fill = (await resolve(client, action))["result"]["edit"]["documentChanges"]
    assert (create["kind"], create["uri"]) == ("create", path.as_uri())
    assert create["options"] == {"overwrite": False, "ignoreIfExists": False}
    assert fill["textDocument"] == {"uri": path.as_uri(), "version": None}
    assert fill["edits"] == [{"range": span(((0, 0), (0, 0))), "newText": "def test(): ...\n"}]
    assert not path.exists()


async def test_models_are_marked_where_the_client_marks_them(client) -> None:
    await client.start(capable({**RESOLVES, "tagSupport": {"valueSet": [1]}}, EDITS))
    client.open(TEXT)
    actions = await menu(client)
    assert of_kind(actions, ActionKind.DOCUMENT)["tags"] == [1]
    assert "tags" not in of_kind(actions, ActionKind.EXPLAIN)


def reported(code, source, line=0, text="said", **more) -> dict[str, Any]:
    place = span(((line, 0), (line, 6)))
    return {"range": place, "message": text, "code": code, "source": source, **more}


async def test_our_own_diagnostics_are_found_by_their_data(client) -> None:
    """Neovim sends those of the whole line, while the cursor is elsewhere on it."""
    await client.start(
        {
            "textDocument": {
                "codeAction": RESOLVES,
                "publishDiagnostics": {"dataSupport": True},
            }
        }
    )
    client.open("import os\nimport sys; sys.exit()\n")
    (published,) = (await client.diagnostics())["diagnostics"]
    actions = await menu(client, ((1, 20), (1, 20)), diagnostics=[published])
    fix = of_kind(actions, ActionKind.FIX)
    assert fix["title"] == "Remove the unused import os"
    assert fix["diagnostics"] == [published]


@pytest.mark.parametrize(
    ("code", "source", "explained"),
    [
        ("F401", "ruff", 1),
        ("W0611", "pylint", 1),
        ("reportUnusedImport", "Pyright", 1),
        ("I001", "ruff", 2),
        (None, "mypy", 2),
        (17, None, 2),
    ],
)
async def test_what_others_report_is_offered_once(client, code, source, explained) -> None:
    await client.start(capable(LITERALS))
    client.open("import os\n")
    actions = await menu(client, ((0, 8), (0, 8)), diagnostics=[reported(code, source)])
    about = [a for a in actions if a["kind"] == ActionKind.EXPLAIN_PROBLEM]
    assert len(about) == explained
    assert about[-1]["diagnostics"][0]["message"] == "said"


@pytest.mark.parametrize(("uri", "text"), [("file:///nowhere/a.py", "#" * 1_000_001)])
async def test_documents_that_cannot_be_read(client, uri, text) -> None:
    await client.start(capable(LITERALS))
    client.open(text, uri)
    params = {
        "textDocument": {"uri": uri},
        "range": span(((0, 0), (0, 0))),
        "context": {"diagnostics": []},
    }
    assert (await client.request("textDocument/codeAction", params))["result"] is None
