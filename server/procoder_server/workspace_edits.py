"""Proposed edits as LSP's WorkspaceEdit, in the form that the client understands.

A WorkspaceEdit holds `documentChanges` for clients that know versions or create files, else
`changes`. What a model wrote is annotated, so that a client which can shows it before applying it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lsprotocol import types
from pygls.workspace import TextDocument
from pygls.workspace.position_codec import ServerTextPosition

from procoder_tutor.edits.model import NewFile, ProposedEdit, TextEdit
from procoder_tutor.positions import Position

ANNOTATION = "procoder"
"""Id of the one annotation of an edit."""
DocumentChange = types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile


@dataclass(frozen=True, slots=True)
class EditSupport:
    """What a client understands of a WorkspaceEdit."""

    versions: bool = False
    """It takes `documentChanges`."""
    creates: bool = False
    """It creates files."""
    annotations: bool = False
    """It shows what is annotated and asks before applying it."""

    @classmethod
    def of(cls, capabilities: types.ClientCapabilities) -> "EditSupport":
        """Read what the client said; one that creates files takes `documentChanges` for it."""
        workspace = capabilities.workspace
        said = workspace.workspace_edit if workspace else None
        if said is None:
            return cls()
        creates = types.ResourceOperationKind.Create in (said.resource_operations or ())
        versions = bool(said.document_changes) or creates
        annotations = versions and said.change_annotation_support is not None
        return cls(versions, creates, annotations)


def edit_of_text(
    proposal: ProposedEdit, text_document: TextDocument, support: EditSupport, *, ask_first: bool
) -> types.WorkspaceEdit:
    """Translate the edits of a proposal, whose positions are those of `text_document`'s text.

    `ask_first` wishes for a preview, of clients that have one.
    """
    annotated = support.annotations and ask_first
    if not support.versions:
        plain = [types.TextEdit(_span(text_document, e), e.new_text) for e in proposal.edits]
        return types.WorkspaceEdit(changes={text_document.uri: plain})
    edits = [
        _annotated(_span(text_document, edit), edit.new_text, annotated=annotated)
        for edit in proposal.edits
    ]
    identifier = types.OptionalVersionedTextDocumentIdentifier(
        text_document.uri, text_document.version
    )
    change = types.TextDocumentEdit(identifier, edits)
    return _with_annotation([change], proposal, annotated=annotated)


def edit_of_new_file(
    proposal: ProposedEdit, new: NewFile, support: EditSupport
) -> types.WorkspaceEdit:
    """Translate a proposal of a new file, for a client that creates files."""
    annotated, uri = support.annotations, new.path.as_uri()
    start = types.Position(0, 0)
    create = types.CreateFile(
        uri,
        options=types.CreateFileOptions(overwrite=False, ignore_if_exists=False),
        annotation_id=ANNOTATION if annotated else None,
    )
    edit = _annotated(types.Range(start, start), new.text, annotated=annotated)
    identifier = types.OptionalVersionedTextDocumentIdentifier(uri)
    changes: list[DocumentChange] = [create, types.TextDocumentEdit(identifier, [edit])]
    return _with_annotation(changes, proposal, annotated=annotated)


def to_client_exactly(text_document: TextDocument, place: Position) -> types.Position:
    """Return the client's position of a place that lies in the document's text.

    Other than a mark under a finding, an edit may begin on the empty line after the last line end.
    """
    return text_document.position_codec.position_to_client_units(
        text_document.lines, ServerTextPosition(place.line - 1, place.column)
    )


def _span(text_document: TextDocument, edit: TextEdit) -> types.Range:
    start = to_client_exactly(text_document, edit.start)
    return types.Range(start, to_client_exactly(text_document, edit.end))


def _annotated(
    span: types.Range, new_text: str, *, annotated: bool
) -> types.TextEdit | types.AnnotatedTextEdit:
    if annotated:
        return types.AnnotatedTextEdit(annotation_id=ANNOTATION, range=span, new_text=new_text)
    return types.TextEdit(span, new_text)


def _with_annotation(
    changes: Sequence[DocumentChange], proposal: ProposedEdit, *, annotated: bool
) -> types.WorkspaceEdit:
    if not annotated:
        return types.WorkspaceEdit(document_changes=changes)
    annotation = types.ChangeAnnotation(
        label=proposal.title,
        needs_confirmation=True,
        description=" ".join(proposal.notes) or None,
    )
    return types.WorkspaceEdit(
        document_changes=changes, change_annotations={ANNOTATION: annotation}
    )
