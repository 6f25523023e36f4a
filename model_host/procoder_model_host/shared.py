"""The one host that serves all of a user's windows: a lock decides who, a file says where."""

import http.client
import time
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from procoder_model_host.errors import StartupError
from procoder_protocol.discovery import (
    HostAddress,
    discovery_file,
    read_discovery,
    write_private,
)

_PATIENCE = 300.0
"""Seconds to wait for another host that starts: the first load of a large model is slow."""
_POLL = 0.1
_OK = 200


class SharedHost:
    """This process's claim to be the user's shared host."""

    def __init__(self, folder: Path) -> None:
        self._lock = FileLock(folder / "host.lock")

    def acquire(self) -> HostAddress | None:
        """Become the shared host (None), or return the one that runs; raises StartupError."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            try:
                self._lock.acquire(timeout=_POLL)
            except Timeout:
                running = read_discovery()
                if running is not None and is_healthy(running.url):
                    return running
            else:
                # Left behind by a host that was killed; nobody else may write it now.
                discovery_file().unlink(missing_ok=True)
                return None
        raise StartupError(
            "another shared host holds the lock but does not become ready. "
            "End that process, or start this one without --shared"
        )

    def publish(self, address: HostAddress) -> None:
        """Tell clients where this host listens."""
        write_private(discovery_file(), address.to_json() + "\n")

    def withdraw(self) -> None:
        """Stop telling clients of this host; it is still the only one until `release`."""
        discovery_file().unlink(missing_ok=True)

    def release(self) -> None:
        """Stop being the shared host."""
        self.withdraw()
        self._lock.release()


def is_healthy(url: str, timeout: float = 2.0) -> bool:
    """Tell whether a host answers `/healthz` at this base URL."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == _OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
