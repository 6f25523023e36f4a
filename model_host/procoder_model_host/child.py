"""The engine child: `python -m procoder_model_host.child`, JSON lines on stdin and stdout.

The main thread reads requests, so that a cancel is seen and text is tokenized while the engine
works in threads of its own. A malformed model is met here, after a header check, so that a crash
in native code takes this process and not the service. It leaves when its parent does (stdin
ends). Whatever the engine: here is only the protocol.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from procoder_model_host import templates
from procoder_model_host.engines.base import Emit, Engine, LoadOptions
from procoder_model_host.engines.choice import open_engine
from procoder_model_host.engines.os_priority import lower_priority
from procoder_model_host.errors import ModelHostError
from procoder_model_host.files.gguf import GGUFHeader
from procoder_model_host.files.model_files import usable_model
from procoder_model_host.files.profile import Overrides
from procoder_model_host.messages import (
    Cancel,
    Failed,
    Generate,
    Load,
    Loaded,
    LoadFailed,
    MessageError,
    Reply,
    Request,
    Tokenize,
    Tokens,
    decode_request,
    encode,
)
from procoder_protocol.errors import ErrorCode


class Output:
    """The protocol's way out, safe to use from all threads."""

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


def load(request: Load, emit: Emit) -> tuple[Engine, Loaded]:
    """Check and load a model; raises ModelHostError."""
    folder = Path(request.adapted_folder)
    corrections = Overrides(rope_base=request.rope_base, context_length=request.context_length)
    path, header = usable_model(Path(request.path), folder, corrections)
    window = min(request.context_window, _trained_window(header) or request.context_window)
    options = LoadOptions(
        path=path,
        header=header,
        adapted_folder=folder,
        context_window=window,
        threads=request.threads,
        parallel=request.parallel,
        memory_budget=request.memory_budget,
        adapter=None if request.adapter is None else Path(request.adapter),
    )
    name, engine = open_engine(request.engine, options, emit)
    template = header.metadata.get("tokenizer.chat_template")
    return engine, Loaded(
        engine=name,
        parallel=engine.parallel,
        grammar=engine.grammar,
        context_window=engine.context_window,
        chat_template=templates.recognize(template if isinstance(template, str) else None),
    )


def serve(
    source: BinaryIO, output: Output, *, give_way: Callable[[int], None] = lambda _niceness: None
) -> None:
    """Load what the first message names, then answer until `source` ends."""
    try:
        first = decode_request(source.readline())
        if not isinstance(first, Load):
            raise MessageError("the first message must be a load")
        give_way(first.niceness)
        engine, loaded = load(first, output.send)
    except (ModelHostError, MessageError, OSError, ImportError) as error:
        advice = getattr(error, "advice", "")
        output.send(LoadFailed(reason=f"{error}. {advice}" if advice else str(error)))
        return
    except MemoryError:
        output.send(LoadFailed(reason="the machine has too little memory for this model"))
        return
    output.send(loaded)
    for line in source:
        try:
            _dispatch(decode_request(line), engine, output)
        except MessageError as error:
            output.send(Failed(id=None, code=ErrorCode.INVALID_REQUEST, message=str(error)))


def _dispatch(request: Request, engine: Engine, output: Output) -> None:
    match request:
        case Generate():
            engine.generate(request)
        case Cancel(id=request_id):
            engine.cancel(request_id)
        case Tokenize(id=request_id, text=text):
            output.send(_tokens(request_id, text, engine))
        case Load():
            raise MessageError("a model is loaded already")


def _tokens(request_id: int, text: str, engine: Engine) -> Tokens | Failed:
    try:
        return Tokens(id=request_id, tokens=engine.tokenize(text))
    except ModelHostError as error:
        return Failed(id=request_id, code=ErrorCode.INTERNAL_ERROR, message=str(error))


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
    serve(sys.stdin.buffer, Output(protocol), give_way=lower_priority)
    # The engine thread may be inside native code: do not wait for it.
    os._exit(0)


if __name__ == "__main__":
    main()
