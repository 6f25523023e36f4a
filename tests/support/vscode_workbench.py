"""A real VS Code workbench: code-server in Debian's Chromium, with the extension as it is built."""

import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Error, Locator, Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SETTINGS = {
    "chat.disableAIFeatures": True,
    "editor.hover.delay": 100,
    "extensions.autoCheckUpdates": False,
    "extensions.autoUpdate": False,
    "git.enabled": False,
    "security.workspace.trust.enabled": False,
    "telemetry.telemetryLevel": "off",
    "update.mode": "none",
    "window.dialogStyle": "custom",
    "workbench.reduceMotion": "on",
    "workbench.enableExperiments": False,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.startupEditor": "none",
    "workbench.welcomePage.walkthroughs.openOnInstall": False,
}
PATIENCE_MS = 60_000
STATUS = "#procoder\\.procoder\\.procoder"
"""Our item in the status bar."""
_SERVED_BY_VSCODE = ".vscode-resource.vscode-cdn.net"
"""Files of extensions have such addresses in webviews; a service worker of VS Code answers them."""
_NO_GALLERY = '{"serviceUrl": "http://127.0.0.1:9/"}'


class CodeServer:
    """One code-server: its folders, its process, and where it listens."""

    def __init__(self, tools: Path, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.data = folder / "data"
        self._node = tools / "bin" / "node"
        self._entry = tools / "code-server/node_modules/code-server/out/node/entry.js"
        self._places = ["--user-data-dir", str(self.data), "--extensions-dir", str(folder / "ext")]
        self._environment = {
            **environment,
            "PATH": f"{tools / 'bin'}:{environment['PATH']}",
            "HOME": str(folder / "home"),
            "XDG_CONFIG_HOME": str(folder / "home/.config"),
            "XDG_DATA_HOME": str(folder / "home/.local/share"),
            "XDG_CACHE_HOME": str(folder / "home/.cache"),
            "EXTENSIONS_GALLERY": _NO_GALLERY,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        for place in (folder / "ext", folder / "home"):
            place.mkdir(parents=True, exist_ok=True)

    def configure(self, **settings: Any) -> None:
        """Write the user's settings; names have `__` for dots."""
        named = {name.replace("__", "."): value for name, value in settings.items()}
        text = json.dumps({**SETTINGS, **named}, indent=2)
        for place in ("User", "Machine"):
            (self.data / place).mkdir(parents=True, exist_ok=True)
            (self.data / place / "settings.json").write_text(text)

    def install(self, vsix: Path) -> None:
        """Install an extension from its file, as a user does."""
        self._run("--install-extension", str(vsix), "--force")

    def start(self, *options: str) -> None:
        """Start, and wait until it answers."""
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [
            *self._command(),
            f"--bind-addr=127.0.0.1:{self.port}",
            "--auth=none",
            "--disable-telemetry",
            "--disable-update-check",
            "--disable-getting-started-override",
            *options,
        ]
        with (self.folder / "code-server.log").open("wb") as log:
            self._process = subprocess.Popen(
                command,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + 60
        while not self._answers():
            assert time.monotonic() < deadline, (self.folder / "code-server.log").read_text()
            time.sleep(0.1)

    def stop(self) -> None:
        """End it and everything that it started."""
        if self._process is None:
            return
        os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def descendants(self, words: str) -> list[int]:
        """Return the ids of processes below this one whose command line holds the words."""
        assert self._process is not None
        found, parents = [], {self._process.pid}
        for pid, parent, _, command in sorted(_processes()):
            if parent in parents:
                parents.add(pid)
                if words in command:
                    found.append(pid)
        return found

    def logs(self) -> str:
        """Return what the extension logged."""
        files = sorted(self.data.glob("logs/**/*ProCoder*.log"))
        return "\n".join(file.read_text() for file in files)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1):
                return True
        except OSError:
            return False

    def _command(self) -> list[str]:
        return [str(self._node), str(self._entry), *self._places]

    def _run(self, *options: str) -> None:
        subprocess.run(
            [*self._command(), *options], env=self._environment, check=True, capture_output=True
        )


class Workbench:
    """The window: what a user sees and does in it."""

    def __init__(self, page: Page, server: CodeServer, folder: Path) -> None:
        self.page = page
        self.server = server
        self.folder = folder
        """What is open as the workspace."""
        self.outside: list[str] = []
        """Addresses on other machines that the window asked for."""
        page.on("request", lambda request: self._note(request.url))

    def open(self, name: str, *, trusted: bool = True) -> None:
        """Open a file of the folder in a window of it."""
        file = f"vscode-remote://127.0.0.1:{self.server.port}{self.folder}/{name}"
        query = {"folder": str(self.folder), "payload": json.dumps([["openFile", file]])}
        self.page.goto(f"http://127.0.0.1:{self.server.port}/?{urlencode(query)}")
        self.page.wait_for_selector(".monaco-workbench", timeout=PATIENCE_MS)
        if trusted:
            self.page.wait_for_selector(".view-lines .view-line", timeout=PATIENCE_MS)

    def command(self, title: str) -> None:
        """Run a command by the palette."""
        self.page.keyboard.press("F1")
        box = self.page.locator(".quick-input-widget input")
        box.fill(f">{title}")
        row = self.page.locator(".quick-input-list .monaco-list-row", has_text=title).first
        row.wait_for(timeout=PATIENCE_MS)
        self.page.keyboard.press("Enter")

    def token(self, text: str) -> Locator:
        """Return the first place of the code that has exactly this text."""
        exact = re.compile(rf"^\s*{re.escape(text)}\s*$")
        return self.page.locator(".view-line span span").filter(has_text=exact).first

    def hover(self, text: str, expected: str | re.Pattern[str]) -> Locator:
        """Hover a token until the hover says what is expected: it grows while it is written."""
        shown = self.page.locator(".monaco-hover:not(.hidden) .hover-contents", has_text=expected)
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while True:
            try:
                self.page.mouse.move(640, 790)
                expect(
                    self.page.locator(".monaco-editor .monaco-hover:not(.hidden)")
                ).to_have_count(0, timeout=2000)
                self.token(text).hover(timeout=2000, force=True)
                shown.first.wait_for(state="visible", timeout=2500)
            except (Error, AssertionError):
                if time.monotonic() > deadline:
                    raise
            else:
                return shown.first

    def action(self, token: str, entry: str) -> Locator:
        """Open the menu of code actions at a token, until it has an entry."""
        found = self.page.locator(".action-widget").first.get_by_text(entry).first
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while True:
            self.token(token).click()
            self.page.keyboard.press("Control+.")
            try:
                found.wait_for(timeout=5000)
            except Error:
                if time.monotonic() > deadline:
                    raise
                self.page.keyboard.press("Escape")
            else:
                return found

    def status_bar(self, text: str | re.Pattern[str]) -> Locator:
        """Return our item in the status bar, once it says so."""
        item = self.page.locator(STATUS)
        expect(item).to_contain_text(text, timeout=PATIENCE_MS)
        return item

    def notification(
        self, text: str | re.Pattern[str], patience_ms: float = PATIENCE_MS
    ) -> Locator:
        """Return a notification, once it is there."""
        toast = self.page.locator(".notifications-toasts .notification-list-item", has_text=text)
        expect(toast.first).to_be_visible(timeout=patience_ms)
        return toast.first

    def code(self) -> Locator:
        """Return the lines of the editor that are in view."""
        return self.page.locator(".editor-instance .view-lines").first

    def saved(self, name: str) -> str:
        """Save, and return what is in the file then."""
        self.page.keyboard.press("Control+s")
        expect(self.page.locator(".tab.dirty")).to_have_count(0)
        return (self.folder / name).read_text()

    def screenshot(self, file: Path) -> None:
        """Take a picture of the window."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=file)

    def _note(self, address: str) -> None:
        host = urlsplit(address).hostname or ""
        if host not in {"", "127.0.0.1", "localhost"} and not host.endswith(_SERVED_BY_VSCODE):
            self.outside.append(address)


@contextmanager
def browse(server: CodeServer, folder: Path) -> Iterator[Workbench]:
    """Open a browser for one window of a code-server."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        yield Workbench(page, server, folder)
        page.goto("about:blank")  # so that the window says goodbye, and its extensions end
        browser.close()


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for what no locator can see."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that ended and was not asked about since does not."""
    return any(pid == one and state != "Z" for one, _, state, _ in _processes())


def _processes() -> Iterator[tuple[int, int, str, str]]:
    """Yield id, parent's id, state and command line of every process."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            command = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            state, parent, *_ = (place / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        yield int(place.name), int(parent), state, command
