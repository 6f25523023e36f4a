"""Load model files for real, each in a process of its own that may die.

    python loads.py ENGINE FOLDER < paths > outcomes

One word a line: `loaded`, `refused` (by ProCoder's check), `failed` (by the library, politely),
`timeout`, `memory`, or `died N` with the signal. Libraries are imported once; a load is a fork.
"""

import os
import resource
import signal
import sys
from pathlib import Path

from procoder_model_host.engines import ctransformers as ours
from procoder_model_host.errors import ModelHostError
from procoder_model_host.files.adapt import adapted_copy
from procoder_model_host.files.model_files import usable_model

SECONDS = 20
MEMORY = 6 * 2**30
REFUSED, FAILED, MEMORY_OUT = 3, 4, 5
_OUTCOMES = {0: "loaded", REFUSED: "refused", FAILED: "failed", MEMORY_OUT: "memory"}
TOKENS = [1, 300, 301, 302]


def main(engine: str, folder: Path) -> None:
    """Load what stdin names, one after the other."""
    library = ours._import_library() if engine == "ctransformers" else __import__("xllamacpp")
    build = ours._build()
    for line in sys.stdin:
        path = Path(line.rstrip("\n"))
        child = os.fork()
        if child == 0:
            os._exit(_attempt(engine, library, build, path, folder))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{_word(status)}\n")
        sys.stdout.flush()


def _word(status: int) -> str:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return "timeout" if number == signal.SIGALRM else f"died {number}"
    return _OUTCOMES.get(os.WEXITSTATUS(status), f"exit {os.WEXITSTATUS(status)}")


def _attempt(engine: str, library, build, path: Path, folder: Path) -> int:  # type: ignore[no-untyped-def]

    signal.alarm(SECONDS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    try:
        usable, header = usable_model(path, folder)
        if engine == "ctransformers":
            usable = adapted_copy(usable, header, folder)
    except ModelHostError:
        return REFUSED
    try:
        load = _ctransformers if engine == "ctransformers" else _llamacpp
        load(library, build, usable)
    except MemoryError:
        return MEMORY_OUT
    except Exception:  # noqa: BLE001 - whatever the library raises, it is a polite failure
        return FAILED
    return 0


def _ctransformers(library, build, path: Path) -> None:  # type: ignore[no-untyped-def]
    config = library.Config(context_length=64, threads=1)
    model = library.LLM(str(path), "gguf", config=config, lib=build)
    model.eval(TOKENS)
    model.sample(top_k=1)
    model.eval([2])


def _llamacpp(library, build, path: Path) -> None:  # type: ignore[no-untyped-def]
    parameters = library.CommonParams()
    parameters.model.path = str(path)
    parameters.n_ctx = 64
    parameters.n_parallel = 1
    parameters.warmup = True
    parameters.port = 0
    parameters.cpuparams.n_threads = 1
    server = library.Server(parameters)
    if server.listening_address:
        # Its destructor can wait for ever for a loop that has not started yet.
        os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
