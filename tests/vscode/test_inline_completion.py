"""Typing asks a model that fills gaps, when that is switched on, and not before."""

import sys
from pathlib import Path

import httpx2
from playwright.sync_api import expect
from vscode_workbench import CodeServer, browse, wait_until

from procoder_protocol.discovery import HostAddress

SECONDS = 120
DEBOUNCE_MS = 500
"""More than the setting's: the model is asked when the typing rests."""
GENERATED = 'procoder_tokens_total{kind="generated"} '


def generated(host: HostAddress) -> float:
    """How many tokens the host's model has written."""
    headers = {"Authorization": f"Bearer {host.read_token()}"}
    text = httpx2.get(f"{host.url}/metrics", headers=headers, trust_env=False).text
    found = (line for line in text.splitlines() if line.startswith(GENERATED))
    return sum(float(line.removeprefix(GENERATED)) for line in found)


def test_typing_asks_the_model(
    fresh_server: CodeServer, folder: Path, code_llama: HostAddress
) -> None:
    settings = {
        "procoder__server__interpreter": sys.executable,
        "procoder__model": code_llama.model,
        "procoder__host__url": code_llama.url,
        "procoder__host__token_file": str(code_llama.token_file),
        "procoder__idle__enabled": False,
    }
    fresh_server.configure(**settings)
    fresh_server.start("--disable-workspace-trust")
    with browse(fresh_server, folder) as window:
        window.open("sample.py")
        window.status_bar(code_llama.model)
        keyboard = window.page.keyboard
        window.code().click()
        keyboard.press("Control+End")
        keyboard.type("def add(a, b):\n    return ")
        lenses = window.page.locator(".codelens-decoration", has_text="Explain")
        expect(lenses).to_have_count(3)
        assert generated(code_llama) == 0
        fresh_server.configure(**settings, procoder__inline_completion__enabled=True)

        def asked() -> bool:
            keyboard.type("a")
            window.page.wait_for_timeout(DEBOUNCE_MS)
            return generated(code_llama) > 0

        wait_until(asked, SECONDS)
