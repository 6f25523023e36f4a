"""The JSON-RPC layer: pygls's, made strict where a client would otherwise wait or learn too much.

Every request is answered exactly once, also before `initialize`, after `shutdown`, and when its
parameters do not fit; commands can be cancelled; unexpected errors reach the client as a sentence.
"""

import json
import logging
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

from procoder_server.errors import InvalidArgumentsError, response_error, without_internals
from procoder_server.traces import Traces
from procoder_server.workspace import ExactWorkspace

logger = logging.getLogger(__name__)

PARTIAL_RESULT_TOKEN = "partialResultToken"  # noqa: S105 - a token of LSP
NOTHING: Mapping[str, Any] = MappingProxyType(
    {
        types.TEXT_DOCUMENT_CODE_ACTION: None,
        types.TEXT_DOCUMENT_CODE_LENS: None,
        types.TEXT_DOCUMENT_DIAGNOSTIC: types.RelatedFullDocumentDiagnosticReport(items=()),
        types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT: None,
        types.TEXT_DOCUMENT_HOVER: None,
        types.TEXT_DOCUMENT_INLINE_COMPLETION: None,
    }
)
"""The answers about a document that ProCoder is switched off for."""


class Protocol(LanguageServerProtocol):
    """Speaks LSP for one client."""

    is_on: Callable[[str], bool] | None = None
    """Tells whether a document, by its URI, is one that ProCoder is to say something about."""
    exit_code: int | None = None
    """Set by the `exit` notification: 0 after `shutdown`, else 1."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._traces = Traces()

    def receive(self, body: bytes) -> None:
        """Handle one message body; whatever is wrong with it is answered, never raised."""
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            logger.warning("a message is not JSON")
            self._refuse(None, types.ErrorCodes.ParseError, "The message is not valid JSON.")
            return
        if not isinstance(data, dict) or data.get("jsonrpc") != self.VERSION:
            identity = data.get("id") if isinstance(data, dict) else None
            self._refuse(identity, types.ErrorCodes.InvalidRequest, "This is not JSON-RPC 2.0.")
            return
        try:
            message = self.structure_message(_with_partial_result_token(data))
        except JsonRpcException:
            logger.warning("parameters of %.80r do not fit", data.get("method"))
            if "method" in data and "id" in data:
                self._refuse(
                    data["id"], types.ErrorCodes.InvalidParams, "The parameters do not fit."
                )
            return
        self.handle_message(message)

    def handle_message(self, message: Any) -> None:
        """Refuse what comes at the wrong time, else hand it to its handler."""
        method, identity = getattr(message, "method", None), getattr(message, "id", None)
        if method is not None and identity is not None:
            self._traces.begin(identity, method)
        refusal = self._refusal(method)
        if refusal is not None:
            if identity is not None:
                self._send_response(identity, error=refusal)
        elif self._is_unwanted(message):
            self._send_response(message.id, NOTHING[message.method])
        else:
            super().handle_message(message)

    def _is_unwanted(self, message: Any) -> bool:
        """Tell whether a request is about a document that ProCoder is switched off for."""
        if self.is_on is None or getattr(message, "method", None) not in NOTHING:
            return False
        return not self.is_on(message.params.text_document.uri)

    def _refusal(self, method: str | None) -> types.ResponseError | None:
        if method is None or method == types.EXIT:
            return None
        if self._shutdown:
            return response_error(types.ErrorCodes.InvalidRequest, "ProCoder is shutting down.")
        initialized = self._workspace is not None
        if initialized and method == types.INITIALIZE:
            return response_error(types.ErrorCodes.InvalidRequest, "ProCoder is initialized.")
        if not initialized and method != types.INITIALIZE:
            return response_error(types.ErrorCodes.ServerNotInitialized, "Send initialize first.")
        return None

    def _refuse(self, identity: Any, code: types.ErrorCodes, message: str) -> None:
        self._send_response(identity, error=response_error(code, message))

    def _send_response(
        self, msg_id: Any, result: Any = None, error: types.ResponseError | None = None
    ) -> None:
        safe = without_internals(error) if error is not None else None
        super()._send_response(msg_id, result, safe)
        trace = self._traces.end(msg_id, self.trace, safe)
        if trace is not None:
            self.notify(types.LOG_TRACE, trace)

    def use_exact_workspace(self) -> None:
        """Replace pygls's workspace by one that counts lines and columns as LSP does."""
        given = self.workspace
        self._workspace = ExactWorkspace(
            given.root_uri,
            types.TextDocumentSyncKind.Incremental,
            tuple(given.folders.values()),
            given.position_encoding,
        )

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_: Any) -> None:  # type: ignore[override] # handlers may be plain
        """Note the exit code; the loop that reads messages ends by it."""
        self.exit_code = 0 if self._shutdown else 1

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(  # type: ignore[override] # or coroutines
        self, params: types.ExecuteCommandParams
    ) -> Any:
        """Run a command inside the request's own task, so that cancelling the one cancels both.

        pygls runs commands apart from their request: a cancelled client would get its answer while
        the work went on. A command here is an async function of the server and the parameters.
        """
        command = self.fm.commands.get(params.command)
        if command is None:
            raise InvalidArgumentsError(message="ProCoder has no such command.")
        return await command(params)


def _with_partial_result_token(data: dict[str, Any]) -> dict[str, Any]:
    """Move `partialResultToken` into a command's argument, as the protocol has none beside it."""
    params = data.get("params")
    if data.get("method") != types.WORKSPACE_EXECUTE_COMMAND or not isinstance(params, dict):
        return data
    token, arguments = params.get(PARTIAL_RESULT_TOKEN), params.get("arguments")
    if token is not None and isinstance(arguments, list):
        for argument in arguments[:1]:
            if isinstance(argument, dict):
                argument.setdefault(PARTIAL_RESULT_TOKEN, token)
    return data


def is_python(language_id: str | None, uri: str) -> bool:
    """Tell whether a document is Python: by the editor's word, else by its name."""
    if language_id:
        return language_id.lower() in {"python", "python3"}
    return uri.lower().endswith((".py", ".pyi", ".pyw"))


def supports_work_done_progress(server: LanguageServer) -> bool:
    """Tell whether the client shows progress that the server begins."""
    window = server.client_capabilities.window
    return bool(window and window.work_done_progress)
