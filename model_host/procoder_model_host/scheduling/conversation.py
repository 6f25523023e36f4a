"""One running engine child as the parent talks to it: requests out, replies to who asked.

It lives as long as its child: when the child ends, everybody who waits is told, and the next
child gets a conversation of its own.
"""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncGenerator, Callable, Iterator

from procoder_model_host.errors import EngineCrashedError, RequestError
from procoder_model_host.messages import (
    Cancel,
    Failed,
    Finished,
    Generate,
    Loaded,
    Prefilling,
    Reply,
    Request,
    Tokenize,
    Tokens,
    encode,
)
from procoder_model_host.scheduling.generation import AnswerEvent, Generation

_Inbox = asyncio.Queue[Reply | RequestError]

_SLOW_FACTOR = 8.0
_LIMIT_FACTOR = 10.0
_FORGETTING = 0.9


class Conversation:
    """Requests and replies of one child; belongs to one event loop."""

    def __init__(self, write: Callable[[bytes], None], *, patience: float) -> None:
        """`patience`: seconds without any message after which a busy child counts as hung."""
        self._write = write
        self._patience = patience
        self._ids = itertools.count(1)
        self._inboxes: dict[int, _Inbox] = {}
        self._busy = asyncio.Event()
        self._last_sign = 0.0
        self._slowest = 0.0
        self._over: RequestError | None = None
        self.loaded: Loaded | None = None
        """What the child said of its model; None while it loads, and once it is gone."""
        self.answered = False
        """True once it has completed a request."""

    def send(self, request: Request) -> None:
        """Write a message; a child that died is noticed where its output ends."""
        self._write(encode(request))

    def deliver(self, reply: Reply) -> None:
        """Hand a reply to who waits for it; every message is a sign of life."""
        now = asyncio.get_running_loop().time()
        self._slowest = max(now - self._last_sign, self._slowest * _FORGETTING)
        self._last_sign = now
        self.answered = self.answered or isinstance(reply, Finished | Tokens)
        inbox = self._inboxes.get(getattr(reply, "id", None) or 0)
        if inbox is not None and not isinstance(reply, Prefilling):
            inbox.put_nowait(reply)

    def end(self, error: RequestError) -> None:
        """Tell all who wait, and who still comes, that the child is gone."""
        self._over = error
        self.loaded = None
        for inbox in self._inboxes.values():
            inbox.put_nowait(error)

    async def hung(self) -> float:
        """Return once the child has work and is silent for too long; tells for how many seconds.

        The limit is the patience, or more where the batches of prompts take long on this machine.
        """
        loop = asyncio.get_running_loop()
        while True:
            await self._busy.wait()
            limit = min(
                max(self._patience, self._slowest * _SLOW_FACTOR), self._patience * _LIMIT_FACTOR
            )
            left = self._last_sign + limit - loop.time()
            if left > 0:
                await asyncio.sleep(left)
                # This process may have been stopped as well: messages that wait in the pipe
                # are read before anybody judges.
                await asyncio.sleep(min(0.1, limit / 10))
            else:
                return limit

    async def generate(self, generation: Generation) -> AsyncGenerator[AnswerEvent, None]:
        """Ask and yield what comes; leaving it breaks off, and waits until the child obeyed."""
        with self._inbox() as (request_id, inbox):
            self.send(
                Generate(
                    id=request_id,
                    prompt=generation.prompt,
                    max_tokens=generation.max_tokens,
                    sampling=generation.sampling,
                    stop=generation.stop,
                    trim_start=generation.trim_start,
                    priority=generation.priority,
                    json_schema=generation.json_schema,
                )
            )
            over = False
            try:
                while not over:
                    reply = checked(await inbox.get())
                    over = isinstance(reply, Finished)
                    if isinstance(reply, AnswerEvent):
                        yield reply
            except RequestError:
                over = True
                raise
            finally:
                if not over:
                    self.send(Cancel(id=request_id))
                    while not isinstance(await inbox.get(), Finished | Failed | RequestError):
                        pass

    async def tokenize(self, text: str) -> list[int]:
        """Return the model's tokens of plain text."""
        with self._inbox() as (request_id, inbox):
            self.send(Tokenize(id=request_id, text=text))
            reply = checked(await inbox.get())
            if not isinstance(reply, Tokens):
                raise EngineCrashedError(f"unexpected reply to tokenize: {reply.type}")
            return reply.tokens

    @contextlib.contextmanager
    def _inbox(self) -> Iterator[tuple[int, _Inbox]]:
        if self._over is not None:
            raise self._over.copy()
        request_id = next(self._ids)
        inbox: _Inbox = asyncio.Queue()
        if not self._inboxes:
            self._last_sign = asyncio.get_running_loop().time()
            self._busy.set()
        self._inboxes[request_id] = inbox
        try:
            yield request_id, inbox
        finally:
            del self._inboxes[request_id]
            if not self._inboxes:
                self._busy.clear()


def checked(reply: Reply | RequestError) -> Reply:
    """Return the reply, or raise the error it carries."""
    if isinstance(reply, RequestError):
        raise reply.copy()
    if isinstance(reply, Failed):
        raise RequestError(reply.message, code=reply.code)
    return reply
