"""A chat in an editor, for tests that block: one question to the real language server."""

import asyncio
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from lsprotocol import types
from pytest_lsp import client_capabilities
from pytest_lsp.client import make_test_lsp_client


def chat_in_editor(environment: Mapping[str, str], file: Path, question: str) -> None:
    """Ask about a file; waits for the answer, which the conversation then holds."""
    failures: list[Exception] = []

    def run() -> None:
        try:
            asyncio.run(_chat(environment, file.as_uri(), file.read_text(), question))
        except Exception as error:  # noqa: BLE001 - told to the test, whatever it is
            failures.append(error)

    # A browser that is driven has a loop in this thread.
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]


async def _chat(environment: Mapping[str, str], uri: str, text: str, question: str) -> None:
    client = make_test_lsp_client()
    command = (sys.executable, "-m", "procoder_cli", "lsp")
    await client.start_io(*command, env=dict(environment))
    await client.initialize_session(
        types.InitializeParams(capabilities=client_capabilities("visual-studio-code"))
    )
    item = types.TextDocumentItem(uri=uri, language_id="python", version=1, text=text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    asked = types.ExecuteCommandParams("procoder.chat", [{"uri": uri, "text": question}])
    await client.workspace_execute_command_async(asked)
    await client.shutdown_session()
    await client.stop()
