"""`textDocument/didOpen`, `didChange`, `didClose`: keeps analyses and diagnostics up to date.

pygls has already applied the change when these handlers run.
"""

from lsprotocol import types

from procoder_server.diagnostics import DEBOUNCE_SECONDS, DiagnosticsPublisher
from procoder_server.protocol import is_python
from procoder_server.server import ProcoderServer
from procoder_server.workspace import is_open

OPENED_SECONDS = 0.1
"""How long the linter leaves the processor to a hover that comes as soon as a file is opened."""


def register(server: ProcoderServer) -> None:
    """Add document synchronization to a server."""
    publisher = DiagnosticsPublisher(server)

    def analyse_all(_: object) -> None:
        for text_document in list(server.workspace.text_documents.values()):
            _analyse(server, publisher, text_document.uri, 0)

    server.configuration.when_changed.append(analyse_all)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        uri = params.text_document.uri
        if server.is_on(uri) and is_python(params.text_document.language_id, uri):
            server.analyses.prepare(uri)
        _analyse(server, publisher, uri, OPENED_SECONDS)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        if is_open(server.workspace, params.text_document.uri):
            _analyse(server, publisher, params.text_document.uri, DEBOUNCE_SECONDS)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        server.analyses.forget(params.text_document.uri)
        server.idle.forget(params.text_document.uri)
        publisher.clear(params.text_document.uri)


def _analyse(
    server: ProcoderServer, publisher: DiagnosticsPublisher, uri: str, delay: float
) -> None:
    """Have a document's diagnostics published after `delay` seconds, or taken back when off."""
    text_document = server.workspace.get_text_document(uri)
    if not server.is_on(uri):
        publisher.clear(uri)
    elif is_python(text_document.language_id, uri):
        publisher.schedule(uri, delay)
        server.idle.touched(uri)
