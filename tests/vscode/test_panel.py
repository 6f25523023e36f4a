"""The chat panel, with the real server, host and small model."""

import json
import os
import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import expect
from scripted_upstream import scripted_upstream
from vscode_panel import ChatPanel
from vscode_workbench import CodeServer, Workbench, browse, wait_until

VERDICT = re.compile(r"\d of \d checked|[Nn]othing to check|not checked")
ENDLESS = "Write down everything that you know about sorting, at length."

THEMES = {
    "vs": "Default Light Modern",
    "vs-dark": "Default Dark Modern",
    "hc-black": "Default High Contrast",
}
LOADING = "img, iframe, object, embed, link, style, svg, script, form[action]"


@pytest.fixture
def axe(repository: Path) -> Path:
    """The script that looks for faults of accessibility."""
    return repository / "client-vscode/node_modules/axe-core/axe.min.js"


@pytest.fixture
def panel(workbench: Workbench) -> ChatPanel:
    """The chat, open beside the sample, with the cursor on `merge`."""
    workbench.token("merge").click()
    chat = ChatPanel(workbench)
    chat.open()
    return chat


def test_an_explanation_streams_into_the_chat(panel: ChatPanel) -> None:
    panel.workbench.token("deposit").click()
    panel.workbench.command("ProCoder: Explain in the Chat")
    expect(panel.answer.locator(".facts")).to_contain_text("ValueError")
    expect(panel.inside.get_by_role("status")).to_contain_text(re.compile("Reading|Writing"))
    panel.answered(VERDICT)
    panel.answer.get_by_text("What was sent").click()
    expect(panel.answer.locator(".sent pre")).to_contain_text("def deposit")
    panel.answer.get_by_role("button", name="line 20").first.click()
    shown = panel.workbench.page.locator(".view-overlays [class*='TextEditorDecorationType']")
    expect(shown).not_to_have_count(0)


def test_stop_and_again(panel: ChatPanel) -> None:
    panel.ask(ENDLESS)
    panel.answer.get_by_role("button", name="Stop").click()
    panel.answered("Stopped.")
    panel.answer.get_by_role("button", name="Try again").click()
    panel.answered(VERDICT)
    expect(panel.inside.locator(".turn")).to_have_count(1)


def test_a_follow_up_and_an_edit_stay_in_the_conversation(panel: ChatPanel) -> None:
    panel.ask("What does this return?")
    panel.answered(VERDICT)
    panel.input.fill("And when is that empty?")
    chips = panel.inside.get_by_label("What is sent")
    expect(chips).to_contain_text("Earlier turns")
    expect(chips).to_contain_text(re.compile(r"merge function · \d+"))
    panel.input.press("Enter")
    panel.answered(VERDICT)
    expect(panel.inside.locator(".turn")).to_have_count(2)

    first = panel.inside.locator(".turn").first
    first.get_by_role("button", name="Edit").click()
    first.get_by_label("The question").fill("What does it sort?")
    first.get_by_label("The question").press("Enter")
    panel.answered(VERDICT)
    expect(panel.inside.locator(".turn")).to_have_count(1)
    expect(panel.inside.get_by_role("heading", name="What does it sort?")).to_be_visible()


def test_a_fix_is_applied_as_it_was_shown_and_undone(panel: ChatPanel) -> None:
    workbench = panel.workbench
    workbench.token("json").click()
    panel.ask("/fix")
    expect(panel.answered().locator(".diff-removed")).to_contain_text("import json")
    panel.answer.get_by_role("button", name="Apply").click()
    expect(workbench.code()).not_to_contain_text("import json")
    workbench.code().click()
    workbench.page.keyboard.press("Control+z")
    expect(workbench.code()).to_contain_text("import json")


def test_hints_to_the_third_rung(panel: ChatPanel) -> None:
    panel.workbench.token("json").click()
    panel.ask("/hint")
    for given, following in (("Question", "Where"), ("Where", "Concept"), ("Concept", "Example")):
        ladder = panel.answered().get_by_label("Hints")
        expect(ladder.locator("[aria-current=step]")).to_have_text(given)
        expect(ladder.get_by_role("button", disabled=False)).to_have_text([following])
        if given != "Concept":
            ladder.get_by_role("button", name=following).click()
            expect(panel.inside.locator(".turn").last).to_contain_text(following)


def test_a_reload_keeps_the_conversation_and_the_draft(panel: ChatPanel) -> None:
    panel.ask("What does this return?")
    panel.answered(VERDICT)
    said = panel.answer.locator(".prose").all_inner_texts()
    panel.input.fill("not sent yet")
    expect(panel.inside.get_by_label("What is sent")).to_contain_text("Question")
    panel.workbench.page.reload()
    expect(panel.inside.locator(".turn")).to_have_count(1)
    assert panel.answer.locator(".prose").all_inner_texts() == said
    expect(panel.input).to_have_value("not sent yet")
    panel.answer.get_by_role("button", name="Ask again").click()
    panel.answered(VERDICT)


def test_commands_and_mentions_are_completed(panel: ChatPanel) -> None:
    chosen = panel.inside.locator(".offers").get_by_role("option", selected=True)
    panel.input.press_sequentially("/ex")
    expect(chosen).to_contain_text("/explain")
    panel.input.press("Enter")
    panel.input.press_sequentially("@symbol:dep")
    expect(chosen).to_contain_text("deposit")
    panel.input.press("Enter")
    expect(panel.input).to_have_value("/explain @symbol:deposit ")
    panel.inside.get_by_role("button", name="Leave out deposit").click()
    expect(panel.input).to_have_value("/explain ")


