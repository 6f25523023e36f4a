"""An edit from its request to the client's WorkspaceEdit, or to the reason why there is none."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types
from pygls.workspace import TextDocument

from procoder_server.analysis import Analysis, local_path
from procoder_server.asking import Outlet, ask, model_work
from procoder_server.commands import analysed
from procoder_server.edit_requests import EditRequest
from procoder_server.server import ProcoderServer
from procoder_server.workspace_edits import EditSupport, edit_of_new_file, edit_of_text
from procoder_tutor.edits.model import ProposedEdit, Rejected
from procoder_tutor.positions import split_lines
from procoder_tutor.questions import Kind

CHANGED = Rejected("The document changed while the edit was written. Ask for it again.")
_NOTHING = Rejected("No edit was proposed.")
_TITLES = {
    Kind.FIX: "Writing a fix",
    Kind.DOCUMENT: "Writing a docstring",
    Kind.SIMPLIFY: "Simplifying code",
    Kind.TESTS: "Writing tests",
}


@dataclass(frozen=True, slots=True)
class Written:
    """An edit of the code as it was analysed."""

    proposal: ProposedEdit
    analysis: Analysis
    by_model: bool


async def propose(
    server: ProcoderServer, request: EditRequest, token: types.ProgressToken | None = None
) -> Written | Rejected:
    """Write an edit; raises RequestFailedError where it cannot even be tried."""
    async with model_work(server, request.uri, token, _TITLES[request.kind]) as progress:
        analysis = await analysed(server, request.uri)
        session = await server.sessions.get(request.uri)
        settings = session.settings
        question = request.question(analysis, settings.level, settings.language)
        outlet = Outlet(server, progress, None, of_edit=True)
        answer = await ask(server, session.tutor, analysis.document, question, outlet)
    proposal = answer.proposal or _NOTHING
    if isinstance(proposal, Rejected):
        return proposal
    return Written(proposal, analysis, by_model=bool(answer.explanation.model))


async def translate(
    server: ProcoderServer, written: Written, support: EditSupport
) -> types.WorkspaceEdit | Rejected:
    """Put an edit into the client's terms; a new file needs a client that creates files."""
    proposal = written.proposal
    if proposal.new_file is not None:
        return edit_of_new_file(proposal, proposal.new_file, support)
    if proposal.path is not None:
        found = await asyncio.to_thread(_other_document, server, proposal.path)
    else:
        found = server.analyses.current(written.analysis) or CHANGED
    if isinstance(found, Rejected):
        return found
    return edit_of_text(proposal, found, support, ask_first=written.by_model)


def _other_document(server: ProcoderServer, path: Path) -> TextDocument | Rejected:
    """Return a document whose text on disk was edited, unless the editor has another text."""
    try:
        saved = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return Rejected(f"`{path.name}` cannot be read as UTF-8 any more.")
    documents: list[TextDocument] = list(server.workspace.text_documents.values())
    for text_document in documents:
        if local_path(text_document.uri) == path:
            if split_lines(text_document.source) != split_lines(saved):
                return Rejected(f"`{path.name}` has changes that are not saved. Save it first.")
            return text_document
    other: TextDocument = server.workspace.get_text_document(path.as_uri())
    return other
