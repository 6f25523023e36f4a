"""Code actions with the real model: what is applied parses, and does what its title says."""

import ast

import pytest
from lsprotocol import types

from procoder_server.workspace import split_lines
from procoder_tutor.lint import lint
from procoder_tutor.symbols import Document, Snapshot

UNDEFINED = (
    ("def area(width, height):\n    return w * height\n", "w *"),
    ("def double(x):\n    return y * 2\n", "y"),
    ("def first(items):\n    return lst[0]\n", "lst"),
    ("def mean(values):\n    return sum(values) / n\n", "n\n"),
)
"""Functions that a small model mends more often than not; no fix of them is known without one."""
PROFILES = ["visual-studio-code", "neovim", "emacs"]


def applied(text: str, edit: types.WorkspaceEdit, uri: str) -> str:
    """Apply an edit of ASCII text, as an editor does."""
    if edit.changes is not None:
        edits = edit.changes[uri]
    else:
        (change,) = edit.document_changes or ()
        assert isinstance(change, types.TextDocumentEdit)
        assert (change.text_document.uri, change.text_document.version) == (uri, 1)
        edits = change.edits
    lines = split_lines(text)

    def offset(place: types.Position) -> int:
        return sum(map(len, lines[: place.line])) + place.character

    for each in sorted(edits, key=lambda e: offset(e.range.start), reverse=True):
        start, end = offset(each.range.start), offset(each.range.end)
        text = text[:start] + each.new_text + text[end:]
    return text


class Menu:
    """The code actions of one place, as a user chooses from them."""

    def __init__(self, editor, uri: str, line: int, character: int) -> None:
        self._editor = editor
        self._uri = uri
        self._place = types.Position(line, character)
        self.asked: list[types.ApplyWorkspaceEditParams] = []
        editor.client.protocol.fm.features[types.WORKSPACE_APPLY_EDIT] = self._apply

    async def choose(self, kind: str) -> types.WorkspaceEdit | None:
        """Choose the action of a kind; returns its edit, however it comes."""
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(self._uri),
            types.Range(self._place, self._place),
            types.CodeActionContext(diagnostics=[], only=[kind]),
        )
        client = self._editor.client
        action = (await client.text_document_code_action_async(params))[0]
        assert action.kind == kind
        if action.edit is None and action.command is None:
            action = await client.code_action_resolve_async(action)
        if action.command is not None:
            await client.workspace_execute_command_async(
                types.ExecuteCommandParams(action.command.command, action.command.arguments)
            )
            return self.asked[0].edit if self.asked else None
        return action.edit

    def _apply(self, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        self.asked.append(params)
        return types.ApplyWorkspaceEditResult(applied=True)


@pytest.mark.parametrize("profile", PROFILES)
async def test_a_docstring_in_every_editor(start_editor, profile, bank, tmp_path) -> None:
    editor = await start_editor(profile)
    uri = await editor.open(bank, tmp_path / "bank.py")
    line = bank[: bank.index("def compound")].count("\n")
    edit = await Menu(editor, uri, line, 5).choose("refactor.rewrite.procoder.document")
    assert edit is not None
    after = ast.parse(applied(bank, edit, uri))
    before = ast.parse(bank)
    documented = [n for n in after.body if isinstance(n, ast.FunctionDef) and n.name == "compound"]
    assert ast.get_docstring(documented[0])
    del documented[0].body[0]
    assert ast.dump(after) == ast.dump(before)


@pytest.mark.parametrize("profile", PROFILES)
async def test_a_fix_that_needs_no_model_in_every_editor(start_editor, profile, tmp_path) -> None:
    editor = await start_editor(profile, PROCODER_HOST_START="false")
    text = "import os\nimport sys\nsys.exit()\n"
    uri = await editor.open(text, tmp_path / "leave.py")
    edit = await Menu(editor, uri, 0, 8).choose("quickfix")
    assert edit is not None
    assert applied(text, edit, uri) == "import sys\nsys.exit()\n"


async def test_what_the_model_fixes_is_fixed(start_editor, tmp_path) -> None:
    editor = await start_editor("neovim")
    mended = 0
    for number, (text, unknown) in enumerate(UNDEFINED):
        uri = await editor.open(text, tmp_path / f"part{number}.py")
        told = len(editor.client.messages)
        edit = await Menu(editor, uri, 1, text.splitlines(keepends=True)[1].rindex(unknown)).choose(
            "quickfix"
        )
        if edit is None:
            assert "not offered" in editor.client.messages[told].message
        else:
            mended += 1
            assert lint(Document.parse(Snapshot(applied(text, edit, uri)))) == ()
    assert mended
