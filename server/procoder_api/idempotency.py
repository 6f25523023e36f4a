"""The layer that answers a repeated request with the answer it had before."""

import asyncio
import logging
import re
from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Header
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from procoder_api.callers import caller_of
from procoder_api.errors import BadRequestError, ConflictError, UnusableError
from procoder_api.replies import Before, Reply, ReplyStore, Seal, fingerprint, store_key
from procoder_tutor.errors import StorageError, describe

log = logging.getLogger(__name__)

HEADER = "Idempotency-Key"
_PATTERN = r"^[\x21-\x7e]{1,255}$"
_LARGEST = 8 * 1024 * 1024
"""Bytes of an answer that is kept."""
_SERVER_ERROR = 500
_AGAIN = frozenset({409, 429})
"""Refusals that say to try again: those are not kept."""
_OWN_HEADERS = frozenset({"x-request-id", "date"})


async def _documented(
    _: Annotated[
        str | None,
        Header(
            alias=HEADER,
            pattern=_PATTERN,
            description="A new one for each request; a repeated request with the same one is "
            "answered as before, and not done again. Kept for a day.",
        ),
    ] = None,
) -> None:
    """Describe the header to the OpenAPI document; the layer below has dealt with it."""


REPEATABLE = Depends(_documented)
"""A dependency of every route that takes the header."""


class IdempotencyMiddleware:
    """Keeps the answers to POSTs that carry the header; lies inside of the access layer."""

    def __init__(self, app: ASGIApp, *, replies: ReplyStore) -> None:
        self._app = app
        self._replies = replies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, or repeat the answer; raises ApiError."""
        headers = dict(scope.get("headers", ()))
        given = headers.get(HEADER.lower().encode())
        if scope["type"] != "http" or scope["method"] != "POST" or given is None:
            await self._app(scope, receive, send)
            return
        name = given.decode("latin-1")
        if not re.fullmatch(_PATTERN, name):
            raise BadRequestError(f"{HEADER} must be 1 to 255 visible ASCII characters.")
        body = await _whole(receive)
        if body is None:
            return
        key, seal = store_key(caller_of(scope).key, name), _seal(headers, name)
        print_of_it = fingerprint(scope["method"], scope["path"], body)
        before = await self._replies.begin(key, print_of_it)
        if before is None:
            await self._answer(scope, _again(body, receive), send, key, seal)
        else:
            await _repeat(_earlier(before, print_of_it, seal), send)

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, key: str, seal: Seal
    ) -> None:
        record = _Record()

        async def recorded(message: Message) -> None:
            record.take(message)
            if record.complete:
                # Before the client has all of it: a repeated request must find it.
                await self._keep(key, record.reply(), seal)
            await send(message)

        try:
            await self._app(scope, receive, recorded)
        finally:
            if not record.complete:
                # The client has left: half an answer must not be in the way of the next try.
                await asyncio.shield(self._keep(key, None, seal))

    async def _keep(self, key: str, reply: Reply | None, seal: Seal) -> None:
        try:
            if reply is None:
                await self._replies.forget(key)
            else:
                await self._replies.finish(key, await asyncio.to_thread(seal.close, reply))
        except StorageError as error:
            log.warning("%s", describe(error))


class _Record:
    """An answer as it is sent."""

    def __init__(self) -> None:
        self._status = _SERVER_ERROR
        self._headers: list[tuple[str, str]] = []
        self._body = bytearray()
        self.complete = False
        """Whether all of it was sent."""

    def take(self, message: Message) -> None:
        """Note a part."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            pairs = [(n.decode("latin-1"), v.decode("latin-1")) for n, v in message["headers"]]
            self._headers = [pair for pair in pairs if pair[0].lower() not in _OWN_HEADERS]
        elif message["type"] == "http.response.body":
            if len(self._body) <= _LARGEST:
                self._body += message.get("body", b"")
            self.complete = not message.get("more_body", False)

    def reply(self) -> Reply | None:
        """Return what is worth keeping."""
        failed = self._status >= _SERVER_ERROR or self._status in _AGAIN
        if failed or not self.complete or len(self._body) > _LARGEST:
            return None
        return Reply(self._status, self._headers, bytes(self._body))


def _seal(headers: Mapping[bytes, bytes], name: str) -> Seal:
    return Seal(headers.get(b"authorization", b""), name)


def _earlier(before: Before, print_of_it: str, seal: Seal) -> Reply:
    if before.fingerprint != print_of_it:
        raise UnusableError(f"This {HEADER} was used for another request. Make a new one.")
    if before.sealed is None:
        raise ConflictError("The same request is being answered.", {"Retry-After": "2"})
    reply = seal.open(before.sealed)
    if reply is None:
        raise UnusableError(f"This {HEADER} was used with another key. Make a new one.")
    return reply


async def _repeat(reply: Reply, send: Send) -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
    headers.append((b"idempotent-replayed", b"true"))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})


async def _whole(receive: Receive) -> bytes | None:
    """Read a body; None when the client leaves before."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """Return `receive` that gives a body that was read before, then what comes after it."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