def test_conversations_are_listed_searched_opened_and_deleted(panel: ChatPanel) -> None:
    for question in ("What is a walrus?", "What is a tuple?"):
        panel.workbench.command("ProCoder: Begin a New Conversation")
        panel.ask(question)
        panel.answered()
    panel.workbench.command("ProCoder: Show Conversations")
    listed = panel.inside.get_by_label("Conversations", exact=True).get_by_role("listitem")
    expect(listed.first).to_contain_text("tuple")
    panel.inside.get_by_label("Search conversations").fill("walrus")
    expect(listed).to_have_count(1)
    listed.locator(".conversation").click()
    expect(panel.inside.get_by_role("heading", name="What is a walrus?")).to_be_visible()
    panel.workbench.command("ProCoder: Show Conversations")
    panel.inside.get_by_role("button", name="Delete What is a walrus?").click()
    panel.workbench.page.get_by_role("button", name="Delete", exact=True).click()
    expect(panel.inside.get_by_role("button", name="Delete What is a walrus?")).to_have_count(0)


def test_level_and_language(panel: ChatPanel) -> None:
    panel.inside.get_by_label("Level").select_option("beginner")
    panel.inside.get_by_label("Language").select_option("es")
    panel.input.fill("/explain")
    settings = panel.workbench.server.data / "User/settings.json"
    wait_until(lambda: '"procoder.language": "es"' in settings.read_text())
    assert '"procoder.level": "beginner"' in settings.read_text()
    expect(panel.inside.get_by_label("Language")).to_have_value("es")
    panel.inside.get_by_label("Language").select_option("en")
    panel.inside.get_by_label("Level").select_option("intermediate")
    wait_until(lambda: '"procoder.level": "intermediate"' in settings.read_text())


def test_a_host_killed_while_it_writes_is_told_and_started_again(
    panel: ChatPanel, isolated_environment: Mapping[str, str]
) -> None:
    panel.ask(ENDLESS)
    expect(panel.answer.locator(".prose")).to_be_visible()
    discovery = Path(isolated_environment["PROCODER_RUNTIME_DIR"]) / "host.json"
    pid = json.loads(discovery.read_text())["pid"]
    os.kill(pid, signal.SIGKILL)
    panel.answered("The connection to the model host was lost.")
    panel.answer.get_by_role("button", name="Try again").click()
    panel.answered(VERDICT)
    assert json.loads(discovery.read_text())["pid"] != pid


def test_nothing_serious_is_wrong_for_keyboards_and_screen_readers(
    panel: ChatPanel, axe: Path
) -> None:
    assert panel.faults(axe) == []
    panel.workbench.token("json").click()
    panel.ask("/hint")
    panel.answered()
    panel.ask("/fix")
    panel.answered()
    panel.workbench.token("merge").click()
    panel.ask("/explain")
    panel.answered()
    panel.input.press_sequentially("/")
    expect(panel.inside.get_by_role("listbox", name="Commands")).to_be_visible()
    assert panel.faults(axe) == []
    panel.workbench.command("ProCoder: Show Conversations")
    expect(panel.inside.get_by_label("Search conversations")).to_be_visible()
    assert panel.faults(axe) == []


@pytest.mark.parametrize("kind", THEMES)
def test_it_follows_the_theme(
    code_server: CodeServer, folder: Path, pictures: Path, axe: Path, kind: str
) -> None:
    (folder / ".vscode").mkdir()
    settings = {"workbench.colorTheme": THEMES[kind]}
    (folder / ".vscode/settings.json").write_text(json.dumps(settings))
    with browse(code_server, folder) as window:
        window.open("sample.py")
        window.status_bar("smollm2-135m")
        expect(window.page.locator(f".monaco-workbench.{kind}")).to_be_visible()
        window.token("merge").click()
        panel = ChatPanel(window)
        panel.open()
        window.screenshot(pictures / f"chat-empty-{kind}.png")
        panel.ask("/explain")
        panel.answered(VERDICT)
        panel.input.fill("What does it return for one interval?")
        expect(panel.inside.get_by_label("What is sent")).to_contain_text("Question")
        window.screenshot(pictures / f"chat-{kind}.png")
        assert panel.faults(axe) == []


def test_a_poisoned_answer_asks_for_nothing_and_runs_nothing(
    fresh_server: CodeServer, folder: Path, repository: Path
) -> None:
    poison = json.loads((repository / "client-vscode/test/panel/poison.json").read_text())
    forms, addresses = poison["forms"], poison["addresses"]
    answers = ["\n\n".join(form.replace("ADDRESS", one) for one in addresses) for form in forms]
    answers.append("\n\n".join(poison["others"]))
    with scripted_upstream(answers) as url:
        fresh_server.configure(
            procoder__server__interpreter=sys.executable,
            procoder__host__url=url,
            procoder__idle__enabled=False,
        )
        fresh_server.start("--disable-workspace-trust")
        with browse(fresh_server, folder) as window:
            window.open("sample.py")
            panel = ChatPanel(window)
            panel.open()
            asked: list[str] = []
            window.page.on("request", lambda request: asked.append(request.url))
            for number in range(len(answers)):
                panel.ask(f"Question {number}")
                expect(panel.inside.locator(".turn")).to_have_count(number + 1)
                panel.answered("scripted")
            assert panel.inside.locator(f"main :is({LOADING})").count() == 0
            hrefs = panel.inside.locator("a").evaluate_all("(all) => all.map((a) => a.href)")
            assert all(href.startswith("https://docs.python.org/") for href in hrefs)
            for link in panel.inside.locator(".prose span, .prose a").all():
                link.click(force=True)
            expect(window.page.locator(".terminal")).to_have_count(0)
            assert window.outside == []
            assert not [address for address in asked if "evil" in address or ":9/" in address]
