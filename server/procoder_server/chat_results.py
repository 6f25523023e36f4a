"""What a turn of a chat results in: an answer's fields, a proposal that can be applied, or words.

The fields are described in docs/lsp.md.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from lsprotocol import types

from procoder_server.asking import Answer
from procoder_server.chat_questions import Asked
from procoder_server.chat_turns import Turn
from procoder_server.commands import answer_fields
from procoder_server.edit_commands import APPLY
from procoder_server.late import importing
from procoder_server.next_steps import again, next_steps
from procoder_server.proposals import Written, translate
from procoder_server.server import ProcoderServer
from procoder_server.workspace_edits import EditSupport
from procoder_tutor.edits.model import ProposedEdit, Rejected


async def answered(
    server: ProcoderServer, turn: Turn, asked: Asked, answer: Answer
) -> dict[str, Any]:
    """Return the result for an answer of the tutor."""
    changed, reply = await asyncio.to_thread(_texts, turn, asked, answer)
    notes = (*turn.notes, *asked.notes)
    argument = turn.arguments.repeatable
    markdown = "\n\n".join([*notes, reply])
    text_document = server.workspace.get_text_document(turn.arguments.uri)
    return {
        "conversation": turn.conversation,
        "turn": answer.turn,
        "kind": asked.kind.value,
        "markdown": markdown,
        "notes": list(notes),
        "next": next_steps(asked.kind, turn.level, argument, answer, asked.findings),
        "again": again(argument, turn.conversation, answer.turn),
        "proposal": await _proposal(server, turn, answer, changed),
        **answer_fields(answer, markdown, text_document),
    }


def said(turn: Turn, markdown: str, steps: Sequence[types.Command] = ()) -> dict[str, Any]:
    """Return the result of what needs no model."""
    return {
        "conversation": turn.conversation,
        "turn": None,
        "kind": str(turn.said.slash),
        "markdown": "\n\n".join([*turn.notes, markdown]),
        "explanation": markdown,
        "notes": list(turn.notes),
        "next": list(steps),
    }


def _texts(turn: Turn, asked: Asked, answer: Answer) -> tuple[str, str]:
    """Return a proposed edit as a difference, and the answer as Markdown; reads edited files."""
    # `initialize` is answered without these.
    with importing():
        from procoder_server import answer_cards  # noqa: PLC0415
        from procoder_tutor.edits.difference import difference  # noqa: PLC0415

    changed = ""
    if isinstance(answer.proposal, ProposedEdit):
        changed = difference(turn.analysis.document, answer.proposal)
    return changed, answer_cards.reply(asked.kind, answer, turn.level, changed)


async def _proposal(
    server: ProcoderServer, turn: Turn, answer: Answer, changed: str
) -> dict[str, Any] | None:
    """Return an edit as it is shown and applied, or why there is none; None where none is asked."""
    proposal = answer.proposal
    if proposal is None:
        return None
    if isinstance(proposal, Rejected):
        return {"reason": proposal.reason}
    written = Written(proposal, turn.analysis, by_model=bool(answer.explanation.model))
    support = EditSupport.of(server.client_capabilities)
    creatable = proposal.new_file is None or support.creates
    edit = await translate(server, written, support) if creatable else None
    return {
        "title": proposal.title,
        "difference": changed,
        "notes": list(proposal.notes),
        "edit": None if isinstance(edit, Rejected) else edit,
        "apply": _apply(server.proposals.keep(written)),
    }


def _apply(identity: str) -> types.Command:
    return types.Command(title="Apply", command=APPLY, arguments=[{"proposal": identity}])
