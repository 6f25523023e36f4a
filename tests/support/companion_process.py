"""`procoder companion` as a process, and a browser on it that notes every request."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect, sync_playwright
from vscode_workbench import CHROMIUM, FLAGS

PATIENCE_MS = 120_000
"""Loading and writing on a busy machine."""
_UNFINISHED = (
    "[data-testid=stStatusWidget]",
    "[data-testid=stSkeleton]",
    "[data-testid=stTooltipContent]",
    "[data-testid=stToast]",
    "[data-stale=true]",
)
"""What Streamlit shows while it draws, and what it takes away by itself."""
WIDE, NARROW = {"width": 1360, "height": 900}, {"width": 420, "height": 900}


@contextmanager
def companion(environment: Mapping[str, str], *options: str) -> Iterator[str]:
    """Run the companion; yields its URL, and ends it as Ctrl-C does."""
    command = [sys.executable, "-P", "-m", "procoder_cli", "companion", "--headless", "--port", "0"]
    with subprocess.Popen(
        [*command, *options], env=dict(environment), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found, "the companion did not start"
        yield found.group()
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0


class Tab:
    """A page of the companion in a browser."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.requests: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", lambda socket: self.requests.append(socket.url))

    @property
    def outside(self) -> list[str]:
        """Requests that went elsewhere than to the companion itself."""
        own = urlsplit(self.url).netloc
        return [url for url in self.requests if urlsplit(url).netloc not in {"", own}]

    def go(self, name: str) -> None:
        """Go to one of the pages by its name at the top."""
        self.page.get_by_role("link", name=name).click()
        expect(self.page.get_by_role("link", name=name)).to_have_attribute("aria-current", "page")

    def press(self, label: str) -> None:
        """Press the last button that is labelled so."""
        self.page.get_by_role("button", name=label, exact=True).last.click()

    def write(self, code: str) -> None:
        """Replace what stands in the editor, as by pasting."""
        editor = self.page.locator(".cm-content")
        editor.click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(code)

    def ask(self, question: str, shown: str = "") -> None:
        """Ask in words, and wait for the answer; `shown` is what the page makes of them."""
        field = self.page.get_by_placeholder("Ask about the code")
        expect(field).to_be_enabled()
        field.fill(question)
        field.press("Enter")
        self.answered(shown or question)

    def answered(self, question: str) -> None:
        """Wait until a question has its whole answer."""
        expect(self.page.get_by_text(question).first).to_be_visible()
        expect(self.page.get_by_role("button", name="Write it again")).to_be_visible()

    def picture(self, file: Path) -> None:
        """Take a picture once everything is drawn and at rest."""
        self.page.mouse.move(0, 0)
        self.page.wait_for_load_state("networkidle")
        for unfinished in _UNFINISHED:
            expect(self.page.locator(unfinished)).to_have_count(0)
        self.page.evaluate("document.fonts.ready")
        file.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=file, animations="disabled")


@contextmanager
def browse(url: str, *, dark: bool = False) -> Iterator[Tab]:
    """Open the companion in Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport=WIDE, color_scheme="dark" if dark else "light")
        page.set_default_timeout(PATIENCE_MS)
        tab = Tab(page, url)
        page.goto(url)
        yield tab
        browser.close()
