"""What a user sees in the editor: hovers, code actions, the status bar."""

import re
from pathlib import Path

from playwright.sync_api import expect
from vscode_workbench import Workbench


def test_a_hover_has_facts_then_an_explanation_and_links_of_ours(workbench: Workbench) -> None:
    shown = workbench.hover("merge", "Raises ValueError")
    expect(shown).to_contain_text("sorts" if False else "intervals")
    explained = workbench.hover("merge", re.compile(r"\d of \d checked"))
    expect(explained.get_by_role("link", name="Ask")).to_be_visible()


def test_a_fix_is_applied_and_undone(workbench: Workbench) -> None:
    before = (workbench.folder / "sample.py").read_text()
    workbench.action("json", "Remove").click()
    expect(workbench.code()).not_to_contain_text("import json")
    workbench.page.keyboard.press("Control+z")
    expect(workbench.code()).to_contain_text("import json")
    assert workbench.saved("sample.py") == before


def test_the_status_bar_switches_everything_off_and_on(workbench: Workbench) -> None:
    lenses = workbench.page.locator(".codelens-decoration", has_text=re.compile("^Expla"))
    expect(lenses.first).to_be_visible()
    workbench.status_bar("smollm2-135m").click()
    expect(lenses).to_have_count(0)
    workbench.status_bar("ProCoder").click()
    workbench.status_bar("smollm2-135m")
    expect(lenses.first).to_be_visible()


def test_the_model_picker_tells_what_is_here_and_what_the_rest_takes(
    workbench: Workbench, pictures: Path
) -> None:
    workbench.command("ProCoder: Choose a Model")
    rows = workbench.page.locator(".quick-input-list .monaco-list-row")
    expect(rows.filter(has_text="SmolLM2").first).to_contain_text("installed")
    expect(rows.filter(has_text="4.2 GB to fetch").first).to_contain_text("Llama")
    workbench.screenshot(pictures / "models.png")


def test_the_walkthrough_opens(workbench: Workbench, pictures: Path) -> None:
    workbench.command("ProCoder: Get Started")
    page = workbench.page.locator(".gettingStartedContainer")
    expect(page).to_contain_text("Get started with ProCoder")
    expect(page).to_contain_text("Choose a model")
    workbench.screenshot(pictures / "walkthrough.png")
