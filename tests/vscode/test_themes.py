"""Pictures in a light, a dark and a high-contrast theme, to be looked at; the README shows some."""

import json
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from vscode_workbench import CodeServer, browse


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where pictures go: client-vscode/media/screenshots when they are taken anew."""
    return Path(os.environ.get("PROCODER_SCREENSHOTS", tmp_path))


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
