"""The parent's view of the engine child: start it, talk to it, bring it back when it dies."""

import asyncio
import contextlib
import itertools
import logging
import signal
import sys
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass, field

from procoder_model_host.errors import (
    EngineCrashedError,
    EngineFailedError,
    EngineLoadingError,
    QueueFullError,
    RequestError,
)
from procoder_model_host.messages import (
    Accepted,
    Cancel,
    Delta,
    Failed,
    Finished,
    Generate,
    Load,
    Loaded,
    LoadFailed,
    MessageError,
    Prefilled,
    PromptPart,
    Reply,
    Request,
    Sampling,
    Tokenize,
    Tokens,
    decode_reply,
    encode,
)

log = logging.getLogger(__name__)

CHILD_COMMAND = (sys.executable, "-P", "-m", "procoder_model_host.child")
"""`-P`: the working folder is often somebody's project, and must not shadow our imports."""

_LINE_LIMIT = 64 * 1024 * 1024
_LOAD_ATTEMPTS = 3
_RESTART_DELAYS = (0.0, 0.5)
_EXIT_GRACE = 2.0

AnswerEvent = Accepted | Prefilled | Delta | Finished
_Inbox = asyncio.Queue[Reply | RequestError]


@dataclass(frozen=True, slots=True)
class Generation:
    """What to generate; see messages.Generate for the fields."""

    prompt: tuple[PromptPart, ...]
    max_tokens: int | None = None
    sampling: Sampling = field(default_factory=Sampling)
    stop: tuple[str, ...] = ()
    trim_start: bool = False


