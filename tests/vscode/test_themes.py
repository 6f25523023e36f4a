"""Pictures in a light, a dark and a high-contrast theme, to be looked at.

The extension's README shows two of them, the hover in the dark and the menu in the light theme.
"""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from vscode_workbench import CodeServer, browse


@pytest.mark.parametrize(
    ("theme", "kind"),
    [
        ("Default Light Modern", "vs"),
        ("Default Dark Modern", "vs-dark"),
        ("Default High Contrast", "hc-black"),
    ],
)
def test_hover_and_menu(
    code_server: CodeServer, folder: Path, pictures: Path, theme: str, kind: str
) -> None:
    (folder / ".vscode").mkdir()
    (folder / ".vscode/settings.json").write_text(json.dumps({"workbench.colorTheme": theme}))
    with browse(code_server, folder) as window:
        window.open("sample.py")
        window.status_bar("smollm2-135m")
        expect(window.page.locator(f".monaco-workbench.{kind}")).to_be_visible()
        window.hover("merge", re.compile(r"\d of \d checked"))
        window.screenshot(pictures / f"hover-{kind}.png")
        window.page.keyboard.press("Escape")
        window.action("json", "Remove")
        window.screenshot(pictures / f"actions-{kind}.png")
