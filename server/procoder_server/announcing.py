"""The answer to `initialize`, given before what it announces is imported.

The features and all that they import take as long to load as a quarter of the time that an editor
waits for this answer; with it the editor goes on with its own work meanwhile. What is announced is
written down here once more, and a test holds it against what the features register.
"""

import json
from collections.abc import Mapping
from importlib.metadata import version
from types import MappingProxyType
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from procoder_server.action_kinds import ActionKind
from procoder_server.capabilities import (
    PULLED,
    knows_inline_completion,
    pulls_diagnostics,
)
from procoder_server.protocol import Protocol

NAME = "procoder"
_RENAMED = (
    types.FileOperationFilter(
        types.FileOperationPattern("**/*.{py,pyi,pyw}", types.FileOperationPatternKind.File), "file"
    ),
    types.FileOperationFilter(
        types.FileOperationPattern("**", types.FileOperationPatternKind.Folder), "file"
    ),
)

FEATURES: Mapping[str, Any] = MappingProxyType(
    {
        types.TEXT_DOCUMENT_DID_OPEN: None,
        types.TEXT_DOCUMENT_DID_CHANGE: None,
        types.TEXT_DOCUMENT_DID_CLOSE: None,
        types.TEXT_DOCUMENT_HOVER: None,
        types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT: None,
        types.TEXT_DOCUMENT_CODE_LENS: types.CodeLensOptions(resolve_provider=True),
        types.CODE_LENS_RESOLVE: None,
        types.TEXT_DOCUMENT_CODE_ACTION: types.CodeActionOptions(
            code_action_kinds=[kind.value for kind in ActionKind], resolve_provider=True
        ),
        types.CODE_ACTION_RESOLVE: None,
        types.WORKSPACE_DID_CHANGE_CONFIGURATION: None,
        types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: None,
        types.WORKSPACE_DID_RENAME_FILES: types.FileOperationRegistrationOptions(_RENAMED),
    }
)
"""The methods that are offered to every client, and their options."""
COMMANDS = (
    "procoder.explain",
    "procoder.explainParts",
    "procoder.fix",
    "procoder.document",
    "procoder.simplify",
    "procoder.tests",
    "procoder.applyProposal",
    "procoder.explainError",
    "procoder.hint",
    "procoder.ask",
    "procoder.chat",
    "procoder.completeChat",
    "procoder.previewChat",
    "procoder.stop",
    "procoder.toggle",
    "procoder.listConversations",
    "procoder.searchConversations",
    "procoder.readConversation",
    "procoder.newConversation",
    "procoder.exportConversation",
    "procoder.deleteConversations",
    "procoder.chooseModel",
    "procoder.pullModel",
    "procoder.status",
    "procoder.clearCache",
    "procoder.showSent",
)


def announcement(body: bytes) -> bytes | None:
    """Return the answer to a message that asks for `initialize`, framed; None to any other."""
    try:
        method = json.loads(body)["method"]
    except (ValueError, RecursionError, TypeError, KeyError):
        return None
    if method != types.INITIALIZE:
        return None
    announcer = _Announcer(NAME, version(NAME), protocol_cls=Protocol)
    answers = _Collected()
    announcer.protocol.set_writer(answers)
    for feature, options in FEATURES.items():
        announcer.feature(feature, options)(_unreachable)
    for command in COMMANDS:
        announcer.command(command)(_unreachable)

    @announcer.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        if pulls_diagnostics(params.capabilities):
            announcer.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, PULLED)(_unreachable)
        if knows_inline_completion(params.capabilities):
            options = types.InlineCompletionOptions()
            announcer.feature(types.TEXT_DOCUMENT_INLINE_COMPLETION, options)(_unreachable)

    announcer.protocol.receive(body)
    return bytes(answers.data)


class _Announcer(LanguageServer):
    protocol: Protocol


class _Collected:
    """pygls's writer interface over memory."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes) -> None:
        self.data += data

    def close(self) -> None:
        """Nothing is open."""


def _unreachable(_: Any) -> None:
    """Stand for a feature: whoever announces gets one message and is gone."""
