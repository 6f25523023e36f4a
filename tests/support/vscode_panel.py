"""The chat panel of a workbench: a webview, so a document within a document."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import FrameLocator, Locator, expect
from vscode_workbench import PATIENCE_MS, Workbench


class ChatPanel:
    """What a user sees and does in the chat."""

    def __init__(self, workbench: Workbench) -> None:
        self.workbench = workbench

    @property
    def inside(self) -> FrameLocator:
        """The webview's document."""
        outer = self.workbench.page.frame_locator("iframe.webview.ready")
        return outer.frame_locator("#active-frame")

    @property
    def input(self) -> Locator:
        return self.inside.get_by_label("Your question")

    @property
    def answer(self) -> Locator:
        """The last one."""
        return self.inside.locator(".turn").last.locator(".answer")

    def open(self) -> None:
        """Open the chat, and wait until something can be asked."""
        self.workbench.command("ProCoder: Open the Chat")
        expect(self.inside.get_by_role("button", name="Send")).to_be_enabled()

    def ask(self, text: str) -> None:
        """Type a question, and send it."""
        self.input.fill(text)
        self.input.press("Enter")

    def answered(self, text: str | re.Pattern[str] = "") -> Locator:
        """Return the last answer, once it is complete and says so."""
        expect(self.answer).to_have_attribute("aria-busy", "false", timeout=2 * PATIENCE_MS)
        expect(self.answer).to_contain_text(text)
        return self.answer

    def evaluate(self, script: str) -> Any:
        """Run a script in the webview."""
        return self.inside.locator("body").evaluate(script)

    def faults(self, axe: Path) -> list[str]:
        """Return the serious faults that axe finds, each with where it is."""
        self.evaluate(f"() => {{ {axe.read_text()} }}")
        return self.evaluate("""async () => {
            const { violations } = await window.axe.run(document);
            return violations
                .filter(({ impact }) => impact === "serious" || impact === "critical")
                .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
        }""")
