"""The chat panel, with the real server, host and small model."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from vscode_panel import ChatPanel
from vscode_workbench import Workbench

VERDICT = re.compile(r"\d of \d checked|nothing to check", re.IGNORECASE)


@pytest.fixture
def panel(workbench: Workbench) -> ChatPanel:
    """The chat, open beside the sample, with the cursor on `merge`."""
    workbench.token("merge").click()
    chat = ChatPanel(workbench)
    chat.open()
    return chat


def test_an_explanation_streams_into_the_chat(panel: ChatPanel) -> None:
    panel.workbench.token("merge").click()
    panel.workbench.command("ProCoder: Explain in the Chat")
    expect(panel.answer.locator(".facts")).to_contain_text("ValueError")
    answer = panel.answered(VERDICT)
    panel.workbench.screenshot(__import__("pathlib").Path("/tmp/panel-shots/first.png"))
    print(answer.inner_text())
