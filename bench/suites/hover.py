"""Hovers as an editor sees them, while the model works, beside jedi-language-server.

Each function is hovered twice in each server: the first hover pays for jedi, the second does not.
ProCoder's model is busy all the while, for every first hover asks for an explanation.
"""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

from bench.measure import Series, percentile
from bench.suites.startup import PEER, PROCODER
from bench.suites.tutor import largest_modules, name_position, spread
from procoder_tutor.symbols import Document, Snapshot

MODULES = 3
SYMBOLS_PER_MODULE = 10


def run() -> Sequence[Series]:
    """Drive both servers over the same functions, one server after the other."""
    first, again = asyncio.run(hovers_ms(PROCODER))
    peer_first, peer_again = asyncio.run(hovers_ms(PEER))
    peer = "jedi-language-server"
    return [
        Series("first hover of a function", "ms", first, peer, peer_first),
        Series(
            "first hover, p95", "ms", [percentile(first, 95)], peer, [percentile(peer_first, 95)]
        ),
        Series("second hover", "ms", again, peer, peer_again),
        Series(
            "second hover, p95", "ms", [percentile(again, 95)], peer, [percentile(peer_again, 95)]
        ),
    ]


async def hovers_ms(command: Sequence[str]) -> tuple[list[float], list[float]]:
    """Milliseconds of the first and of the second hover of every function."""
    client = LanguageClient("procoder-bench", "1")
    for notification in (lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, lsp.WINDOW_LOG_MESSAGE):
        client.feature(notification)(lambda _: None)
    await client.start_io(*command)
    await client.initialize_async(
        lsp.InitializeParams(capabilities=lsp.ClientCapabilities(), process_id=None, root_uri=None)
    )
    client.initialized(lsp.InitializedParams())
    first: list[float] = []
    again: list[float] = []
    for path in largest_modules(MODULES):
        text = path.read_text(encoding="utf-8")
        item = lsp.TextDocumentItem(path.as_uri(), "python", version=1, text=text)
        client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        places = positions(text, path)
        for times in (first, again):
            times += [await hover_ms(client, path, line, column) for line, column in places]
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    return first, again


def positions(text: str, path: Path) -> list[tuple[int, int]]:
    """Where the functions to hover have their names (1-based line, column)."""
    document = Document.parse(Snapshot(text, uri=path.as_uri(), path=path))
    symbols = spread(document, SYMBOLS_PER_MODULE)
    return [name_position(document, symbol) for symbol in symbols]


async def hover_ms(client: LanguageClient, path: Path, line: int, column: int) -> float:
    """Milliseconds of one hover."""
    place = lsp.HoverParams(
        lsp.TextDocumentIdentifier(path.as_uri()), lsp.Position(line - 1, column)
    )
    started = time.perf_counter()
    await client.text_document_hover_async(place)
    return (time.perf_counter() - started) * 1000
