"""An Engine out of an Evaluator: many requests, one step at a time, the most urgent first.

One step is one prefill batch or one token. After each the most urgent request present goes on,
so that a user's question preempts prefetch within one token; what was preempted resumes where it
was. Within a priority requests are answered one after another, in the order of arrival.
"""

import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from procoder_model_host.engines.base import Emit, Evaluator, position_seed
from procoder_model_host.engines.lanes import PRIORITIES, Lane, Lanes
from procoder_model_host.engines.stops import TextStream
from procoder_model_host.errors import EngineError, TokenizerError
from procoder_model_host.files.tokenizer import Tokenizer
from procoder_model_host.messages import (
    Accepted,
    Delta,
    Failed,
    Finished,
    Generate,
    Prefilled,
    Prefilling,
)
from procoder_protocol.errors import ErrorCode

_Reason = Literal["stop", "length", "cancelled"]

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Task:
    """One request and how far it is."""

    request: Generate
    tokens: list[int]
    """The prompt, and what was generated so far."""
    limit: int
    """Most tokens of the answer."""
    text: TextStream
    seed: int
    prompt: int = field(init=False)
    """Tokens of the prompt."""
    lane: Lane | None = None
    cached: int | None = None
    """Tokens of the prompt that were found in the lane; None before the first step."""
    prefilled: bool = False
    cancelled: bool = False
    seconds: float = 0.0
    """The engine's time spent on the current phase, without that of others in between."""

    def __post_init__(self) -> None:
        self.prompt = len(self.tokens)

    @property
    def count(self) -> int:
        """Tokens generated so far."""
        return len(self.tokens) - self.prompt

    @property
    def rank(self) -> int:
        """Place of its priority: 0 is the most urgent."""
        return PRIORITIES.index(self.request.priority)


