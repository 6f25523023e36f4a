"""What a learner does: paste, ask, follow up, take hints, learn, come back, take it away."""

import re
import sqlite3
from pathlib import Path

from companion_process import NARROW, Tab, browse, companion
from editor_chat import chat_in_editor
from playwright.sync_api import expect

MERGE = """\
def merge(intervals):
    intervals.sort(key=lambda interval: interval[0])
    merged = [intervals[0]]
    for start, end in intervals[1:]:
        last_start, last_end = merged[-1]
        total = last_end - last_start
        if start <= last_end:
            merged[-1] = (last_start, max(last_end, end))
        else:
            merged.append((start, end))
    return merged
"""


def test_pasted_code_is_explained_and_talked_about(tab: Tab, pictures: Path) -> None:
    page = tab.page
    expect(page.get_by_text("pick up where your editor left off")).to_be_visible()
    tab.picture(pictures / "companion-empty.png")
    tab.write(MERGE)
    expect(page.get_by_text("This value is stored but never read").first).to_be_visible()
    expect(page.locator(".cm-lint-marker-warning")).to_be_visible()
    tab.press("Explain")
    expect(page.get_by_text("What is certain about")).to_be_visible()
    tab.answered("Explain")
    expect(page.get_by_text(re.compile("smollm2-135m")).first).to_be_visible()

    page.locator("[class*=st-key-step-] button").nth(2).click()
    expect(page.locator(".cm-explained").first).to_contain_text("for start, end")
    tab.picture(pictures / "companion-tutor.png")

    tab.ask("What does it give back?")
    tab.ask("And when there is one item?")
    page.get_by_role("button", name=re.compile("smollm2-135m")).last.click()
    sent = page.locator("[data-testid=stPopoverBody]")
    expect(sent).to_contain_text("What does it give back?")
    assert tab.outside == []


def test_stop_stops(tab: Tab) -> None:
    tab.write(MERGE)
    tab.ask("What is it for?")
    tab.press("In more depth")
    tab.page.locator("[class*=st-key-stop-] button").click()
    expect(tab.page.get_by_text("Stopped. What stands here")).to_be_visible()


def test_hints_climb_and_a_repair_is_used(tab: Tab, pictures: Path) -> None:
    page = tab.page
    tab.write(MERGE)
    page.get_by_role("button", name="Hint", exact=True).click()
    for height in range(1, 5):
        expect(page.get_by_text(f"Hint {height} of 5")).to_be_visible()
        if height < 4:
            tab.press("Next hint")
    tab.picture(pictures / "companion-hints.png")
    tab.press("Show the solution")
    expect(page.get_by_text("Hint 5 of 5")).to_be_visible()
    tab.press("Repair")
    tab.press("Put it into the editor")
    expect(page.locator(".cm-content")).not_to_contain_text("total =")


def test_a_finished_lesson_is_finished_after_a_restart(
    environment: dict[str, str], pictures: Path
) -> None:
    with companion(environment) as url, browse(url) as tab:
        tab.write(MERGE)
        tab.page.get_by_role("button", name="slicing").first.click()
        expect(tab.page.get_by_role("heading", name="Slicing")).to_be_visible()
        tab.press("I have finished this lesson")
        expect(tab.page.get_by_text("Finished on")).to_be_visible()
        expect(tab.page.locator("canvas, svg.marks").first).to_be_visible()
        tab.picture(pictures / "companion-lessons.png")
    with companion(environment) as url, browse(url) as tab:
        tab.go("Lessons")
        expect(tab.page.get_by_text(re.compile(r"^1 of \d+ finished"))).to_be_visible()
        tab.page.get_by_text(re.compile("^Finished · 1")).click()
        tab.page.get_by_role("button", name="Slicing").first.click()
        expect(tab.page.get_by_text("Finished on")).to_be_visible()


def test_what_was_said_is_found_exported_and_deleted(tab: Tab, pictures: Path) -> None:
    page = tab.page
    tab.write(MERGE)
    tab.ask("What is this good for?")
    tab.go("History")
    page.get_by_placeholder("Search what was said").fill("good")
    page.get_by_placeholder("Search what was said").press("Enter")
    page.get_by_role("button", name="What is this good for?").click()
    expect(page.get_by_role("button", name="Export")).to_be_visible()
    tab.picture(pictures / "companion-history.png")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    text = download.value.path().read_text()
    assert "## You" in text
    assert "What is this good for?" in text
    page.get_by_role("button", name="Delete everything about me").click()
    page.get_by_text("I am sure").click()
    tab.press("Delete everything")
    expect(page.get_by_text("No turn has all of these words.")).to_be_visible()


def test_an_editors_conversation_goes_on(
    tab: Tab, environment: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "bank.py"
    file.write_text(MERGE)
    chat_in_editor(environment, file, "What does @symbol:merge return?")
    page = tab.page
    tab.go("History")
    page.locator("[class*=st-key-open-] button").first.click()
    expect(page.get_by_text("From your editor: bank.py")).to_be_visible()
    tab.press("Go on")
    expect(page.get_by_text("What does merge return?")).to_be_visible()
    tab.write(MERGE)
    tab.ask("And of an empty list?")
    page.get_by_role("button", name=re.compile("smollm2-135m")).last.click()
    expect(page.locator("[data-testid=stPopoverBody]")).to_contain_text("What does `merge` return?")


def test_dark_and_narrow(environment: dict[str, str], pictures: Path) -> None:
    with companion(environment) as url, browse(url, dark=True) as tab:
        tab.write(MERGE)
        tab.press("Explain")
        tab.answered("Explain")
        tab.picture(pictures / "companion-dark.png")
        tab.page.set_viewport_size(NARROW)
        expect(tab.page.locator(".cm-content")).to_be_visible()
        width = tab.page.evaluate("document.documentElement.scrollWidth")
        assert width <= NARROW["width"]
        tab.picture(pictures / "companion-narrow.png")


POISON = (
    "![x](http://127.0.0.1:9/image.png) <img src=http://127.0.0.1:9/raw.png> "
    "[click](http://127.0.0.1:9/link) <script>fetch('http://127.0.0.1:9/script')</script>"
)


def test_a_poisoned_answer_sends_no_request(tab: Tab, environment: dict[str, str]) -> None:
    """In the question, in the code's docstring, and in an answer that was put into the file."""
    page = tab.page
    tab.write(f'def f(a):\n    """{POISON}"""\n    return a\n')
    tab.ask(f"What is {POISON}?", shown="What is x")
    with sqlite3.connect(environment["PROCODER_CONVERSATIONS_PATH"]) as file:
        file.execute("UPDATE turns SET text = ? WHERE role = 'tutor'", (POISON,))
    tab.go("History")
    page.locator("[class*=st-key-open-] button").first.click()
    expect(page.get_by_text("click").first).to_be_visible()
    tab.press("Go on")
    expect(page.get_by_text("click").first).to_be_visible()
    assert tab.outside == []
    assert page.locator("a[href*='127.0.0.1:9']").count() == 0
