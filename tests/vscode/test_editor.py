"""What a user sees in the editor: hovers, code actions, the status bar."""

import re

from playwright.sync_api import expect
from vscode_workbench import Workbench


def test_a_hover_has_facts_then_an_explanation_and_links_of_ours(workbench: Workbench) -> None:
    shown = workbench.hover("merge", "Raises ValueError")
    expect(shown).to_contain_text("sorts" if False else "intervals")
    explained = workbench.hover("merge", re.compile(r"\d of \d checked"))
    expect(explained.get_by_role("link", name="Ask")).to_be_visible()
