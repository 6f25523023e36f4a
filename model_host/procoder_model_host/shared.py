"""The one host that serves all of a user's windows: a lock decides who, a file says where.

A host of an earlier version is asked to leave: it lets running answers finish, and its successor
takes the lock. One that is too old to be asked goes on serving.
"""

import http.client
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from procoder_http.errors import StartupError
from procoder_protocol.discovery import (
    HostAddress,
    discovery_file,
    read_discovery,
    write_private,
)

_PATIENCE = 300.0
"""Seconds to wait for another host that starts: the first load of a large model is slow."""
_POLL = 0.1
_TIMEOUT = 2.0
_OK, _ACCEPTED = 200, 202


class SharedHost:
    """This process's claim to be the user's shared host."""

    def __init__(self, folder: Path) -> None:
        self._lock = FileLock(folder / "host.lock")

    def acquire(self) -> HostAddress | None:
        """Become the shared host (None), or return the one that runs; raises StartupError."""
        deadline = time.monotonic() + _PATIENCE
        asked: set[int] = set()
        while time.monotonic() < deadline:
            try:
                self._lock.acquire(timeout=_POLL)
            except Timeout:
                running = read_discovery()
                if running is None or running.pid in asked or not is_healthy(running.url):
                    continue
                if not running.is_older() or not ask_to_leave(running):
                    return running
                asked.add(running.pid)
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


def is_healthy(url: str) -> bool:
    """Tell whether a host answers `/healthz` at this base URL."""
    return _status(url, "GET", "/healthz") == _OK


def ask_to_leave(host: HostAddress) -> bool:
    """Ask a host to drain and end; False when it does not know how."""
    try:
        token = host.read_token()
    except OSError:
        return False
    headers = {"Authorization": f"Bearer {token}", "Content-Length": "0"}
    return _status(host.url, "POST", "/v1/leave", headers) == _ACCEPTED


def _status(
    url: str, method: str, path: str, headers: Mapping[str, str] = MappingProxyType({})
) -> int | None:
    """Return the status of an answer, None without one."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_TIMEOUT)
    try:
        connection.request(method, path, headers=dict(headers))
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
