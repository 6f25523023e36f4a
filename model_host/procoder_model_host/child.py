"""The engine child: `python -m procoder_model_host.child`, JSON lines on stdin and stdout.

The main thread reads requests, so that a cancel is seen and text is tokenized while the engine
thread generates. A malformed model is met here, after a header check, so that a crash in native
code takes this process and not the service. It leaves when its parent does (stdin ends).
"""

import os
import queue
import secrets
import signal
import sys
import threading
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from procoder_model_host import templates
from procoder_model_host.engines.base import Engine, LoadOptions, position_seed
from procoder_model_host.errors import EngineError, ModelHostError, TokenizerError
from procoder_model_host.gguf import GGUFHeader, read_header
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
    Reply,
    Tokenize,
    Tokens,
    decode_request,
    encode,
)
from procoder_model_host.stops import TextStream
from procoder_model_host.tokenizer import Tokenizer
from procoder_protocol.errors import ErrorCode

ENGINES: Mapping[str, str] = {
    "ctransformers": "procoder_model_host.engines.ctransformers:CTransformersEngine",
}
"""Engine names and where their classes are; imported only when asked for."""


class Output:
    """The protocol's way out, safe to use from both threads."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, reply: Reply) -> None:
        """Write one message; a parent that is gone ends this process."""
        try:
            with self._lock:
                self._stream.write(encode(reply))
                self._stream.flush()
        except OSError:
            os._exit(0)


class Worker:
    """Runs generations one after another on the engine thread."""

    def __init__(self, engine: Engine, tokenizer: Tokenizer, window: int, output: Output) -> None:
        self._engine = engine
        self._tokenizer = tokenizer
        self._window = window
        self._output = output
        self._jobs: queue.SimpleQueue[Generate] = queue.SimpleQueue()
        self._cancelled: dict[int, threading.Event] = {}

    def submit(self, request: Generate) -> None:
        """Queue a generation."""
        if request.id in self._cancelled:
            self._fail(request.id, ErrorCode.INVALID_REQUEST, "this id is already in use")
            return
        self._cancelled[request.id] = threading.Event()
        self._jobs.put(request)

    def cancel(self, request_id: int) -> None:
        """Break off a generation; one that is over already is left alone."""
        if (event := self._cancelled.get(request_id)) is not None:
            event.set()

    def run_forever(self) -> None:
        """Answer the queued requests; never returns."""
        while True:
            request = self._jobs.get()
            try:
                self._answer(request)
            except (EngineError, TokenizerError) as error:
                self._fail(request.id, ErrorCode.INTERNAL_ERROR, str(error))
            except Exception as error:  # noqa: BLE001 - the one place that dispatches requests
                self._fail(request.id, ErrorCode.INTERNAL_ERROR, f"{type(error).__name__}: {error}")
            finally:
                self._cancelled.pop(request.id, None)

    def _answer(self, request: Generate) -> None:
        tokens = self._tokenizer.encode_prompt(request.prompt)
        limit = self._budget(request, len(tokens))
        if limit is None:
            return
        self._output.send(Accepted(id=request.id, prompt_tokens=len(tokens)))
        cancelled = self._cancelled[request.id].is_set
        started = time.perf_counter()
        cached = self._engine.prefill(tokens, cancelled)
        if cached is None:
            self._output.send(_cancelled(request.id))
            return
        prefill_ms = (time.perf_counter() - started) * 1000
        self._output.send(Prefilled(id=request.id, cached_tokens=cached, prefill_ms=prefill_ms))
        self._output.send(self._decode(request, limit))

    def _budget(self, request: Generate, prompt_tokens: int) -> int | None:
        """Return how many tokens the answer may have, or refuse the request."""
        room = self._window - prompt_tokens
        wanted = request.max_tokens if request.max_tokens is not None else max(room, 1)
        if prompt_tokens == 0:
            self._fail(request.id, ErrorCode.INVALID_REQUEST, "the prompt is empty")
            return None
        if wanted > room:
            self._fail(
                request.id,
                ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                f"the prompt has {prompt_tokens} tokens and the answer may have {wanted}: "
                f"together they exceed the context window of {self._window} tokens",
            )
            return None
        return wanted

    def _decode(self, request: Generate, limit: int) -> Finished:
        """Generate until a stop, the limit or a cancel; send the text as it comes."""
        cancelled = self._cancelled[request.id].is_set
        seed = request.sampling.seed
        seed = secrets.randbits(31) if seed is None else seed
        stream = TextStream(request.stop, trim_start=request.trim_start)
        started = time.perf_counter()
        count = 0
        reason: str = "length"
        while count < limit:
            if cancelled():
                return _cancelled(request.id, count)
            token = self._engine.sample(request.sampling, position_seed(seed, count))
            count += 1
            if token in self._tokenizer.end_ids:
                reason = "stop"
                break
            self._show(request.id, stream.feed(self._tokenizer.piece(token)))
            if stream.stopped:
                reason = "stop"
                break
            if count < limit:
                self._engine.accept(token)
        self._show(request.id, stream.flush())
        return Finished(
            id=request.id,
            finish_reason="stop" if reason == "stop" else "length",
            completion_tokens=count,
            decode_ms=(time.perf_counter() - started) * 1000,
        )

    def _show(self, request_id: int, text: str) -> None:
        if text:
            self._output.send(Delta(id=request_id, text=text))

    def _fail(self, request_id: int, code: ErrorCode, message: str) -> None:
        self._output.send(Failed(id=request_id, code=code, message=message))


def load(request: Load) -> tuple[Engine, Tokenizer, Loaded]:
    """Check and load a model; raises ModelHostError."""
    header = read_header(Path(request.path))
    tokenizer = Tokenizer(header.metadata)
    window = min(request.context_window, _trained_window(header) or request.context_window)
    if request.engine not in ENGINES:
        raise EngineError(f"unknown engine {request.engine!r} (known: {', '.join(ENGINES)})")
    module, _, name = ENGINES[request.engine].partition(":")
    engine: Engine = getattr(import_module(module), name)(
        LoadOptions(
            path=Path(request.path),
            header=header,
            adapted_folder=Path(request.adapted_folder),
            context_window=window,
            threads=request.threads,
        )
    )
    template = header.metadata.get("tokenizer.chat_template")
    return (
        engine,
        tokenizer,
        Loaded(
            engine=request.engine,
            context_window=window,
            chat_template=templates.recognize(template if isinstance(template, str) else None),
        ),
    )


def serve(source: BinaryIO, output: Output) -> None:
    """Load what the first message names, then answer until `source` ends."""
    try:
        first = decode_request(source.readline())
        if not isinstance(first, Load):
            raise MessageError("the first message must be a load")
        engine, tokenizer, loaded = load(first)
    except (ModelHostError, MessageError, OSError, ImportError) as error:
        advice = getattr(error, "advice", "")
        output.send(LoadFailed(reason=f"{error}. {advice}" if advice else str(error)))
        return
    worker = Worker(engine, tokenizer, loaded.context_window, output)
    threading.Thread(target=worker.run_forever, name="engine", daemon=True).start()
    output.send(loaded)
    for line in source:
        try:
            _dispatch(line, worker, tokenizer, output)
        except MessageError as error:
            output.send(Failed(id=None, code=ErrorCode.INVALID_REQUEST, message=str(error)))


def _dispatch(line: bytes, worker: Worker, tokenizer: Tokenizer, output: Output) -> None:
    match decode_request(line):
        case Generate() as request:
            worker.submit(request)
        case Cancel(id=request_id):
            worker.cancel(request_id)
        case Tokenize(id=request_id, text=text):
            output.send(Tokens(id=request_id, tokens=tokenizer.encode(text)))
        case Load():
            raise MessageError("a model is loaded already")


def _cancelled(request_id: int, count: int = 0) -> Finished:
    return Finished(
        id=request_id, finish_reason="cancelled", completion_tokens=count, decode_ms=0.0
    )


def _trained_window(header: GGUFHeader) -> int | None:
    architecture = header.metadata.get("general.architecture")
    trained = header.metadata.get(f"{architecture}.context_length")
    return trained if isinstance(trained, int) and trained > 0 else None


def main() -> None:
    """Run the child on stdin and stdout."""
    # Native code and stray prints may write to file descriptor 1: the protocol moves away from it.
    protocol = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    # Ctrl+C reaches the whole process group, as do service managers' signals: the parent
    # decides when this process ends, and tells the callers.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    serve(sys.stdin.buffer, Output(protocol))
    # The engine thread may be inside native code: do not wait for it.
    os._exit(0)


if __name__ == "__main__":
    main()
