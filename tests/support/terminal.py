"""A program in a terminal of its own (tmux): typed to, and read from its screen."""

import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

PATIENCE = 120.0
"""Seconds after which waiting for the screen is given up."""
_POLL_SECONDS = 0.1


class Terminal:
    """A screen of 120 by 40 characters that runs one program."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], folder: Path
    ) -> None:
        self._folder = tempfile.TemporaryDirectory()  # a socket's path must be short
        self._environment = dict(environment)
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", "120", "-y", "40")
        self._tmux("set-option", "-g", "remain-on-exit", "on")
        self._tmux("respawn-pane", "-k", "-c", str(folder), *command)

    @property
    def pid(self) -> int:
        """The program's."""
        return int(self._tmux("display-message", "-p", "#{pane_pid}"))

    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names; one that stands for itself is its own name."""
        self._tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type text as it is."""
        self._tmux("send-keys", "-l", text)

    def screen(self, *, colours: bool = False) -> str:
        """Return what is to be seen, with the escapes that colour it where that is wanted."""
        return self._tmux("capture-pane", "-p", *(["-e"] if colours else []))

    def until(self, seen: Callable[[str], Any]) -> str:
        """Wait until the screen is as it should be; returns the screen."""
        deadline = time.monotonic() + PATIENCE
        while not seen(screen := self.screen()):
            assert time.monotonic() < deadline, f"waited in vain, and saw\n{screen}"
            time.sleep(_POLL_SECONDS)
        return screen

    def until_shown(self, *texts: str) -> str:
        """Wait until one of the texts is to be seen."""
        return self.until(lambda screen: any(text in screen for text in texts))

    def until_gone(self, text: str) -> str:
        """Wait until a text is not to be seen any more."""
        return self.until(lambda screen: text not in screen)

    def close(self) -> None:
        """End the program and its terminal."""
        self._tmux("kill-server")
        self._folder.cleanup()

    def _tmux(self, *arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", str(Path(self._folder.name) / "tmux"), *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout
