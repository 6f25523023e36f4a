"""An editor that drives a language server over stdio and takes the time, whosever it is."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

from bench.measure import elapsed_ms
from procoder_server.parts import READING

CAPABILITIES = lsp.ClientCapabilities(
    text_document=lsp.TextDocumentClientCapabilities(
        hover=lsp.HoverClientCapabilities(content_format=[lsp.MarkupKind.Markdown]),
        publish_diagnostics=lsp.PublishDiagnosticsClientCapabilities(version_support=True),
    )
)

HOVER_AGAIN = "hover again"
"""What a hover says that will have more to say."""
_PAUSE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Hovered:
    """One hover: what it said, and the milliseconds that took."""

    text: str
    ms: float


class Editor:
    """One window with one server; documents are told by their paths, lines begin at 1."""

    def __init__(self) -> None:
        self.initialize_ms = 0.0
        """From starting the process to its answer to `initialize`."""
        self._client = LanguageClient("procoder-bench", "1")
        self._versions: dict[Path, int] = {}
        self._checked: dict[str, int | None] = {}
        self._news = asyncio.Event()
        self._client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(partial(self._note))
        for notification in (lsp.WINDOW_LOG_MESSAGE, lsp.WINDOW_SHOW_MESSAGE):
            self._client.feature(notification)(lambda _: None)

    @property
    def process_id(self) -> int:
        """The server's."""
        return int(self._process.pid)

    async def start(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start a server, with variables beside those that there are, and initialize it."""
        started = time.perf_counter()
        await self._client.start_io(*command, env={**os.environ, **environment})
        await self._client.initialize_async(
            lsp.InitializeParams(capabilities=CAPABILITIES, process_id=None, root_uri=None)
        )
        self.initialize_ms = elapsed_ms(started)
        self._client.initialized(lsp.InitializedParams())

    async def stop(self) -> None:
        """Shut the server down, and wait until it has left."""
        await self._client.shutdown_async(None)
        self._client.exit(None)
        await self._process.wait()
        await self._client.stop()  # type: ignore[no-untyped-call]  # pygls's

    async def open(self, path: Path, text: str) -> float:
        """Open a document; returns the milliseconds until its diagnostics are there."""
        started = self.open_unchecked(path, text)
        await self._until_checked(path)
        return elapsed_ms(started)

    def open_unchecked(self, path: Path, text: str) -> float:
        """Open a document and wait for nothing; returns when, by `time.perf_counter`."""
        self._versions[path] = 1
        item = lsp.TextDocumentItem(path.as_uri(), "python", version=1, text=text)
        self._client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        return time.perf_counter()

    async def change(self, path: Path, line: int, end_line: int, text: str) -> float:
        """Put `text` in place of lines; returns the ms until the diagnostics of that version."""
        self._versions[path] += 1
        identity = lsp.VersionedTextDocumentIdentifier(self._versions[path], path.as_uri())
        span = lsp.Range(lsp.Position(line - 1, 0), lsp.Position(end_line - 1, 0))
        change = lsp.TextDocumentContentChangePartial(span, text)
        started = time.perf_counter()
        self._client.text_document_did_change(lsp.DidChangeTextDocumentParams(identity, [change]))
        await self._until_checked(path)
        return elapsed_ms(started)

    async def hover(self, path: Path, line: int, column: int) -> Hovered:
        """Hover once."""
        place = lsp.HoverParams(
            lsp.TextDocumentIdentifier(path.as_uri()), lsp.Position(line - 1, column)
        )
        started = time.perf_counter()
        hover = await self._client.text_document_hover_async(place)
        took = elapsed_ms(started)
        return Hovered(_text(hover), took)

    async def hover_until_read(self, path: Path, line: int, column: int) -> Hovered:
        """Hover, and again as long as the server is reading the file; the time is that of all."""
        started = time.perf_counter()
        while READING in (hovered := await self.hover(path, line, column)).text:
            pass
        return Hovered(hovered.text, elapsed_ms(started))

    async def hover_until_explained(self, path: Path, line: int, column: int) -> None:
        """Hover now and then, as the server asks for, until it is not writing any more."""
        while HOVER_AGAIN in (await self.hover(path, line, column)).text:  # noqa: ASYNC110 - it
            await asyncio.sleep(_PAUSE_SECONDS)  # is ready when a hover says so

    @property
    def _process(self) -> asyncio.subprocess.Process:
        process = self._client._server
        assert process is not None
        return process

    def _note(self, params: lsp.PublishDiagnosticsParams) -> None:
        self._checked[params.uri] = params.version
        self._news.set()

    async def _until_checked(self, path: Path) -> None:
        while self._checked.get(path.as_uri()) != self._versions[path]:
            self._news.clear()
            await self._news.wait()


@asynccontextmanager
async def editing(command: Sequence[str], environment: Mapping[str, str]) -> AsyncIterator[Editor]:
    """An editor whose server goes with the block."""
    editor = Editor()
    await editor.start(command, environment)
    yield editor
    await editor.stop()


def _text(hover: lsp.Hover | None) -> str:
    contents = hover.contents if hover is not None else None
    return contents.value if isinstance(contents, lsp.MarkupContent) else ""
