"""The llamacpp engine: any GGUF file as it is, several answers at once in slots.

Batching, prompt cache and grammars are llama.cpp's own. What is ours: who gets a slot, and that
prefetch gives way. While something more urgent waits or runs, prefetch is paused: its slot is
freed, and later it goes on from its prompt and the text so far.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from procoder_model_host.engines.base import Emit, LoadOptions
from procoder_model_host.engines.lanes import PRIORITIES
from procoder_model_host.engines.llama_answer import Answer
from procoder_model_host.engines.llama_server import Event, LlamaServer
from procoder_model_host.engines.memory import kv_bytes, spare_memory
from procoder_model_host.errors import EngineError, InvalidRequestError, RequestError
from procoder_model_host.files.gguf import GGUFHeader
from procoder_model_host.files.tokenizer import ANCHOR, Metadata, special_tokens
from procoder_model_host.messages import Finished, Generate, PromptPart, Special
from procoder_protocol.errors import ErrorCode

_MOST_SLOTS = 9
_LARGE_MODEL = 1 << 30


@dataclass(slots=True, eq=False)
class _Job:
    """One request."""

    request: Generate
    answer: Answer | None = None
    """None until its prompt is tokenized."""
    running: bool = False
    cancelled: bool = False
    paused: bool = False

    @property
    def rank(self) -> int:
        return PRIORITIES.index(self.request.priority)

    @property
    def prefetch(self) -> bool:
        return self.request.priority == "prefetch"


class LlamaCppEngine:
    """llama.cpp with slots; see base.Engine."""

    grammar = True

    def __init__(self, options: LoadOptions, emit: Emit) -> None:
        """Load the model; raises EngineError."""
        self._emit = emit
        self.context_window = _window(options)
        slots = _slots(options, self.context_window)
        # One slot is kept for who waits: a user's question never queues behind chats.
        self.parallel = slots - 1
        # With 32, eight chats cost 4% more than with 512 (SmolLM2); 4 tokens of a 7B take 1 s.
        batch = 4 if options.path.stat().st_size > _LARGE_MODEL else 64
        self._server = LlamaServer(options, slots=slots, batch=batch)
        metadata = options.header.metadata
        self._special = special_tokens(_listed(metadata, "tokens"), _listed(metadata, "token_type"))
        self._adds_space = metadata.get("tokenizer.ggml.model") == "llama"
        self._beginning = self._find_beginning(options.header)
        self._slots = slots
        self._lock = threading.Lock()
        self._jobs: dict[int, _Job] = {}
        self._closing = False
        self._workers = ThreadPoolExecutor(slots, thread_name_prefix="slot")

    def tokenize(self, text: str) -> list[int]:
        """Return the tokens of plain text, also while answers are generated; see Engine."""
        return self._server.tokenize(text) if text else []

    def generate(self, request: Generate) -> None:
        """Queue a request; see Engine."""
        job = _Job(request)
        with self._lock:
            known = request.id in self._jobs
            if not known:
                self._jobs[request.id] = job
                self._assign()
        if known:
            refused = Answer(request, (), 0, self._emit)
            refused.fail(ErrorCode.INVALID_REQUEST, "this id is already in use")

    def cancel(self, request_id: int) -> None:
        """Break off a request at its next token or batch; see Engine."""
        with self._lock:
            job = self._jobs.get(request_id)
            if job is None:
                return
            job.cancelled = True
            if job.running:
                return
            del self._jobs[request_id]
            self._assign()
        self._cancelled(job)

    def close(self) -> None:
        """Break everything off, and free the model."""
        with self._lock:
            self._closing = True
            for job in self._jobs.values():
                job.cancelled = True
        self._workers.shutdown()
        self._server.close()

    def _assign(self) -> None:
        """Give free slots to the most urgent jobs, and pause prefetch for them; needs the lock."""
        jobs = sorted(self._jobs.values(), key=lambda job: job.rank)
        urgent = any(not job.prefetch for job in jobs)
        running = sum(job.running for job in jobs)
        others = sum(job.running for job in jobs if job.rank)
        for job in jobs:
            if job.prefetch and urgent:
                job.paused = job.running
            elif not job.running and running < self._slots and not self._closing:
                if job.rank and others >= self.parallel:
                    continue
                job.running = True
                running, others = running + 1, others + bool(job.rank)
                self._workers.submit(self._run, job)

    def _run(self, job: _Job) -> None:
        """Work on a job in a thread of its own until it is over or paused."""
        try:
            answer = job.answer = job.answer or self._begin(job.request)
            self._server.complete(answer.body(), lambda event: self._take(job, answer, event))
            if not (answer.over or job.cancelled or job.paused):
                raise EngineError("llama.cpp broke off an answer")
        except RequestError as error:
            self._failed(job, error.code, str(error))
        except EngineError as error:
            self._failed(job, ErrorCode.INTERNAL_ERROR, str(error))
        except MemoryError:
            self._failed(job, ErrorCode.OUT_OF_MEMORY, "the machine has too little memory")
        except Exception as error:  # noqa: BLE001 - the one place that runs requests
            self._failed(job, ErrorCode.INTERNAL_ERROR, f"{type(error).__name__}: {error}")
        self._settle(job)

    def _settle(self, job: _Job) -> None:
        """Free the slot of a job, and forget the job unless it was paused."""
        over = job.answer is not None and job.answer.over
        with self._lock:
            job.running = False
            resumes = job.paused and not (over or job.cancelled)
            job.paused = False
            if not resumes:
                del self._jobs[job.request.id]
            elif job.answer is not None:
                job.answer.pause()
            self._assign()
        if not (over or resumes):
            self._cancelled(job)

    def _take(self, job: _Job, answer: Answer, event: Event) -> bool:
        return job.cancelled or job.paused or answer.take(event)

    def _begin(self, request: Generate) -> Answer:
        """Tokenize a prompt and check what it may cost; raises RequestError, EngineError."""
        if request.json_schema is not None:
            _check_schema(request.json_schema)
        tokens = self._encode(request.prompt)
        if not tokens:
            raise InvalidRequestError("the prompt is empty")
        room = self.context_window - len(tokens)
        wanted = max(room, 1) if request.max_tokens is None else request.max_tokens
        if wanted > room:
            raise InvalidRequestError(
                f"the prompt has {len(tokens)} tokens and the answer may have {wanted}: "
                f"together they exceed the context window of {self.context_window} tokens",
                code=ErrorCode.CONTEXT_LENGTH_EXCEEDED,
            )
        answer = Answer(request, tokens, wanted, self._emit)
        answer.accept()
        return answer

    def _encode(self, parts: Sequence[PromptPart]) -> list[int]:
        """Return the tokens of a prompt; special ones only where a part names one."""
        tokens: list[int] = []
        for part in parts:
            if not isinstance(part, Special):
                joined = part.joined and self._adds_space
                tokens += self._joined(part.text) if joined else self.tokenize(part.text)
            elif (token := self._special.get(part.special)) is not None:
                tokens.append(token)
            else:
                raise InvalidRequestError(f"the model has no special token {part.special}")
        if self._beginning is not None and tokens[:1] != [self._beginning]:
            tokens.insert(0, self._beginning)
        return tokens

    def _joined(self, text: str) -> list[int]:
        """Return the tokens of a text that goes on where another ended: no space before it."""
        return self.tokenize(ANCHOR + text)[len(self.tokenize(ANCHOR)) :]

    def _find_beginning(self, header: GGUFHeader) -> int | None:
        """Return the token that llama.cpp puts before a prompt of this model, if any."""
        token = header.metadata.get("tokenizer.ggml.bos_token_id")
        found = self._server.tokenize("a", add_special=True)[:1]
        return token if isinstance(token, int) and found == [token] else None

    def _failed(self, job: _Job, code: ErrorCode, message: str) -> None:
        job.answer = job.answer or Answer(job.request, (), 0, self._emit)
        if not job.answer.over:
            job.answer.fail(code, message)

    def _cancelled(self, job: _Job) -> None:
        if job.answer is not None:
            job.answer.cancelled()
        else:
            self._emit(
                Finished(
                    id=job.request.id,
                    finish_reason="cancelled",
                    completion_tokens=0,
                    decode_ms=0.0,
                )
            )


def _window(options: LoadOptions) -> int:
    trained = options.header.metadata.get(f"{options.header.architecture}.context_length")
    if isinstance(trained, int) and trained > 0:
        return min(options.context_window, trained)
    return options.context_window


def _slots(options: LoadOptions, window: int) -> int:
    """Return how many slots the memory allows: at least one beside the one kept free."""
    budget = options.memory_budget
    if budget is None:
        budget = spare_memory(options.path.stat().st_size)
    each = max(kv_bytes(options.header, window), 1)
    most = _MOST_SLOTS if options.parallel is None else options.parallel + 1
    return most if budget is None else min(most, max(2, budget // each))


def _listed(metadata: Metadata, key: str) -> Sequence[Any]:
    found = metadata.get(f"tokenizer.ggml.{key}")
    return found if isinstance(found, Sequence) else ()


def _check_schema(schema: dict[str, Any]) -> None:
    """Refuse what is no JSON schema: llama.cpp would answer without a grammar, silently."""
    jsonschema = import_module("jsonschema")
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        raise InvalidRequestError(f"not a JSON schema: {error.message}") from error
