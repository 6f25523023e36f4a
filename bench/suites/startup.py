"""From starting the language server to its answer to `initialize`, beside jedi-language-server."""

import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

from bench.measure import Series

ROUNDS = 7
PROCODER = (str(Path(sys.executable).with_name("procoder")), "lsp")
PEER = (str(Path(sys.executable).with_name("jedi-language-server")),)


def run() -> Sequence[Series]:
    """Start both servers in turn, after one uncounted start of each."""
    return asyncio.run(_run())


async def _run() -> Sequence[Series]:
    pairs = [(await initialize_ms(PROCODER), await initialize_ms(PEER)) for _ in range(ROUNDS + 1)]
    mine, peer = zip(*pairs[1:], strict=True)
    return [
        Series("procoder lsp, start until initialized", "ms", mine, "jedi-language-server", peer)
    ]


async def initialize_ms(command: Sequence[str]) -> float:
    """Start a server, initialize it and shut it down; returns the first two in milliseconds."""
    client = LanguageClient("procoder-bench", "1")
    started = time.perf_counter()
    await client.start_io(*command)
    await client.initialize_async(
        lsp.InitializeParams(capabilities=lsp.ClientCapabilities(), process_id=None, root_uri=None)
    )
    took = (time.perf_counter() - started) * 1000
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    return took
