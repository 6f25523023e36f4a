"""The JSON-RPC layer: pygls's, made strict where a client would otherwise wait or learn too much.

Every request is answered exactly once, also before `initialize`, after `shutdown`, and when its
parameters do not fit; commands can be cancelled; unexpected errors reach the client as a sentence.
"""

import json
import logging
from collections.abc import Callable, Generator, Mapping
from types import MappingProxyType
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

from procoder_server.errors import (
    InvalidArgumentsError,
    for_users,
    response_error,
)
from procoder_server.framing import encode_frame
from procoder_server.messages import MalformedMessageError, Message, read_message
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
NOTIFICATIONS = frozenset(
    method for method, (message, *_) in types.METHOD_TO_TYPES.items() if not hasattr(message, "id")
)
"""Methods that are never answered."""
_IDENTITIES = ("id", "token", "work_done_token", "partial_result_token")
"""Parameters that lsprotocol declares to be integers or strings, and lets be anything."""


class Protocol(LanguageServerProtocol):
    """Speaks LSP for one client."""

    is_on: Callable[[str], bool] | None = None
    """Tells whether a document, by its URI, is one that ProCoder is to say something about."""
    shows_command_errors = False
    """Whether errors of commands are also shown as messages, for a client that hides them."""
    exit_code: int | None = None
    """Set by the `exit` notification: 0 after `shutdown`, else 1."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._traces = Traces()

    def receive(self, body: bytes) -> None:
        """Handle one message body; whatever is wrong with it is answered, never raised."""
        try:
            message = read_message(body)
        except MalformedMessageError as error:
            logger.warning("a message is malformed: %s", error)
            self._refuse(error.identity, error.code, str(error))
            return
        if message.method is None:
            self._take_response(message)
            return
        if message.identity is not None:
            self._traces.begin(message.identity, message.method)
        refusal = self._refusal(message.method, is_request=message.identity is not None)
        if refusal is None:
            self._take(message)
        elif message.identity is not None:
            self._send_response(message.identity, error=refusal)

    def refuse_size(self, size: int) -> None:
        """Tell about a message of so many bytes that was not read, not even for its id."""
        logger.warning("a message of %d bytes was skipped", size)
        text = f"A message of {size:,} bytes is too large to be read."
        self._refuse(None, types.ErrorCodes.InvalidRequest, text)

    def _take(self, message: Message) -> None:
        """Hand a request or a notification to its handler."""
        structured = self._structured(message)
        if structured is None:
            logger.warning("parameters of %.80r do not fit", message.method)
            if message.identity is not None:
                self._refuse(
                    message.identity, types.ErrorCodes.InvalidParams, "The parameters do not fit."
                )
            return
        if self._is_unwanted(structured):
            self._send_response(structured.id, NOTHING[structured.method])
        else:
            self.handle_message(structured)

    def _structured(self, message: Message) -> Any:
        """Return a message as lsprotocol has it; None when its parameters do not fit."""
        try:
            structured = self.structure_message(_with_partial_result_token(message.data))
        except JsonRpcException:
            return None
        params = getattr(structured, "params", None)
        identities = (getattr(params, name, None) for name in _IDENTITIES)
        return structured if all(isinstance(i, int | str | None) for i in identities) else None

    def _take_response(self, message: Message) -> None:
        """Give a response to whoever waits for it; nobody waits for ever for one that is broken."""
        identity = message.identity
        if identity is None or identity not in self._result_types:
            logger.warning("a response answers nothing")
            return
        error: types.ResponseError | None = None
        result = None
        try:
            structured = self.structure_message(message.data)
        except JsonRpcException:
            logger.warning("a response does not fit")
            error = response_error(types.ErrorCodes.InvalidParams, "The response does not fit.")
        else:
            error = getattr(structured, "error", None)
            result = getattr(structured, "result", None)
        self._result_types.pop(identity, None)
        future = self._request_futures.get(identity)
        if future is not None and not future.done():
            self._handle_response(identity, result, error)
        else:
            self._request_futures.pop(identity, None)

    def _is_unwanted(self, message: Any) -> bool:
        """Tell whether a request is about a document that ProCoder is switched off for."""
        if self.is_on is None or getattr(message, "method", None) not in NOTHING:
            return False
        return not self.is_on(message.params.text_document.uri)

    def _refusal(self, method: str, *, is_request: bool) -> types.ResponseError | None:
        """Return why a message is not handled."""
        if is_request and method in NOTIFICATIONS:
            return response_error(types.ErrorCodes.InvalidRequest, "A notification has no id.")
        if method == types.EXIT:
            return None
        untimely = self._untimely(method)
        if untimely is None and not self._handles(method):
            return response_error(types.ErrorCodes.MethodNotFound, "ProCoder has no such method.")
        return untimely

    def _untimely(self, method: str) -> types.ResponseError | None:
        if self._shutdown:
            return response_error(types.ErrorCodes.InvalidRequest, "ProCoder is shutting down.")
        initialized = self._workspace is not None
        if initialized and method == types.INITIALIZE:
            return response_error(types.ErrorCodes.InvalidRequest, "ProCoder is initialized.")
        if not initialized and method != types.INITIALIZE:
            return response_error(types.ErrorCodes.ServerNotInitialized, "Send initialize first.")
        return None

    def _handles(self, method: str) -> bool:
        known = method in self.fm.features or method in self.fm.builtin_features
        return known or method == types.CANCEL_REQUEST

    def _refuse(self, identity: Any, code: types.ErrorCodes, message: str) -> None:
        self._send_response(identity, error=response_error(code, message))

    def _send_response(
        self, msg_id: Any, result: Any = None, error: types.ResponseError | None = None
    ) -> None:
        safe = for_users(error) if error is not None else None
        super()._send_response(msg_id, result, safe)
        trace = self._traces.end(msg_id, self.trace, safe)
        if trace is not None:
            self.notify(types.LOG_TRACE, trace)

    def _send_data(self, data: Any) -> None:
        """Write a message; a response that cannot be written becomes an error that can.

        What a client sent, it may get back (`data` of an action): nested as deeply as JSON is read,
        which can be more deeply than it is written.
        """
        try:
            body = json.dumps(data, default=self._serialize_message)
        except (TypeError, ValueError, RecursionError):
            logger.exception("a message cannot be written")
            if not hasattr(data, "result"):
                return
            internal = response_error(types.ErrorCodes.InternalError, "")
            failure = types.ResponseErrorMessage(id=data.id, error=for_users(internal))
            body = json.dumps(failure, default=self._serialize_message)
        if self.writer is not None:
            self.writer.write(encode_frame(body.encode()))

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

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *args: Any) -> Generator[Any, Any, None]:
        """Take no more requests, end those under way, and have everything closed.

        pygls takes more of them until all is closed; a second `shutdown` meanwhile, or a cancelled
        one, leaves it half shut down.
        """
        self._shutdown = True
        current = self.msg_id
        for identity, future in list(self._request_futures.items()):
            if identity != current:
                future.cancel()
        yield self.fm.features[types.SHUTDOWN], args, None

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
        try:
            return await command(params)
        except JsonRpcException as error:
            if self.shows_command_errors:
                message = types.ShowMessageParams(types.MessageType.Error, error.message)
                self.notify(types.WINDOW_SHOW_MESSAGE, message)
            raise


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
