"""Settings changed while the real server runs, as editors change them; and inline completion."""

import asyncio
from typing import Any

import httpx2
import pytest
from lsprotocol import types

from procoder_protocol.discovery import HostAddress

TEXT = "import os\n\n\ndef add(a, b):\n    return a + b\n"


def configure(editor: Any, values: dict[str, Any]) -> None:
    """Change the editor's settings and say so, without telling which, as VS Code does."""
    editor.client.set_configuration(values, section="procoder")
    editor.client.workspace_did_change_configuration(
        types.DidChangeConfigurationParams(settings=None)
    )


@pytest.mark.parametrize("profile", ["visual-studio-code", "neovim", "emacs"])
async def test_a_change_takes_effect_at_once(start_editor, profile, tmp_path) -> None:
    editor = await start_editor(profile)
    uri = await editor.open(TEXT, tmp_path / "bank.py")
    assert "add(a, b)" in await editor.hovered(uri, 3, 5)
    configure(editor, {"enabled": False})
    await editor.until_problems(uri, any_=False)
    assert await editor.hover(uri, 3, 5) is None
    configure(editor, {"enabled": True, "level": "guru"})
    await editor.until_problems(uri, any_=True)
    assert "add(a, b)" in await editor.hovered(uri, 3, 5)
    (warning,) = editor.client.messages
    assert warning.type is types.MessageType.Warning
    assert "`level`" in warning.message


async def complete(editor: Any, uri: str) -> Any:
    context = types.InlineCompletionContext(types.InlineCompletionTriggerKind.Invoked)
    return await editor.client.text_document_inline_completion_async(
        types.InlineCompletionParams(
            context, types.TextDocumentIdentifier(uri), types.Position(4, 11)
        )
    )


def generated(address: HostAddress) -> float:
    """How many tokens the host's model has written."""
    headers = {"Authorization": f"Bearer {address.read_token()}"}
    text = httpx2.get(f"{address.url}/metrics", headers=headers, trust_env=False).text
    name = 'procoder_tokens_total{kind="generated"} '
    return sum(
        float(line.removeprefix(name)) for line in text.splitlines() if line.startswith(name)
    )


async def test_inline_completion(start_editor, code_llama, tmp_path) -> None:
    editor = await start_editor(
        inline_completion=True,
        PROCODER_MODEL=code_llama.model,
        PROCODER_HOST_URL=code_llama.url,
        PROCODER_HOST_TOKEN_FILE=str(code_llama.token_file),
    )
    assert editor.server.capabilities.inline_completion_provider is not None
    text = TEXT.replace("a + b", "")
    uri = await editor.open(text, tmp_path / "bank.py")
    assert await complete(editor, uri) is None
    assert generated(code_llama) == 0
    configure(editor, {"inline_completion": {"enabled": True}})
    async with asyncio.timeout(120):
        while not generated(code_llama):
            found = await complete(editor, uri)
            assert found is None or all(item.insert_text.strip() for item in found.items)
