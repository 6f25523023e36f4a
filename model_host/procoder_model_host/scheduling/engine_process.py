"""The parent's view of the engine child: start it, watch it, bring it back when it dies.

Loading that the child refuses (a damaged file, a missing library) is final: trying again would
say the same. A child that dies is started again: at once when it had answered something, else
after growing pauses; one that dies several times while it loads is left alone for a while, after
which the next request may try again. A busy child that is silent for too long is killed.
"""

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncGenerator, Callable, Sequence

from procoder_model_host.errors import (
    EngineCrashedError,
    EngineFailedError,
    EngineLoadingError,
    HostLeavingError,
)
from procoder_model_host.messages import (
    Failed,
    Load,
    Loaded,
    LoadFailed,
    MessageError,
    decode_reply,
)
from procoder_model_host.scheduling.conversation import Conversation
from procoder_model_host.scheduling.endings import AWAY, end, how_it_ended
from procoder_model_host.scheduling.generation import AnswerEvent, Generation

log = logging.getLogger(__name__)

CHILD_COMMAND = (sys.executable, "-P", "-m", "procoder_model_host.child")
"""`-P`: the working folder is often somebody's project, and must not shadow our imports."""

HANG_SECONDS = 60.0
"""Silence of a busy child that counts as a hang."""
LOAD_PATIENCE = 30.0
"""Seconds that a request waits for a model that is being loaded."""

_LINE_LIMIT = 64 * 1024 * 1024
_LOAD_ATTEMPTS = 3
_LONGEST_PAUSE = 30.0
_COOL_DOWN = 30.0
_LONGEST_COOL_DOWN = 600.0
_EXIT_CODE_WAIT = 0.5
_LEAVING = "the host is leaving"

__all__ = ["AnswerEvent", "EngineProcess", "Generation"]


