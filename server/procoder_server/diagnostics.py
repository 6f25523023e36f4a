"""Diagnostics: pushed soon after the typing stops, or answered to a client that pulls them.

A client that pulls (`textDocument/diagnostic`) is sent none: it would show them twice. One that
cannot be told to pull anew, such as Neovim 0.10, is not offered to: it would go on showing what is
no more so when settings change. There is no `workspace/diagnostic`: it would read and lint every
file of a folder again and again.
"""

import asyncio
import hashlib
import logging
from collections.abc import Sequence

from lsprotocol import types

from procoder_server.analysis import Analysis
from procoder_server.capabilities import PULLED, pulls_diagnostics
from procoder_server.diagnostic_items import (
    Described,
    DiagnosticSupport,
    to_diagnostics,
)
from procoder_server.late import importing
from procoder_server.protocol import is_python
from procoder_server.server import ProcoderServer
from procoder_tutor.errors import InputError
from procoder_tutor.findings import Finding
from procoder_tutor.symbols import Document

logger = logging.getLogger(__name__)

DEBOUNCE_SECONDS = 0.1
TRAPS_SECONDS = 0.3
"""How long a document has to rest after its diagnostics until the traps are looked for as well."""


def register(server: ProcoderServer) -> None:
    """Add pulled diagnostics to a server; those that are pushed follow `synchronization`."""

    def announce(capabilities: types.ClientCapabilities) -> None:
        if pulls_diagnostics(capabilities):
            server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, PULLED)(diagnostic)

    def pull_again(_: object) -> None:
        if pulls_diagnostics(server.client_capabilities):
            server.workspace_diagnostic_refresh(None)

    async def diagnostic(
        params: types.DocumentDiagnosticParams,
    ) -> types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport:
        items = await _pulled(server, params.text_document.uri)
        result_id = identify(items)
        if result_id == params.previous_result_id:
            return types.RelatedUnchangedDocumentDiagnosticReport(result_id)
        return types.RelatedFullDocumentDiagnosticReport(items, result_id=result_id)

    server.when_initializing.append(announce)
    server.configuration.when_changed.append(pull_again)


class DiagnosticsPublisher:
    """Publishes one document's findings at a time, the newest version only."""

    def __init__(self, server: ProcoderServer) -> None:
        self._server = server
        self._pending: dict[str, asyncio.Task[None]] = {}

    def schedule(self, uri: str, delay: float) -> None:
        """Publish after `delay` seconds, unless the document changes again before."""
        self.cancel(uri)
        if pulls_diagnostics(self._server.client_capabilities):
            return
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
        if not pulls_diagnostics(self._server.client_capabilities):
            self._send(uri, [], None)

    async def _publish(self, uri: str, delay: float) -> None:
        """Publish what the linter found, and again with the traps, which take longer to find."""
        await asyncio.sleep(delay)
        try:
            analysis = await self._server.analyses.get(uri)
        except InputError as error:
            self._server.log_to_client(types.MessageType.Info, str(error))
            self._send(uri, [], None)
            return
        await self._publish_version(uri, analysis, analysis.findings)
        await asyncio.sleep(TRAPS_SECONDS)
        if traps := await wanted_traps(self._server, analysis):
            await self._publish_version(uri, analysis, in_order(analysis.findings, traps))

    async def _publish_version(
        self, uri: str, analysis: Analysis, findings: Sequence[Finding]
    ) -> None:
        found = await _translated(self._server, analysis, findings)
        if found is not None:
            version = self._server.workspace.get_text_document(uri).version
            self._send(uri, found, version)

    def _send(self, uri: str, found: list[types.Diagnostic], version: int | None) -> None:
        self._server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=uri, diagnostics=found, version=version)
        )

    def _forget(self, uri: str, task: "asyncio.Task[None]") -> None:
        if self._pending.get(uri) is task:
            del self._pending[uri]
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("diagnostics failed", exc_info=error)


def in_order(*groups: Sequence[Finding]) -> list[Finding]:
    """Join groups of findings in the order of the text."""
    return sorted((f for group in groups for f in group), key=lambda f: (f.line, f.column, f.code))


def identify(items: Sequence[types.Diagnostic]) -> str:
    """Return an id that is the same for the same diagnostics."""
    return hashlib.sha256(repr(items).encode(errors="replace")).hexdigest()[:32]


async def _pulled(server: ProcoderServer, uri: str) -> list[types.Diagnostic]:
    """Return the diagnostics of the version that is current when they are known."""
    if not is_python(server.workspace.get_text_document(uri).language_id, uri):
        return []
    while True:
        try:
            analysis = await server.analyses.get(uri)
        except InputError as error:
            server.log_to_client(types.MessageType.Info, str(error))
            return []
        findings = in_order(analysis.findings, await wanted_traps(server, analysis))
        found = await _translated(server, analysis, findings)
        if found is not None:
            return found


async def _translated(
    server: ProcoderServer, analysis: Analysis, findings: Sequence[Finding]
) -> list[types.Diagnostic] | None:
    """Return the diagnostics of a document; None when it has changed since it was analysed."""
    support = DiagnosticSupport.of(server.client_capabilities)
    described = await asyncio.to_thread(_described, analysis.document, findings, support)
    text_document = server.analyses.current(analysis)
    if text_document is None:
        return None
    settings = server.sessions.settings(text_document.uri)
    wishes = settings.diagnostics.severity if settings else {}
    return to_diagnostics(text_document, described, support, wishes)


async def wanted_traps(server: ProcoderServer, analysis: Analysis) -> Sequence[Finding]:
    """Return the traps of a document, if they are wanted; until settings are known they are."""
    settings = server.sessions.settings(analysis.document.snapshot.uri)
    if settings is not None and not settings.diagnostics.traps:
        return ()
    return await server.analyses.traps(analysis)


def _described(
    document: Document, findings: Sequence[Finding], support: DiagnosticSupport
) -> list[Described]:
    with importing():
        from procoder_server.describing import describe_all  # noqa: PLC0415 - `initialize` is faster

    return describe_all(document, findings, support)
