"""`textDocument/publishDiagnostics`: the linter's findings, soon after the typing stops."""

import asyncio
import logging

from lsprotocol import types
from pygls.workspace import TextDocument

from procoder_server.analysis import Analysis
from procoder_server.positions import finding_range
from procoder_server.server import ProcoderServer
from procoder_tutor.errors import InputError
from procoder_tutor.findings import Finding

logger = logging.getLogger(__name__)

SOURCE = "procoder"
DEBOUNCE_SECONDS = 0.15
_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
}
_UNUSED = {"UnusedImport", "UnusedVariable", "UnusedAnnotation", "UnusedIndirectAssignment"}


class DiagnosticsPublisher:
    """Publishes one document's findings at a time, the newest version only."""

    def __init__(self, server: ProcoderServer) -> None:
        self._server = server
        self._pending: dict[str, asyncio.Task[None]] = {}

    def schedule(self, uri: str, delay: float) -> None:
        """Publish after `delay` seconds, unless the document changes again before."""
        self.cancel(uri)
        task = asyncio.create_task(self._publish(uri, delay))
        self._pending[uri] = task
        task.add_done_callback(lambda done: self._forget(uri, done))

    def cancel(self, uri: str) -> None:
        """Publish nothing that was scheduled for a document."""
        if (task := self._pending.pop(uri, None)) is not None:
            task.cancel()

    def clear(self, uri: str) -> None:
        """Take a closed document's findings back."""
        self.cancel(uri)
        self._send(uri, [], None)

    async def _publish(self, uri: str, delay: float) -> None:
        await asyncio.sleep(delay)
        try:
            analysis = await self._server.analyses.get(uri)
        except InputError as error:
            self._server.log_to_client(types.MessageType.Info, str(error))
            self._send(uri, [], None)
            return
        text_document = self._server.workspace.get_text_document(uri)
        if text_document.version == analysis.version:
            found = to_diagnostics(text_document, analysis, tags=self._client_tags())
            self._send(uri, found, analysis.version)

    def _send(self, uri: str, found: list[types.Diagnostic], version: int | None) -> None:
        self._server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=uri, diagnostics=found, version=version)
        )

    def _client_tags(self) -> bool:
        document = self._server.client_capabilities.text_document
        publish = document.publish_diagnostics if document else None
        support = publish.tag_support if publish else None
        return support is not None and types.DiagnosticTag.Unnecessary in support.value_set

    def _forget(self, uri: str, task: "asyncio.Task[None]") -> None:
        if self._pending.get(uri) is task:
            del self._pending[uri]
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("diagnostics failed", exc_info=error)


def to_diagnostics(
    text_document: TextDocument, analysis: Analysis, *, tags: bool
) -> list[types.Diagnostic]:
    """Translate findings; `tags` says whether the client greys out what is unused."""
    return [to_diagnostic(text_document, item, tags=tags) for item in analysis.findings]


def to_diagnostic(text_document: TextDocument, finding: Finding, *, tags: bool) -> types.Diagnostic:
    """Translate one finding."""
    unused = tags and finding.rule in _UNUSED
    return types.Diagnostic(
        range=finding_range(text_document, finding),
        message=finding.message,
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        source=SOURCE,
        tags=[types.DiagnosticTag.Unnecessary] if unused else None,
    )