class SteppingEngine:
    """Runs an evaluator in a thread of its own; see base.Engine."""

    parallel = 1
    grammar = False

    def __init__(
        self, evaluator: Evaluator, tokenizer: Tokenizer, context_window: int, emit: Emit
    ) -> None:
        """`context_window`: tokens that each lane of the evaluator has room for."""
        self.context_window = context_window
        self._evaluator = evaluator
        self._tokenizer = tokenizer
        self._emit = emit
        self._lanes = Lanes(evaluator.lanes, worth_moving=evaluator.batch)
        self._changed = threading.Condition()
        self._queues: tuple[deque[_Task], ...] = tuple(deque() for _ in PRIORITIES)
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._thread.start()

    def tokenize(self, text: str) -> list[int]:
        """Return the tokens of plain text, also while answers are generated; see Engine."""
        return self._tokenizer.encode(text)

    def generate(self, request: Generate) -> None:
        """Queue a request, or refuse it at once; see Engine."""
        try:
            task = self._task(request)
        except _RefusedError as refused:
            self._fail(request.id, refused.code, str(refused))
            return
        with self._changed:
            if any(other.request.id == request.id for other in self._tasks()):
                self._fail(request.id, ErrorCode.INVALID_REQUEST, "this id is already in use")
                return
            self._queues[task.rank].append(task)
            self._changed.notify()

    def cancel(self, request_id: int) -> None:
        """Break off a request before its next step; see Engine."""
        with self._changed:
            for task in self._tasks():
                task.cancelled = task.cancelled or task.request.id == request_id

    def close(self) -> None:
        """End the thread after its step, and free the model."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()
        self._evaluator.close()

    def _tasks(self) -> Iterator[_Task]:
        return (task for queue in self._queues for task in queue)

    def _task(self, request: Generate) -> _Task:
        """Tokenize a request and check what it may cost; raises _RefusedError."""
        if request.json_schema is not None:
            raise _RefusedError("this engine cannot hold an answer to a JSON schema")
        try:
            tokens = self._tokenizer.encode_prompt(request.prompt)
        except TokenizerError as error:
            raise _RefusedError(str(error)) from error
        if not tokens:
            raise _RefusedError("the prompt is empty")
        room = self.context_window - len(tokens)
        wanted = max(room, 1) if request.max_tokens is None else request.max_tokens
        if wanted > room:
            raise _RefusedError(
                f"the prompt has {len(tokens)} tokens and the answer may have {wanted}: "
                f"together they exceed the context window of {self.context_window} tokens",
                ErrorCode.CONTEXT_LENGTH_EXCEEDED,
            )
        seed = request.sampling.seed
        return _Task(
            request=request,
            tokens=tokens,
            limit=wanted,
            text=TextStream(request.stop, trim_start=request.trim_start),
            seed=secrets.randbits(31) if seed is None else seed,
        )

    def _run(self) -> None:
        while (task := self._next()) is not None:
            try:
                over = self._step(task)
            except MemoryError:
                log.warning("out of memory in a request; its prefix is forgotten")
                self._break(task, ErrorCode.OUT_OF_MEMORY, "the machine has too little memory")
            except EngineError as error:
                self._break(task, ErrorCode.INTERNAL_ERROR, str(error))
            except Exception as error:  # noqa: BLE001 - the one place that runs requests
                message = f"{type(error).__name__}: {error}"
                self._break(task, ErrorCode.INTERNAL_ERROR, message)
            else:
                if over:
                    self._remove(task)

    def _next(self) -> _Task | None:
        """Wait for the task that has the next step; None when closing."""
        with self._changed:
            while not self._closing:
                for task in [task for task in self._tasks() if task.cancelled]:
                    self._queues[task.rank].remove(task)
                    self._finish(task, "cancelled")
                if (first := next(self._tasks(), None)) is not None:
                    return first
                self._changed.wait()
        return None

    def _remove(self, task: _Task) -> None:
        with self._changed:
            self._queues[task.rank].remove(task)

    def _step(self, task: _Task) -> bool:
        """Do one batch or one token of a task; tell whether it is over."""
        started = time.perf_counter()
        lane = self._enter(task)
        if len(lane.held) < len(task.tokens):
            self._evaluate(lane, task.tokens, self._evaluator.batch)
            task.seconds += time.perf_counter() - started
            return self._report_prefill(task, lane)
        reason = self._decode(task, lane)
        task.seconds += time.perf_counter() - started
        if reason is not None:
            if rest := task.text.flush():
                self._emit(Delta(id=task.request.id, text=rest))
            self._finish(task, reason)
        return reason is not None

    def _enter(self, task: _Task) -> Lane:
        """Return the task's lane, which holds the beginning of its tokens and nothing else."""
        lane = task.lane
        if lane is not None and lane.held == task.tokens[: len(lane.held)]:
            return lane
        if task.cached is None:
            self._emit(Accepted(id=task.request.id, prompt_tokens=task.prompt))
        lane = task.lane = self._lanes.choose(task.tokens, task.rank)
        kept = self._evaluator.reuse(lane.number, task.tokens)
        lane.held = task.tokens[:kept]
        if task.cached is None:
            task.cached = kept
        return lane

    def _evaluate(self, lane: Lane, tokens: list[int], most: int) -> None:
        start = len(lane.held)
        batch = tokens[start : start + most]
        self._evaluator.evaluate(lane.number, batch)
        lane.held += batch

    def _report_prefill(self, task: _Task, lane: Lane) -> bool:
        self._emit(Prefilling(id=task.request.id, evaluated=len(lane.held)))
        if task.prefilled or len(lane.held) < len(task.tokens):
            return False
        task.prefilled = True
        self._emit(
            Prefilled(
                id=task.request.id,
                cached_tokens=task.cached or 0,
                prefill_ms=task.seconds * 1000,
            )
        )
        task.seconds = 0.0
        if task.limit == 0:
            self._finish(task, "length")
        return task.limit == 0

    def _decode(self, task: _Task, lane: Lane) -> _Reason | None:
        """Generate one token; return why the answer is over, if it is."""
        seed = position_seed(task.seed, task.count)
        token = self._evaluator.sample(lane.number, task.request.sampling, seed)
        task.tokens.append(token)
        if token in self._tokenizer.end_ids:
            return "stop"
        # Also when nothing can be shown yet: every token is a sign of life to the watchdog.
        text = task.text.feed(self._tokenizer.piece(token))
        self._emit(Delta(id=task.request.id, text=text))
        if task.text.stopped:
            return "stop"
        if task.count == task.limit:
            return "length"
        self._evaluate(lane, task.tokens, 1)
        return None

    def _finish(self, task: _Task, reason: _Reason) -> None:
        self._emit(
            Finished(
                id=task.request.id,
                finish_reason=reason,
                completion_tokens=task.count,
                decode_ms=task.seconds * 1000 if task.prefilled else 0.0,
            )
        )

    def _break(self, task: _Task, code: ErrorCode, message: str) -> None:
        """End a task whose step failed; nobody knows what its lane holds now."""
        if task.lane is not None:
            task.lane.held.clear()
        self._remove(task)
        self._fail(task.request.id, code, message)

    def _fail(self, request_id: int, code: ErrorCode, message: str) -> None:
        self._emit(Failed(id=request_id, code=code, message=message))


class _RefusedError(Exception):
    """A request that is not even queued."""

    def __init__(self, message: str, code: ErrorCode = ErrorCode.INVALID_REQUEST) -> None:
        super().__init__(message)
        self.code = code