class EngineProcess:
    """One engine child and its successors; does not queue: see scheduler.Scheduler."""

    def __init__(
        self,
        load: Load,
        *,
        command: Sequence[str] = CHILD_COMMAND,
        load_patience: float = LOAD_PATIENCE,
        hang_seconds: float = HANG_SECONDS,
        cool_down: float = _COOL_DOWN,
    ) -> None:
        """`cool_down`: seconds before a model that crashed its loader is tried again."""
        self.load_patience = load_patience
        self._load = load
        self._command = command
        self._hang_seconds = hang_seconds
        self._cool_down = cool_down
        self._conversation: Conversation | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._supervisor: asyncio.Task[None] | None = None
        self._settled = asyncio.Event()
        self._anew = asyncio.Event()
        self._failure: EngineFailedError | None = None
        self._try_again_at: float | None = None
        self._crashes = 0
        self._closed = False
        self._listeners: list[Callable[[str | None], None]] = []

    @property
    def ready(self) -> bool:
        """True while the model is loaded and its process lives."""
        return self._conversation is not None and self._conversation.loaded is not None

    @property
    def parallel(self) -> int:
        """Requests of one priority that the child works on at the same time; 0 if not ready."""
        loaded = self._conversation.loaded if self._conversation is not None else None
        return loaded.parallel if loaded is not None else 0

    @property
    def child_pid(self) -> int | None:
        """Process id of the engine child, when there is one."""
        return self._process.pid if self._process is not None else None

    def subscribe(self, listener: Callable[[str | None], None]) -> None:
        """Call `listener` when the engine becomes ready, is lost or fails.

        It gets the reason when a child ended that nobody had asked to end, else None.
        """
        self._listeners.append(listener)

    def start(self) -> None:
        """Begin to load the model; must be called in a running event loop."""
        self._supervisor = asyncio.create_task(self._supervise(), name="engine supervisor")

    def require_hope(self) -> None:
        """Raise EngineFailedError while waiting is in vain; starts another try when it is time."""
        if self._failure is None:
            return
        now = asyncio.get_running_loop().time()
        if self._try_again_at is None or now < self._try_again_at:
            raise self._failure.copy()
        self._failure = None
        self._settled.clear()
        self._anew.set()

    async def loaded(self, patience: float | None = None) -> Loaded:
        """Wait for the model.

        Raises EngineFailedError when it cannot be loaded, EngineLoadingError after `patience`
        seconds (None: as long as it takes).
        """
        try:
            async with asyncio.timeout(patience):
                while True:
                    self.require_hope()
                    if self._conversation is not None and self._conversation.loaded is not None:
                        return self._conversation.loaded
                    await self._settled.wait()
        except TimeoutError:
            raise EngineLoadingError("the model is still being loaded") from None

    async def generate(self, generation: Generation) -> AsyncGenerator[AnswerEvent, None]:
        """Answer a prompt: Accepted, Prefilled, Delta…, Finished. Raises RequestError.

        Closing the iterator frees the engine within one token, and returns when it is free.
        """
        async with contextlib.aclosing((await self._talk()).generate(generation)) as events:
            async for event in events:
                yield event

    async def tokenize(self, text: str) -> list[int]:
        """Return the model's tokens of plain text, also while it generates."""
        return await (await self._talk()).tokenize(text)

    async def reload(self, load: Load) -> Loaded:
        """End the child and load another model; who still waits gets EngineCrashedError.

        Raises EngineFailedError when the new model cannot be loaded; the engine has none then.
        """
        if self._closed:
            raise EngineFailedError(_LEAVING)
        self._load = load
        self._failure = None
        self._crashes = 0
        self._settled.clear()
        self._anew.set()
        if self._conversation is not None:
            self._conversation.end(EngineCrashedError(AWAY))
        if self._process is not None:
            await end(self._process)
        return await self.loaded()

    async def aclose(self) -> None:
        """End the child and everything that waits for it."""
        self._closed = True
        self._fail(_LEAVING, try_again_at=None)
        if self._conversation is not None:
            self._conversation.end(HostLeavingError(_LEAVING))
        if self._supervisor is not None:
            self._supervisor.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._supervisor

    async def _talk(self) -> Conversation:
        await self.loaded(self.load_patience)
        # Nothing is awaited between the two: what was loaded is still there.
        if self._conversation is None:
            raise EngineCrashedError(AWAY)
        return self._conversation

    async def _supervise(self) -> None:
        while True:
            conversation = Conversation(self._write, patience=self._hang_seconds)
            self._conversation = conversation
            was_loaded, reason = await self._run_child(conversation)
            if self._anew.is_set():
                continue
            if self._failure is None:
                self._crashes = 1 if conversation.answered else self._crashes + 1
                self._judge(reason, was_loaded=was_loaded)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pause()):
                    await self._anew.wait()

    def _judge(self, reason: str, *, was_loaded: bool) -> None:
        """Decide whether a child that ended by itself is worth another try soon."""
        if was_loaded or self._crashes < _LOAD_ATTEMPTS:
            log.warning("%s; restarting it", reason)
            self._tell(reason)
            return
        pause = min(self._cool_down * 2 ** (self._crashes - _LOAD_ATTEMPTS), _LONGEST_COOL_DOWN)
        self._fail(
            f"the engine process died {self._crashes} times while loading: {reason}",
            try_again_at=asyncio.get_running_loop().time() + pause,
        )

    def _pause(self) -> float | None:
        """Return the seconds before the next start; None: until somebody asks for it."""
        if self._failure is not None:
            return None
        return 0.0 if self._crashes <= 1 else min(2.0 ** (self._crashes - 3), _LONGEST_PAUSE)

    async def _run_child(self, conversation: Conversation) -> tuple[bool, str]:
        """Run one child until it ends; return whether it ever loaded, and how it ended."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=_LINE_LIMIT,
            )
        except OSError as error:
            self._anew.clear()
            return False, f"the engine process could not be started: {error}"
        self._process = process
        watching = asyncio.create_task(_kill_when_hung(process, conversation))
        was_loaded, reason = False, AWAY
        try:
            # From here on the child loads what was asked for last; later wishes end it.
            self._anew.clear()
            conversation.send(self._load)
            if process.stdout is None:
                raise RuntimeError("the child was started without a pipe")
            async for line in process.stdout:
                self._receive(line, conversation)
                was_loaded = was_loaded or conversation.loaded is not None
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_EXIT_CODE_WAIT):
                    await process.wait()
        except ValueError as error:
            log.warning("the engine process sent a line without end: %s", error)
        finally:
            reason = how_it_ended(process)
            if watching.done() and not watching.cancelled():
                reason = f"the engine process hung: no sign of life for {watching.result():g} s"
            watching.cancel()
            self._settled.clear()
            conversation.end(EngineCrashedError(reason))
            await end(process)
        if self._failure is not None:
            self._settled.set()
        return was_loaded, reason

    def _receive(self, line: bytes, conversation: Conversation) -> None:
        try:
            reply = decode_reply(line)
        except MessageError as error:
            log.warning("ignored a line of the engine process: %s", error)
            return
        match reply:
            case Loaded():
                if not self._anew.is_set():
                    conversation.loaded = reply
                    self._settled.set()
                    self._tell(None)
            case LoadFailed(reason=reason):
                if not self._anew.is_set():
                    self._fail(reason, try_again_at=None)
            case Failed(id=None, message=message):
                log.warning("the engine process did not understand a request: %s", message)
            case _:
                conversation.deliver(reply)

    def _fail(self, reason: str, *, try_again_at: float | None) -> None:
        self._failure = EngineFailedError(reason)
        self._try_again_at = try_again_at
        self._settled.set()
        self._tell(None)

    def _tell(self, reason: str | None) -> None:
        for listener in self._listeners:
            listener(reason)

    def _write(self, line: bytes) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(line)


async def _kill_when_hung(process: asyncio.subprocess.Process, conversation: Conversation) -> float:
    limit = await conversation.hung()
    # It may be stopped or stuck in native code: only SIGKILL is sure to reach it.
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    return limit
