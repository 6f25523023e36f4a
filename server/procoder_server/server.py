"""The language server object: all state of one client's connection lives on it."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from procoder_server.analysis import Analyses
from procoder_server.background import BackgroundExplainer
from procoder_server.configuration import Configuration
from procoder_server.idle import IdleWork
from procoder_server.journal import Journal
from procoder_server.kept_proposals import KeptProposals
from procoder_server.layers import Values
from procoder_server.protocol import Protocol
from procoder_server.running import Running
from procoder_server.session import Sessions, TutorFactory
from procoder_server.suggestions import Suggestions

logger = logging.getLogger(__name__)


class ProcoderServer(LanguageServer):
    """A server for one client; features add themselves by `register(server)`."""

    protocol: Protocol

    def __init__(
        self,
        tutor_factory: TutorFactory | None = None,
        chosen: Values = MappingProxyType({}),
    ) -> None:
        super().__init__("procoder", version("procoder"), protocol_cls=Protocol)
        self.protocol.is_on = self.is_on
        self.analyses = Analyses(self._text_document)
        self.sessions = Sessions(tutor_factory)
        self.configuration = Configuration(self, chosen)
        self.when_initializing: list[Callable[[types.ClientCapabilities], None]] = []
        """Called before the server announces what it can, with what the client can."""
        self.background = BackgroundExplainer()
        self.running = Running()
        self.journal = Journal()
        self.proposals = KeptProposals()
        self.idle = IdleWork(self)
        self.suggestions = Suggestions()
        self._tasks: set[asyncio.Task[None]] = set()
        self._folder: TemporaryDirectory[str] | None = None

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run work that nobody waits for; it ends with the server."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def is_on(self, uri: str) -> bool:
        """Tell whether ProCoder is switched on for a document; it is until settings are known."""
        settings = self.sessions.settings(uri)
        return settings is None or settings.enabled

    async def stop(self) -> int:
        """Stop everything that keeps the model busy; returns how much that was."""
        written = self.suggestions.stop()
        return await self.running.stop() + await self.background.stop() + written

    def log_to_client(self, kind: types.MessageType, message: str) -> None:
        """Put a line into the editor's log of this server."""
        self.window_log_message(types.LogMessageParams(type=kind, message=f"ProCoder: {message}"))

    def report_server_error(self, error: Exception, source: Any) -> None:  # noqa: ARG002 - pygls's
        """Log where it happened; pygls would show the text, and so code, to the user."""
        logger.error("a message could not be handled", exc_info=error)

    def private_folder(self) -> Path:
        """Return a folder that only this user can read and that goes with the server."""
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="procoder-", ignore_cleanup_errors=True)
        return Path(self._folder.name)

    async def aclose(self) -> None:
        """Stop all work and leave no process but the shared host."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.idle.aclose()
        await self.background.aclose()
        await self.suggestions.aclose()
        await self.sessions.close()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _text_document(self, uri: str) -> TextDocument:
        return self.workspace.get_text_document(uri)

    def _finished(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, JsonRpcException):
            logger.warning("the client refused what was asked of it", exc_info=error)
        elif error is not None:
            logger.error("background work failed", exc_info=error)
