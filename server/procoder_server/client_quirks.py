"""What clients do beside what their capabilities say, each as seen in the version named here.

Helix 25.01
    opens documents on `window/showDocument`, which it does not announce;
    stands still while it waits for `codeAction/resolve`, which it announces;
    shows the user no error of a command, only writes it into its log.
Eglot 1.17, in Emacs 30
    stands still as well while it waits for `codeAction/resolve`, and gives up after ten seconds.
"""

from lsprotocol import types

_HELIX = "helix"
_EGLOT = "Eglot"


def correct(capabilities: types.ClientCapabilities, client: types.ClientInfo | None) -> None:
    """Write into the capabilities what a client of that name should have said."""
    name = client.name if client is not None else ""
    if name == _HELIX:
        capabilities.window = capabilities.window or types.WindowClientCapabilities()
        capabilities.window.show_document = types.ShowDocumentClientCapabilities(support=True)
    document = capabilities.text_document
    if name in {_HELIX, _EGLOT} and document is not None and document.code_action is not None:
        document.code_action.resolve_support = None


def hides_command_errors(client: types.ClientInfo | None) -> bool:
    """Tell whether the user of a client never sees why a command failed."""
    return client is not None and client.name == _HELIX
