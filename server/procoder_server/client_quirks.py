"""What clients do beside what their capabilities say, each as seen in the version named here.

Helix 25.01
    opens documents on `window/showDocument`, which it does not announce;
    stands still while it waits for `codeAction/resolve`, which it announces;
    shows the user no error of a command, only writes it into its log.
"""

from lsprotocol import types

_HELIX = "helix"


def correct(capabilities: types.ClientCapabilities, client: types.ClientInfo | None) -> None:
    """Write into the capabilities what a client of that name should have said."""
    if not _is_helix(client):
        return
    capabilities.window = capabilities.window or types.WindowClientCapabilities()
    capabilities.window.show_document = types.ShowDocumentClientCapabilities(support=True)
    document = capabilities.text_document
    if document is not None and document.code_action is not None:
        document.code_action.resolve_support = None


def hides_command_errors(client: types.ClientInfo | None) -> bool:
    """Tell whether the user of a client never sees why a command failed."""
    return _is_helix(client)


def _is_helix(client: types.ClientInfo | None) -> bool:
    return client is not None and client.name == _HELIX
