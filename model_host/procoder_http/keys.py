"""Bearer keys: a service's own token, and named keys of a team from a file.

The file holds one JSON object a line, `{"name": "ada", "sha256": "…"}`: the digest of a key, not
the key. A key has 256 random bits, so that a plain digest cannot be searched. `user` names whose
key it is where that is not `name`, and `scopes` what it may be used for where that is not all.
Removing the line revokes the key; the file is read again whenever it changes.
"""

import contextlib
import hashlib
import hmac
import json
import logging
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from procoder_http.errors import StartupError
from procoder_protocol.discovery import write_private

log = logging.getLogger(__name__)

OWN_NAME = "local"
"""Name of the key, and of the user, behind a service's own token."""
_KEY_BYTES = 32
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}\Z")
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_FORM = (
    '{"name": …, "sha256": 64 hexadecimal digits}, with "user" and "scopes" where they are wanted'
)


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key, which is not the key."""

    name: str
    sha256: str
    user: str
    """Whose key it is; one user may have several."""
    scopes: frozenset[str] | None = None
    """What it may be used for; None for everything."""

    def to_json(self) -> str:
        """Render as a line of the file."""
        line: dict[str, object] = {"name": self.name, "sha256": self.sha256}
        if self.user != self.name:
            line["user"] = self.user
        if self.scopes is not None:
            line["scopes"] = sorted(self.scopes)
        return json.dumps(line)


class Keyring:
    """Knows who may use a service."""

    def __init__(self, token: str | None, file: Path | None = None) -> None:
        """`token` is the service's own, if it has one.

        Raises StartupError for a file that cannot be read, or is malformed.
        """
        self._own = {OWN_NAME: Key(OWN_NAME, _digest(token.encode()), OWN_NAME)} if token else {}
        self._file = file
        self._stamp: tuple[int, int, int] | None = None
        self._team: Mapping[str, Key] = {}
        if file is not None:
            self._stamp = _stamp(file)
            self._team = read_keys(file)

    def find(self, authorization: bytes) -> Key | None:
        """Return the key that an Authorization header holds, or None.

        Takes the same time whichever key matches, and whether one does.
        """
        self._refresh()
        scheme, _, given = authorization.partition(b" ")
        digest = _digest(given)
        found = None
        for key in (*self._own.values(), *self._team.values()):
            if hmac.compare_digest(digest, key.sha256):
                found = key
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


def read_keys(file: Path) -> Mapping[str, Key]:
    """Return keys by name; raises StartupError naming the line at fault."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        if os.name == "posix" and file.stat().st_mode & 0o022:
            raise StartupError(f"{file} is writable by others", f"Run: chmod 600 {file}")
    except (OSError, ValueError) as error:
        raise StartupError(f"cannot read the keys in {file}: {error}") from error
    keys: dict[str, Key] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        key = _key(line, f"{file}, line {number}")
        if key.name in keys or key.name == OWN_NAME:
            raise StartupError(f"{file}, line {number}: the name {key.name} is taken")
        keys[key.name] = key
    return keys


def add_key(
    file: Path, name: str, *, user: str | None = None, scopes: Iterable[str] | None = None
) -> str:
    """Add a key of this name to the file, made when missing; return the key.

    Raises StartupError for a malformed file or a name that is taken or unfit.
    """
    for given in (name, user or name):
        if not _NAME.match(given):
            raise StartupError(
                f"{given!r} cannot name a key or a user",
                "Use up to 64 letters, digits and the signs . _ @ -",
            )
    known = read_keys(file) if file.exists() else {}
    if name in known or name == OWN_NAME:
        raise StartupError(f"there is a key named {name} already", "Remove its line to revoke it.")
    secret = secrets.token_urlsafe(_KEY_BYTES)
    allowed = None if scopes is None else frozenset(scopes)
    _write(file, [*known.values(), Key(name, _digest(secret.encode()), user or name, allowed)])
    return secret


def revoke_key(file: Path, name: str) -> None:
    """Remove a key from the file; raises StartupError when it holds none of that name."""
    known = dict(read_keys(file))
    if known.pop(name, None) is None:
        raise StartupError(f"{file} has no key named {name}")
    _write(file, known.values())


def _write(file: Path, keys: Iterable[Key]) -> None:
    write_private(file, "".join(f"{key.to_json()}\n" for key in keys))


def _key(line: str, place: str) -> Key:
    with contextlib.suppress(ValueError):
        match json.loads(line):
            case {"name": str() as name, "sha256": str() as digest, **rest}:
                user, scopes = rest.pop("user", name), _scopes(rest.pop("scopes", None))
                named = isinstance(user, str) and _NAME.match(name) and _NAME.match(user)
                if named and _DIGEST.match(digest) and not rest:
                    return Key(name, digest, str(user), scopes)
    raise StartupError(f"{place} is not {_FORM}")


def _scopes(given: object) -> frozenset[str] | None:
    """Return the scopes of a line; raises ValueError for what is no list of them."""
    if given is None:
        return None
    if not isinstance(given, list) or not all(isinstance(scope, str) for scope in given):
        raise ValueError("no list of scopes")
    return frozenset(given)


def _digest(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