class EngineProcess:
    """One engine child; one generation at a time, in the order of arrival."""

    def __init__(
        self,
        load: Load,
        *,
        command: Sequence[str] = CHILD_COMMAND,
        max_waiting: int = 64,
        load_patience: float = 30.0,
    ) -> None:
        """`load_patience`: seconds a request waits for the model before it is sent away."""
        self._load = load
        self._command = command
        self._max_waiting = max_waiting
        self._load_patience = load_patience
        self._turn = asyncio.Lock()
        self._queued = 0
        self._ids = itertools.count(1)
        self._waiting: dict[int, _Inbox] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._supervisor: asyncio.Task[None] | None = None
        self._settled = asyncio.Event()
        self._loaded: Loaded | None = None
        self._failure: EngineFailedError | None = None

    @property
    def ready(self) -> bool:
        """True while the model is loaded and its process lives."""
        return self._loaded is not None

    @property
    def child_pid(self) -> int | None:
        """Process id of the engine child, when there is one."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Begin to load the model; must be called in a running event loop."""
        self._supervisor = asyncio.create_task(self._supervise(), name="engine supervisor")

    async def loaded(self, patience: float | None = None) -> Loaded:
        """Wait for the model.

        Raises EngineFailedError when it cannot be loaded, EngineLoadingError after `patience`
        seconds (None: as long as it takes).
        """
        try:
            async with asyncio.timeout(patience):
                while self._loaded is None:
                    if self._failure is not None:
                        raise self._failure.copy()
                    await self._settled.wait()
        except TimeoutError:
            raise EngineLoadingError("the model is still being loaded") from None
        return self._loaded

    async def aclose(self) -> None:
        """End the child and everything that waits for it."""
        self._settle_failure("the host is leaving")
        if self._supervisor is not None:
            self._supervisor.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._supervisor

    async def generate(self, generation: Generation) -> AsyncGenerator[AnswerEvent, None]:
        """Answer a prompt: Accepted, Prefilled, Delta…, Finished. Raises RequestError.

        Closing the iterator frees the engine within one token.
        """
        if self._queued >= self._max_waiting:
            raise QueueFullError("too many requests are waiting for the model")
        self._queued += 1
        try:
            async with self._turn:
                await self.loaded(self._load_patience)
                async with contextlib.aclosing(self._ask(generation)) as events:
                    async for event in events:
                        yield event
        finally:
            self._queued -= 1

    async def tokenize(self, text: str) -> list[int]:
        """Return the model's tokens of plain text, also while it generates."""
        await self.loaded(self._load_patience)
        with self._inbox() as (request_id, inbox):
            self._send(Tokenize(id=request_id, text=text))
            reply = _checked(await inbox.get())
            if not isinstance(reply, Tokens):
                raise EngineCrashedError(f"unexpected reply to tokenize: {reply.type}")
            return reply.tokens

    async def _ask(self, generation: Generation) -> AsyncGenerator[AnswerEvent, None]:
        with self._inbox() as (request_id, inbox):
            self._send(
                Generate(
                    id=request_id,
                    prompt=generation.prompt,
                    max_tokens=generation.max_tokens,
                    sampling=generation.sampling,
                    stop=generation.stop,
                    trim_start=generation.trim_start,
                )
            )
            over = False
            try:
                while not over:
                    reply = _checked(await inbox.get())
                    over = isinstance(reply, Finished)
                    if isinstance(reply, AnswerEvent):
                        yield reply
            except RequestError:
                over = True
                raise
            finally:
                if not over:
                    self._send(Cancel(id=request_id))

    @contextlib.contextmanager
    def _inbox(self) -> Iterator[tuple[int, _Inbox]]:
        request_id = next(self._ids)
        inbox: _Inbox = asyncio.Queue()
        self._waiting[request_id] = inbox
        try:
            yield request_id, inbox
        finally:
            del self._waiting[request_id]

    def _send(self, request: Request) -> None:
        # A child that died meanwhile is noticed where its output ends, which tells all who wait.
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(encode(request))

    async def _supervise(self) -> None:
        crashes = 0
        while True:
            answered = await self._run_child()
            if self._failure is not None:
                return
            crashes = 1 if answered else crashes + 1
            if crashes >= _LOAD_ATTEMPTS:
                self._settle_failure(f"the engine process died {crashes} times while loading")
                return
            await asyncio.sleep(_RESTART_DELAYS[crashes - 1])

    async def _run_child(self) -> bool:
        """Run one child until it ends; tell whether it ever loaded the model."""
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LINE_LIMIT,
        )
        self._process = process
        self._send(self._load)
        loaded = False
        try:
            assert process.stdout is not None  # noqa: S101 - it was asked for as a pipe
            async for line in process.stdout:
                self._receive(line)
                loaded = loaded or self._loaded is not None
            await process.wait()
        finally:
            self._loaded = None
            self._settled.clear()
            self._fail_all(EngineCrashedError(f"the engine process {_how_it_ended(process)}"))
            await _end(process)
        if self._failure is not None:
            self._settled.set()
        else:
            log.warning("the engine process %s; restarting it", _how_it_ended(process))
        return loaded

    def _receive(self, line: bytes) -> None:
        try:
            reply = decode_reply(line)
        except MessageError as error:
            log.warning("ignored a line of the engine process: %s", error)
            return
        match reply:
            case Loaded():
                self._loaded = reply
                self._settled.set()
            case LoadFailed(reason=reason):
                self._settle_failure(reason)
            case Failed(id=None, message=message):
                log.warning("the engine process did not understand a request: %s", message)
            case _ if (inbox := self._waiting.get(reply.id or 0)) is not None:
                inbox.put_nowait(reply)

    def _settle_failure(self, reason: str) -> None:
        self._failure = EngineFailedError(reason)
        self._settled.set()

    def _fail_all(self, error: RequestError) -> None:
        for inbox in self._waiting.values():
            inbox.put_nowait(error)


def _checked(reply: Reply | RequestError) -> Reply:
    """Return the reply, or raise the error it carries."""
    if isinstance(reply, RequestError):
        raise reply.copy()
    if isinstance(reply, Failed):
        raise RequestError(reply.message, code=reply.code)
    return reply


async def _end(process: asyncio.subprocess.Process) -> None:
    """Ask the child to leave by closing its input; insist after a moment."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(_EXIT_GRACE):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _how_it_ended(process: asyncio.subprocess.Process) -> str:
    code = process.returncode
    if code is None:
        return "was stopped"
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"was killed by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
