"""`textDocument/codeAction` and `codeAction/resolve`: what can be done at the cursor or selection.

The menu opens without asking a model. A fix that needs none comes with the menu, for to know that
it is right means to have made it; every other edit is written when its entry is chosen: by
`codeAction/resolve` where that happens only then, else by a command (see `action_support`). An edit
that fails the tutor's checks is not given out: the entry is disabled, and the reason shown.
"""

from collections.abc import Mapping

from lsprotocol import types
from pygls.workspace import TextDocument

from procoder_server.action_items import to_actions
from procoder_server.action_kinds import ActionKind, is_wanted
from procoder_server.action_offers import Place, offers_at
from procoder_server.action_support import ActionSupport
from procoder_server.analysis import Analysis
from procoder_server.diagnostics import wanted_traps
from procoder_server.edit_requests import EditRequest
from procoder_server.errors import RequestFailedError
from procoder_server.known_fixes import KnownFixes
from procoder_server.presentation import tell
from procoder_server.problems import problems_at
from procoder_server.proposals import Written, propose, translate
from procoder_server.protocol import is_python
from procoder_server.selections import Selection
from procoder_server.server import ProcoderServer
from procoder_tutor.edits.model import Rejected
from procoder_tutor.errors import InputError
from procoder_tutor.findings import Finding

FIX_SECONDS = 0.1
"""For known fixes before the menu opens; later ones are found when they are chosen."""


def register(server: ProcoderServer) -> None:
    """Add code actions to a server."""
    fixes = KnownFixes()

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(
            code_action_kinds=[kind.value for kind in ActionKind], resolve_provider=True
        ),
    )
    async def code_action(
        params: types.CodeActionParams,
    ) -> list[types.CodeAction | types.Command] | None:
        text_document = server.workspace.get_text_document(params.text_document.uri)
        wanted = [kind for kind in ActionKind if is_wanted(kind, params.context.only)]
        if not is_python(text_document.language_id, text_document.uri) or not wanted:
            return None
        try:
            analysis = await server.analyses.get(text_document.uri)
        except InputError:
            return None
        traps = await wanted_traps(server, analysis)
        place = _look(text_document, analysis, (*analysis.findings, *traps), params)
        if place is None:
            return None
        found = [problem.finding for problem in place.problems if problem.finding is not None]
        own = [finding for finding in found if finding in analysis.findings]
        known = await fixes.get(place.document, own, FIX_SECONDS)
        offers = [offer for offer in offers_at(place, known) if offer.kind in wanted]
        support = ActionSupport.of(server.client_capabilities)
        return to_actions(offers, support, server.analyses.current(analysis))

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def resolve(action: types.CodeAction) -> types.CodeAction:
        if action.edit is None and isinstance(action.data, Mapping):
            await _write_edit(server, action, EditRequest.from_data(action.data))
        return action


def _look(
    text_document: TextDocument,
    analysis: Analysis,
    findings: tuple[Finding, ...],
    params: types.CodeActionParams,
) -> Place | None:
    """Return the place of the menu; None where a light bulb would say nothing.

    A client that asks by itself, at every step of the cursor, gets an answer only where something
    is pointed at: a problem, a name, the header of a definition, or a selection.
    """
    selection = Selection.of(text_document, params.range)
    reported = params.context.diagnostics
    problems = problems_at(text_document, selection, findings, reported)
    automatic = params.context.trigger_kind == types.CodeActionTriggerKind.Automatic
    document = analysis.document
    if automatic and selection.empty and not problems and selection.points_at(document) is None:
        return None
    symbol = selection.symbol(document)
    selected = selection.statements(document)
    return Place(document, symbol, selection.line, problems, analysis.version, selected)


async def _write_edit(
    server: ProcoderServer, action: types.CodeAction, request: EditRequest
) -> None:
    """Give an action its edit, or the reason why it has none; that is shown, for few clients do."""
    support = ActionSupport.of(server.client_capabilities)
    written = await _written(server, request)
    if isinstance(written, Rejected):
        edit: types.WorkspaceEdit | Rejected = written
        notes: tuple[str, ...] = ()
    else:
        edit = await translate(server, written, support.edits)
        notes = written.proposal.notes
    if isinstance(edit, Rejected):
        action.disabled = types.CodeActionDisabled(edit.reason) if support.disabled else None
        notes = (edit.reason,)
    else:
        action.edit = edit
    if notes:
        tell(server, " ".join(notes))


async def _written(server: ProcoderServer, request: EditRequest) -> Written | Rejected:
    try:
        return await propose(server, request)
    except RequestFailedError as error:
        return Rejected(error.message)
