"""Ends the shared host that tests started."""

import contextlib
import json
import os
import signal
from pathlib import Path

from filelock import FileLock, Timeout


def end_shared_host(runtime: Path) -> None:
    """End the host of a runtime folder, also one that is only starting; nothing stays behind."""
    lock, discovery = FileLock(runtime / "host.lock"), runtime / "host.json"
    told = set()
    while runtime.exists():
        with contextlib.suppress(Timeout), lock.acquire(timeout=0.1):
            return
        with contextlib.suppress(OSError, ValueError, ProcessLookupError):
            pid = json.loads(discovery.read_text())["pid"]
            if pid not in told:
                os.kill(pid, signal.SIGTERM)
                told.add(pid)
