"""How clients find the one host that serves a user: a small file in the runtime folder.

The host writes the file (mode 0600) when it is ready and removes it when it leaves. A reader
trusts the file only as a hint: it must still ask `/healthz` with the token.
"""

import contextlib
import getpass
import json
import os
import re
import tempfile
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

RUNTIME_DIR_VARIABLE = "PROCODER_RUNTIME_DIR"


@dataclass(frozen=True, slots=True)
class HostAddress:
    """Where a ready host listens; also the one JSON line that `procoder host` prints."""

    url: str
    """Base URL without a trailing slash, e.g. `http://127.0.0.1:41873`."""
    token_file: str
    """Path of the file that holds the bearer token."""
    model: str
    """Id of the model it serves."""
    engine: str
    """Name of the engine that runs it."""
    pid: int
    """Process id of the host (the parent, not the engine child)."""
    version: str = ""
    """Version of the host, e.g. `0.2.0`; hosts before 0.2 do not tell."""

    def is_older(self) -> bool:
        """Tell whether this host is of an earlier version than the code that asks."""
        return _numbers(self.version) < _numbers(own_version())

    def to_json(self) -> str:
        """Render as a single JSON line, without the newline."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> "HostAddress":
        """Parse what `to_json` wrote; raises ValueError on anything else."""
        try:
            fields = json.loads(text)
            return cls(
                url=str(fields["url"]),
                token_file=str(fields["token_file"]),
                model=str(fields["model"]),
                engine=str(fields["engine"]),
                pid=int(fields["pid"]),
                version=str(fields.get("version", "")),
            )
        except (TypeError, KeyError, ValueError) as error:
            raise ValueError(f"not a host address: {error}") from error

    def read_token(self) -> str:
        """Read the bearer token; raises OSError when the file is gone."""
        return Path(self.token_file).read_text(encoding="utf-8").strip()


def own_version() -> str:
    """Return the version of the code that runs."""
    return version("procoder")


def runtime_dir() -> Path:
    """Return the private folder for sockets, locks, tokens and the discovery file.

    `$PROCODER_RUNTIME_DIR`, else `$XDG_RUNTIME_DIR/procoder`, else a folder of this user's own
    below the system's temporary folder. Created with mode 0700 when missing.
    """
    if override := os.environ.get(RUNTIME_DIR_VARIABLE):
        folder = Path(override)
    elif xdg := os.environ.get("XDG_RUNTIME_DIR"):
        folder = Path(xdg) / "procoder"
    else:
        folder = Path(tempfile.gettempdir()) / f"procoder-{getpass.getuser()}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _require_own(folder)
    return folder


def discovery_file() -> Path:
    """Return the path of the discovery file, whether or not it exists."""
    return runtime_dir() / "host.json"


def read_discovery() -> HostAddress | None:
    """Return the advertised host, or None when there is none or the file is unreadable."""
    try:
        return HostAddress.from_json(discovery_file().read_bytes())
    except (OSError, ValueError):
        return None


def write_private(path: Path, text: str) -> None:
    """Write `text` to `path` atomically, readable by this user only (mode 0600)."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def _require_own(folder: Path) -> None:
    """Refuse a folder another user could have planted; raises PermissionError."""
    if not hasattr(os, "getuid"):
        return
    status = folder.stat()
    if status.st_uid != os.getuid() or status.st_mode & 0o022:
        raise PermissionError(
            f"{folder} belongs to another user or is writable by others: "
            f"remove it, or set {RUNTIME_DIR_VARIABLE} to a private folder"
        )


def _numbers(text: str) -> tuple[int, ...]:
    """Return the release numbers of a version: (0, 2, 0) of `0.2.0rc1`; () of an empty one."""
    release = re.match(r"\d+(\.\d+)*", text)
    return tuple(int(number) for number in release[0].split(".")) if release else ()
