"""Bearer keys: the host's own token, and named keys of a team from a file.

The file holds one JSON object a line, `{"name": "ada", "sha256": "…"}`: the digest of a key, not
the key. A key has 256 random bits, so that a plain digest cannot be searched. Removing the line
revokes the key; the file is read again whenever it changes.
"""

import contextlib
import hashlib
import hmac
import json
import logging
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from procoder_model_host.errors import StartupError
from procoder_protocol.discovery import write_private

log = logging.getLogger(__name__)

OWN_NAME = "local"
"""Client name of whoever holds the host's own token."""
_KEY_BYTES = 32
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}\Z")
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


class Keyring:
    """Knows who may use the host."""

    def __init__(self, token: str, file: Path | None = None) -> None:
        """Raises StartupError for a file that cannot be read, or is malformed."""
        self._own = {OWN_NAME: _digest(token.encode())}
        self._file = file
        self._stamp: tuple[int, int, int] | None = None
        self._team: Mapping[str, str] = {}
        if file is not None:
            self._stamp = _stamp(file)
            self._team = read_keys(file)

    def client(self, authorization: bytes) -> str | None:
        """Return the name behind an Authorization header, or None.

        Takes the same time whichever key matches, and whether one does.
        """
        self._refresh()
        scheme, _, given = authorization.partition(b" ")
        digest = _digest(given)
        found = None
        for name, expected in (self._own | dict(self._team)).items():
            if hmac.compare_digest(digest, expected):
                found = name
        return found if scheme.lower() == b"bearer" else None

    def _refresh(self) -> None:
        if self._file is None or (stamp := _stamp(self._file)) == self._stamp:
            return
        self._stamp = stamp
        try:
            self._team = read_keys(self._file)
        except StartupError as error:
            # A key that was to be revoked must not live on because of a typing error.
            self._team = {}
            log.error("no key of the team is accepted until this is repaired: %s", error)


def read_keys(file: Path) -> Mapping[str, str]:
    """Return digests by name; raises StartupError naming the line at fault."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        if os.name == "posix" and file.stat().st_mode & 0o022:
            raise StartupError(f"{file} is writable by others", f"Run: chmod 600 {file}")
    except (OSError, ValueError) as error:
        raise StartupError(f"cannot read the keys in {file}: {error}") from error
    keys: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        name, digest = _entry(line, f"{file}, line {number}")
        if name in keys or name == OWN_NAME:
            raise StartupError(f"{file}, line {number}: the name {name} is taken")
        keys[name] = digest
    return keys


def add_key(file: Path, name: str) -> str:
    """Add a key of this name to the file, made when missing; return the key.

    Raises StartupError for a malformed file or a name that is taken or unfit.
    """
    if not _NAME.match(name):
        raise StartupError(
            f"{name!r} cannot name a key", "Use up to 64 letters, digits and the signs . _ @ -"
        )
    known = read_keys(file) if file.exists() else {}
    if name in known or name == OWN_NAME:
        raise StartupError(f"there is a key named {name} already", "Remove its line to revoke it.")
    key = secrets.token_urlsafe(_KEY_BYTES)
    entries = [*known.items(), (name, _digest(key.encode()))]
    lines = [json.dumps({"name": who, "sha256": digest}) for who, digest in entries]
    write_private(file, "\n".join(lines) + "\n")
    return key


def _entry(line: str, place: str) -> tuple[str, str]:
    with contextlib.suppress(ValueError):
        match json.loads(line):
            case {"name": str() as name, "sha256": str() as digest, **rest} if not rest:
                if _NAME.match(name) and _DIGEST.match(digest):
                    return name, digest
    raise StartupError(f'{place} is not {{"name": …, "sha256": 64 hexadecimal digits}}')


def _digest(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
