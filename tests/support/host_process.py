"""The model host that a server started, to be treated badly."""

import json
import os
import signal
from pathlib import Path


class HostProcess:
    """The shared host of a runtime folder."""

    def __init__(self, runtime: Path) -> None:
        self._discovery = runtime / "host.json"
        self._pid = 0
        self._engines: list[int] = []

    def freeze(self) -> None:
        """Stop the engine, so that no answer can be finished."""
        self._pid = json.loads(self._discovery.read_text())["pid"]
        children = Path(f"/proc/{self._pid}/task/{self._pid}/children").read_text()
        self._engines = [int(child) for child in children.split()]
        for engine in self._engines:
            os.kill(engine, signal.SIGSTOP)

    def kill(self) -> None:
        """Kill the host as an out-of-memory killer would; its engine then sees it gone."""
        os.kill(self._pid, signal.SIGKILL)
        for engine in self._engines:
            os.kill(engine, signal.SIGCONT)
