"""Edits in the client's terms: the text that the client gets is the text that was proved."""

import pytest
from lsprotocol import types

from procoder_server.workspace import ExactPositionCodec, ExactTextDocument
from procoder_server.workspace_edits import ANNOTATION, EditSupport, edit_of_text
from procoder_tutor.edits.model import ProposedEdit, TextEdit
from procoder_tutor.edits.text import apply_edits
from procoder_tutor.positions import Position

URI = "file:///nowhere/bank.py"
CODECS = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
UNITS = {"utf-8": 1, "utf-16": 2, "utf-32": 4}
VERSIONS = EditSupport(versions=True)
PREVIEWS = EditSupport(versions=True, annotations=True)


def document(text: str, encoding: types.PositionEncodingKind | str = "utf-16") -> ExactTextDocument:
    return ExactTextDocument(URI, text, version=3, position_codec=ExactPositionCodec(encoding))


def applied(text: str, edits: list[types.TextEdit], encoding: str) -> str:
    """Apply edits as a client that counts in `encoding` does."""
    starts, at = [0], 0
    lines = document(text).lines
    for line in lines:
        at += len(line)
        starts.append(at)

    def offset(place: types.Position) -> int:
        line = lines[place.line] if place.line < len(lines) else ""
        units = line.encode(CODECS[encoding])[: place.character * UNITS[encoding]]
        return starts[place.line] + len(units.decode(CODECS[encoding]))

    for edit in sorted(edits, key=lambda e: offset(e.range.start), reverse=True):
        start, end = offset(edit.range.start), offset(edit.range.end)
        text = text[:start] + edit.new_text + text[end:]
    return text


@pytest.mark.parametrize("encoding", CODECS)
@pytest.mark.parametrize(
    ("text", "edits"),
    [
        ("a = 1\nb = 2\n", [((1, 0), (2, 0), "")]),
        ("a = 1\n", [((2, 0), (2, 0), "b = 2\n")]),
        ("a = 1", [((1, 5), (1, 5), "\nb = 2")]),
        ("", [((1, 0), (1, 0), "a = 1\n")]),
        ("\ufeffa = 1\r\nb = 2\r\n", [((1, 1), (1, 2), "c"), ((2, 0), (3, 0), "")]),
        ("s = '😀é'; x = 1\n", [((1, 10), (1, 11), "y")]),
        ("s = '😀'\r\rt = '\u2028'; x\r", [((3, 9), (3, 10), "y"), ((1, 0), (1, 1), "r")]),
        ("a\x0cb = 1\n", [((1, 2), (1, 3), "c")]),
    ],
)
def test_positions(text, edits, encoding) -> None:
    wanted = tuple(TextEdit(Position(*start), Position(*end), new) for start, end, new in edits)
    proposal = ProposedEdit("Edit", wanted)
    edit = edit_of_text(proposal, document(text, encoding), EditSupport(), ask_first=True)
    assert applied(text, edit.changes[URI], encoding) == apply_edits(text, wanted)


@pytest.mark.parametrize(
    ("support", "ask_first", "annotated"),
    [(PREVIEWS, True, True), (PREVIEWS, False, False), (VERSIONS, True, False)],
)
def test_previews(support, ask_first, annotated) -> None:
    edits = (TextEdit(Position(1, 0), Position(1, 1), "b"),)
    proposal = ProposedEdit("Rename", edits, notes=("One.", "Two."))
    edit = edit_of_text(proposal, document("a = 1\n"), support, ask_first=ask_first)
    (change,) = edit.document_changes
    assert change.text_document.version == 3
    assert isinstance(change.edits[0], types.AnnotatedTextEdit) is annotated
    if annotated:
        annotation = edit.change_annotations[ANNOTATION]
        assert (annotation.label, annotation.needs_confirmation) == ("Rename", True)
        assert annotation.description == "One. Two."
    else:
        assert edit.change_annotations is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (None, EditSupport()),
        (types.WorkspaceEditClientCapabilities(), EditSupport()),
        (types.WorkspaceEditClientCapabilities(document_changes=True), VERSIONS),
        (
            types.WorkspaceEditClientCapabilities(
                resource_operations=[types.ResourceOperationKind.Create]
            ),
            EditSupport(versions=True, creates=True),
        ),
        (
            types.WorkspaceEditClientCapabilities(
                document_changes=True,
                change_annotation_support=types.ChangeAnnotationsSupportOptions(),
            ),
            PREVIEWS,
        ),
    ],
)
def test_what_a_client_understands(said, expected) -> None:
    workspace = types.WorkspaceClientCapabilities(workspace_edit=said)
    assert EditSupport.of(types.ClientCapabilities(workspace=workspace)) == expected
    assert EditSupport.of(types.ClientCapabilities()) == EditSupport()
