"""Shows an explanation in editors that ignore what a command returns, as most do."""

import asyncio
import logging
import re
from itertools import chain, count
from pathlib import Path

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from procoder_server.server import ProcoderServer

logger = logging.getLogger(__name__)


async def show(server: ProcoderServer, name: str, markdown: str, prose: str) -> None:
    """Open the Markdown beside the code if the client can, else show the prose as a message."""
    window = server.client_capabilities.window
    if window and window.show_document and window.show_document.support:
        path = await asyncio.to_thread(write_page, server.private_folder(), name, markdown)
        parameters = types.ShowDocumentParams(uri=path.as_uri(), external=False, take_focus=False)
        try:
            result = await server.window_show_document_async(parameters)
        except JsonRpcException:
            logger.warning("the client could not show a document")
        else:
            if result.success:
                return
    message = f"{name}: {prose}" if prose else f"{name}: only the facts held; hover it to read them"
    server.window_show_message(
        types.ShowMessageParams(type=types.MessageType.Info, message=message)
    )


def tell(server: ProcoderServer, sentence: str) -> None:
    """Show a sentence to the user."""
    server.window_show_message(
        types.ShowMessageParams(type=types.MessageType.Info, message=f"ProCoder: {sentence}")
    )


def write_page(folder: Path, name: str, markdown: str) -> Path:
    """Write a page named after the symbol and return its path.

    Another text gets another file: most editors go on showing what they read once.
    """
    stem = re.sub(r"[^\w.-]", "_", name)[:80].strip(".") or "explanation"
    page = f"# {name}\n\n{markdown}\n".encode(errors="replace")
    paths = (folder / f"{stem}{suffix}.md" for suffix in chain([""], map("-{}".format, count(2))))
    path = next(path for path in paths if not path.exists() or path.read_bytes() == page)
    path.write_bytes(page)
    return path
