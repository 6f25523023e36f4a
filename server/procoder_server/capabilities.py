"""What a client can do, where that decides which features it is offered."""

from lsprotocol import types

PULLED = types.DiagnosticOptions(inter_file_dependencies=False, workspace_diagnostics=False)
"""How diagnostics are offered to a client that pulls them."""


def pulls_diagnostics(capabilities: types.ClientCapabilities) -> bool:
    """Tell whether the client asks for diagnostics, also when told to: it is not sent any."""
    document, workspace = capabilities.text_document, capabilities.workspace
    refreshed = workspace.diagnostics if workspace else None
    return bool(document and document.diagnostic and refreshed and refreshed.refresh_support)


def knows_inline_completion(capabilities: types.ClientCapabilities) -> bool:
    """Tell whether a client has the request for inline completions (LSP 3.18)."""
    document = capabilities.text_document
    return document is not None and document.inline_completion is not None
