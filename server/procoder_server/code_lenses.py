"""`textDocument/codeLens`: "Explain" and "Document" above functions and classes.

A lens gets its title when it is resolved, that is when it is seen: only then is looked up whether
the explanation is there already. That also says what is in view, which idle work begins with.
"""

import ast
import asyncio
from collections.abc import Container, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from lsprotocol import types
from pygls.workspace import TextDocument

from procoder_server.background import Job, explanation_of
from procoder_server.positions import to_client
from procoder_server.protocol import is_python
from procoder_server.server import ProcoderServer
from procoder_server.symbol_commands import DOCUMENT, EXPLAIN, on_symbol
from procoder_tutor.errors import InputError
from procoder_tutor.symbols import Document, Symbol
from procoder_tutor.syntax import Definition

REFRESH_SECONDS = 1.0
"""Explanations that are ready within this time of each other are shown at once."""
_LOOKED_UP = 2
"""Lenses looked up at a time: a client that resolves all of a large file must not fill the
threads that hovers are computed in."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a lens is about, as it travels to the client and back."""

    uri: str
    symbol: str
    line: int
    """1-based first line of the symbol."""
    command: str

    @classmethod
    def read(cls, data: Any) -> "Place | None":
        """Return what a lens holds; None for one that is not ours."""
        match data:
            case {
                "uri": str(uri),
                "symbol": str(symbol),
                "line": int(line),
                "command": str(command),
            }:
                return cls(uri, symbol, line, command)
        return None

    def find(self, document: Document) -> Symbol | None:
        """Return the symbol in the document as it is now; None when it is gone."""
        named = [symbol for symbol in document.symbols if symbol.name == self.symbol]
        return min(named, key=lambda symbol: abs(symbol.line - self.line), default=None)


def register(server: ProcoderServer) -> None:
    """Add code lenses to a server."""
    turns = asyncio.Semaphore(_LOOKED_UP)
    refresher = Refresher(server)
    server.background.when_written.append(refresher.explained)
    server.configuration.when_changed.append(refresher.changed)

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions(resolve_provider=True))
    async def code_lens(params: types.CodeLensParams) -> list[types.CodeLens] | None:
        text_document = server.workspace.get_text_document(params.text_document.uri)
        settings = (await server.sessions.get(text_document.uri)).settings
        if not settings.code_lens.enabled or not _is_python(text_document):
            return None
        try:
            document = await server.analyses.document(text_document.uri)
        except InputError:
            return None
        return list(lenses(document, text_document, server.protocol.fm.commands))

    @server.feature(types.CODE_LENS_RESOLVE)
    async def resolve(lens: types.CodeLens) -> types.CodeLens:
        place = Place.read(lens.data)
        if place is None or not server.is_on(place.uri):
            return lens
        async with turns:
            lens.command = await _command(server, place)
        return lens


def lenses(
    document: Document, text_document: TextDocument, known: Container[str]
) -> Iterator[types.CodeLens]:
    """Yield the lenses of a document, without their titles; only of commands that are known."""
    for symbol in document.symbols:
        if symbol.kind == "function" and "." in symbol.name:
            continue  # inside another function, which has its own
        width = len(document.source.lines[symbol.line - 1])
        above = to_client(text_document, symbol.line, 0, symbol.line, width)
        for command in (EXPLAIN, DOCUMENT):
            if command in known and (command == EXPLAIN or not has_docstring(symbol)):
                place = Place(document.snapshot.uri, symbol.name, symbol.line, command)
                yield types.CodeLens(range=above, data=asdict(place))


def has_docstring(symbol: Symbol) -> bool:
    """Tell whether a function or class says what it is for."""
    return isinstance(symbol.node, Definition) and ast.get_docstring(symbol.node) is not None


class Refresher:
    """Makes the client ask for lenses anew when what they say has changed."""

    def __init__(self, server: ProcoderServer) -> None:
        self._server = server
        self._waiting = False
        self._enabled: bool | None = None

    def explained(self, _: Job) -> None:
        """Take note that an explanation is ready."""
        self._refresh()

    def changed(self, settings: Any) -> None:
        """Take note of changed settings."""
        shown = settings.enabled and settings.code_lens.enabled
        before, self._enabled = self._enabled, shown
        if before is not None and before != self._enabled:
            self._refresh()

    def _refresh(self) -> None:
        if not self._waiting and refreshes(self._server.client_capabilities):
            self._waiting = True
            self._server.spawn(self._refresh_soon())

    async def _refresh_soon(self) -> None:
        await asyncio.sleep(REFRESH_SECONDS)
        self._waiting = False
        await self._server.workspace_code_lens_refresh_async(None)


def refreshes(capabilities: types.ClientCapabilities) -> bool:
    """Tell whether the client can be made to ask for lenses anew."""
    workspace = capabilities.workspace
    lens = workspace.code_lens if workspace else None
    return bool(lens and lens.refresh_support)


async def _command(server: ProcoderServer, place: Place) -> types.Command:
    """Return what a lens says and does now."""
    gone = types.Command(title="This code has changed", command="")
    try:
        document = await server.analyses.document(place.uri)
    except InputError:
        return gone
    symbol = place.find(document)
    if symbol is None:
        return gone
    if place.command == DOCUMENT:
        return on_symbol("Document", DOCUMENT, symbol)
    server.idle.sees(symbol)
    session = await server.sessions.get(place.uri)
    kept = await session.tutor.cached(document, explanation_of(session, symbol))
    return on_symbol("Explain" if kept is None else "Explanation ready", EXPLAIN, symbol)


def _is_python(text_document: TextDocument) -> bool:
    return is_python(text_document.language_id, text_document.uri)
