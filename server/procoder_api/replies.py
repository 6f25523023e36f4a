"""Answers to requests that carry an idempotency key, so that a repeated one is not done twice.

Follows the IETF draft "The Idempotency-Key HTTP Header Field". What is kept is sealed with the
caller's own key, of which we hold only a digest: answers show the secrets of the code they are
about, and those are never stored where others can read them.
"""

import base64
import hashlib
import json
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cryptography.fernet import Fernet, InvalidToken

from procoder_api.state import ApiState

KEPT_SECONDS = 24 * 3600.0
ABANDONED_SECONDS = 900.0
"""After which a request without an answer counts as one whose server died."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it was sent."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of an earlier request with the same key."""

    fingerprint: str
    """Of its method, path and body."""
    sealed: bytes | None
    """Its answer; None while it is being made."""


class ReplyStore(Protocol):
    """Where answers are kept, by a digest of caller and key. Methods raise StorageError."""

    async def begin(self, key: str, fingerprint: str) -> Before | None:
        """Take a key for a request, unless it was taken before: then say what for."""
        ...

    async def finish(self, key: str, sealed: bytes) -> None:
        """Keep the answer."""
        ...

    async def forget(self, key: str) -> None:
        """Let the request be made again."""
        ...

    async def aclose(self) -> None:
        """Let go of connections."""
        ...


class SqliteReplies:
    """Answers in the API's own file."""

    def __init__(self, state: ApiState) -> None:
        self._state = state

    async def begin(self, key: str, fingerprint: str) -> Before | None:
        """See ReplyStore."""
        return await self._state.write(
            lambda connection: _begin(connection, key, fingerprint, time.time())
        )

    async def finish(self, key: str, sealed: bytes) -> None:
        """See ReplyStore."""
        query = "UPDATE replies SET sealed = ? WHERE key = ?"
        await self._state.write(lambda connection: connection.execute(query, (sealed, key)))

    async def forget(self, key: str) -> None:
        """See ReplyStore."""
        query = "DELETE FROM replies WHERE key = ?"
        await self._state.write(lambda connection: connection.execute(query, (key,)))

    async def aclose(self) -> None:
        """Leave the file to its owner."""


class Seal:
    """Closes and opens the answers of one caller to one key."""

    def __init__(self, credential: bytes, idempotency_key: str) -> None:
        secret = hashlib.sha256(credential + b"\0" + idempotency_key.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(secret.digest()))

    def close(self, reply: Reply) -> bytes:
        """Return an answer as only the caller can read it."""
        head = json.dumps([reply.status, list(reply.headers)]).encode()
        return self._fernet.encrypt(head + b"\n" + reply.body)

    def open(self, sealed: bytes) -> Reply | None:
        """Return the answer; None for what this caller did not get."""
        try:
            head, _, body = self._fernet.decrypt(sealed).partition(b"\n")
        except InvalidToken:
            return None
        status, headers = json.loads(head)
        return Reply(status, [(name, value) for name, value in headers], body)


def fingerprint(method: str, path: str, body: bytes) -> str:
    """Return what tells two requests apart."""
    return hashlib.sha256(f"{method} {path}\n".encode() + body).hexdigest()


def store_key(caller: str, idempotency_key: str) -> str:
    """Return under what an answer is kept."""
    return hashlib.sha256(f"{caller}\n{idempotency_key}".encode()).hexdigest()


def _begin(connection: sqlite3.Connection, key: str, fingerprint: str, now: float) -> Before | None:
    connection.execute(
        "DELETE FROM replies WHERE began < ? OR (sealed IS NULL AND began < ?)",
        (now - KEPT_SECONDS, now - ABANDONED_SECONDS),
    )
    query = "SELECT fingerprint, sealed FROM replies WHERE key = ?"
    row = connection.execute(query, (key,)).fetchone()
    if row is not None:
        return Before(*row)
    connection.execute("INSERT INTO replies VALUES (?, ?, ?, NULL)", (key, fingerprint, now))
    return None
