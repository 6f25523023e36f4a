"""Offers as LSP's code actions, in the form that the client understands."""

from collections.abc import Sequence
from typing import Any

from lsprotocol import types
from pygls.workspace import TextDocument

from procoder_server.action_offers import Offer
from procoder_server.action_support import ActionSupport
from procoder_server.edit_requests import TESTS, EditRequest
from procoder_server.workspace_edits import edit_of_text


def to_actions(
    offers: Sequence[Offer], support: ActionSupport, text_document: TextDocument | None
) -> list[types.CodeAction | types.Command]:
    """Translate offers; an edit that the client can get in no way is left out.

    `text_document` is the one that was looked at, None when it has changed since.
    """
    items = (_item(offer, support, text_document) for offer in offers)
    return [item for item in items if item is not None]


def _item(
    offer: Offer, support: ActionSupport, text_document: TextDocument | None
) -> types.CodeAction | types.Command | None:
    if not support.literals:
        return _command(offer, support)
    action = types.CodeAction(
        offer.title,
        kind=offer.kind.value,
        diagnostics=[offer.diagnostic] if offer.diagnostic is not None else None,
    )
    request = offer.request
    if offer.fix is not None and text_document is not None:
        action.edit = edit_of_text(offer.fix, text_document, support.edits, ask_first=False)
        action.is_preferred = True if support.preferred else None
    elif request is not None and _resolvable(request, support):
        action.data = request.data()
    else:
        action.command = _command(offer, support)
        if action.command is None:
            return None
    if request is not None and offer.fix is None and support.marks_models:
        action.tags = [types.CodeActionTag.LlmGenerated]
    return action


def _resolvable(request: EditRequest, support: ActionSupport) -> bool:
    """Tell whether the client can be given the edit; tests may need a file to be created."""
    return support.resolves and (request.command != TESTS or support.edits.creates)


def _command(offer: Offer, support: ActionSupport) -> types.Command | None:
    request = offer.request
    if request is None:
        return _named(offer.title, offer.command, dict(offer.argument))
    if support.applied_edits is None:
        return None
    return _named(offer.title, request.command, request.argument())


def _named(title: str, command: str, argument: dict[str, Any]) -> types.Command:
    return types.Command(title=title, command=command, arguments=[argument])
