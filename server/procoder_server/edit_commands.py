"""Commands that edit: `procoder.fix`, `procoder.document`, `procoder.simplify`, `procoder.tests`.

Their argument is described in `edit_requests`, their result in docs/lsp.md. A new file is created
by the client where it can, else written here. `procoder.applyProposal` applies what was proposed
in a chat.
"""

import asyncio
from pathlib import Path
from typing import Any, Final

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from procoder_server.action_support import ActionSupport
from procoder_server.arguments import read_arguments
from procoder_server.edit_requests import KINDS, EditRequest
from procoder_server.errors import RequestFailedError
from procoder_server.presentation import tell
from procoder_server.proposals import Written, propose, translate
from procoder_server.server import ProcoderServer
from procoder_server.workspace_edits import EditSupport
from procoder_tutor.edits.model import NewFile, ProposedEdit, Rejected

APPLY: Final = "procoder.applyProposal"
_FORGOTTEN = Rejected("This proposal is not remembered any more. Ask for it again.")


def register(server: ProcoderServer) -> None:
    """Add the edit commands to a server."""

    async def edit(params: types.ExecuteCommandParams) -> dict[str, Any]:
        request = EditRequest.parse(params.command, params.arguments)
        support = _support(server)
        outcome = await propose(server, request, params.work_done_token)
        return await _carry_out(server, outcome, support)

    for command in KINDS:
        server.command(command)(edit)

    @server.command(APPLY)
    async def apply(params: types.ExecuteCommandParams) -> dict[str, Any]:
        given = read_arguments(APPLY, params.arguments, {"proposal": str}, required=["proposal"])
        support = _support(server)
        written = server.proposals.get(given["proposal"])
        return await _carry_out(server, written or _FORGOTTEN, support)


def _support(server: ProcoderServer) -> EditSupport:
    support = ActionSupport.of(server.client_capabilities).applied_edits
    if support is None:
        raise RequestFailedError(message="This editor does not let a server edit documents.")
    return support


async def _carry_out(
    server: ProcoderServer, outcome: Written | Rejected, support: EditSupport
) -> dict[str, Any]:
    reason, proposal = None, None
    if isinstance(outcome, Rejected):
        reason = outcome.reason
    else:
        proposal = outcome.proposal
        reason = await _apply(server, outcome, support)
    if reason is not None:
        tell(server, reason)
    elif proposal is not None and (said := _said(proposal, support)):
        tell(server, said)
    return {
        "applied": reason is None,
        "title": proposal.title if proposal else None,
        "notes": list(proposal.notes) if proposal else [],
        "reason": reason,
    }


async def _apply(server: ProcoderServer, written: Written, support: EditSupport) -> str | None:
    """Apply an edit; returns the reason where that failed."""
    proposal = written.proposal
    if proposal.new_file is not None and not support.creates:
        return await asyncio.to_thread(write_new_file, proposal.new_file)
    edit = await translate(server, written, support)
    if isinstance(edit, Rejected):
        return edit.reason
    params = types.ApplyWorkspaceEditParams(edit, label=proposal.title)
    try:
        result = await server.workspace_apply_edit_async(params)
    except JsonRpcException as error:
        return f"The editor refused the edit: {error.message}"
    return None if result.applied else result.failure_reason or "The editor did not apply the edit."


def write_new_file(new: NewFile) -> str | None:
    """Write a file that must not exist yet; returns the reason where that failed."""
    try:
        with new.path.open("x", encoding="utf-8", newline="") as file:
            file.write(new.text)
    except FileExistsError:
        return f"`{new.path.name}` exists by now. Ask again to add to it."
    except OSError as error:
        return f"`{new.path.name}` could not be written: {error.strerror}."
    return None


def _said(proposal: ProposedEdit, support: EditSupport) -> str:
    """What the user must know beside the edit: where it went, and what was left out."""
    new = proposal.new_file
    written = [f"Wrote {_short(new.path)}."] if new is not None and not support.creates else []
    notes = () if support.annotations else proposal.notes
    return " ".join([*written, *notes])


def _short(path: Path) -> str:
    return "/".join(path.parts[-2:])
