"""The process that runs jedi: one JSON request a line on stdin, one JSON answer a line on stdout.

Request: `text`, `path` (or null), `calls` {name: [line, column]}, `parameters` {name: [line,
column]}, `returns` [[line, column], …] and perhaps `target` [line, column], all places those of a
name, lines 1-based, columns 0-based code points. Answer: `calls` {name: {full_name, summary}},
`parameters` {name: type}, `returns` [type or null, …] and `target` {name, signature, summary,
line} or null; its `line` only within the text. It leaves at the end of its input,
and when jedi, which keeps what it has read, has grown too large: another one is started for the
next request.

Invariant: no code of the user's is run. jedi reads sources; extension modules are imported only
from the interpreter's own path, and modules by name (`gi`) not at all.
"""

import json
import os
import pickle
import shutil
import sys
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any, TextIO

import jedi  # type: ignore[import-untyped]  # jedi ships no types
import platformdirs
from jedi import settings
from jedi.api.environment import InterpreterEnvironment  # type: ignore[import-untyped]

_MAX_SUMMARY = 160
_MAX_SIGNATURE = 200
_MAX_TYPES = 3
_NOT_TYPES = {"NoneType", "None", "Any"}
_MAX_MEGABYTES = 80
_NICENESS = 5
"""On a busy machine whoever waits for the facts at hand goes before jedi."""


def main() -> None:
    """Answer requests until the input ends."""
    requests, answers = _private_pipes()
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    warnings.simplefilter("ignore")
    settings.auto_import_modules = []
    # One of our own: what a killed worker spoils must not be that of the user's other tools.
    settings.cache_directory = str(platformdirs.user_cache_path("procoder") / "jedi")
    sys.setrecursionlimit(3_000)
    for line in requests:
        answer = resolve(json.loads(line))
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
        if _megabytes() > _MAX_MEGABYTES:
            break


def resolve(request: dict[str, Any]) -> dict[str, Any]:
    """Look everything up that a request asks for; what jedi cannot say is left out."""
    script = _script(request["text"], request["path"])
    return {
        "calls": {name: _call(script, *place) for name, place in request["calls"].items()},
        "parameters": {
            name: found
            for name, place in request["parameters"].items()
            if (found := _parameter(script, *place))
        },
        "returns": [_result(script, *place) for place in request["returns"]],
        "target": _target(script, request) if request.get("target") else None,
    }


def _private_pipes() -> tuple[TextIO, TextIO]:
    """Keep the pipes to ourselves: a stray print goes to stderr, a stray read finds nothing."""
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    return requests, answers


def _megabytes() -> float:
    """Return the resident memory (proc(5), statm); 0 on systems that do not tell it so."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@lru_cache(maxsize=2)
def _script(text: str, path: str | None) -> Any:
    """jedi's view of a document; kept, for the next question is often about the same one."""
    folder = _root(Path(path)) if path else Path(sys.prefix)
    project = jedi.Project(folder, load_unsafe_extensions=False)
    return jedi.Script(text, path=path, project=project, environment=InterpreterEnvironment())


def _root(path: Path) -> Path:
    """First folder above a file that is not part of a package."""
    folder = path.parent
    while (folder / "__init__.py").is_file() and folder.parent != folder:
        folder = folder.parent
    return folder


def _call(script: Any, line: int, column: int) -> dict[str, str | None]:
    """Full name and summary of a callee, when there is exactly one."""
    found = _guarded(lambda: script.infer(line, column))
    names = {name.full_name for name in found if name.full_name}
    if len(names) != 1 or len(found) != 1 or found[0].type not in {"function", "class"}:
        return {}
    return {"full_name": found[0].full_name, "summary": _summary(found[0])}


def _summary(name: Any) -> str | None:
    """First line of the documentation."""
    lines = _guarded(lambda: name.docstring(raw=True).strip().splitlines()[:1])
    return lines[0][:_MAX_SUMMARY] if lines else None


def _target(script: Any, request: dict[str, Any]) -> dict[str, Any] | None:
    """Describe the one function or class that a name refers to."""
    found = _guarded(lambda: script.infer(*request["target"]))
    if len(found) != 1 or found[0].type not in {"function", "class"}:
        return None
    signatures = _guarded(found[0].get_signatures)
    path = found[0].module_path
    here = str(path) == request["path"] if path else request["path"] is None
    return {
        "name": found[0].full_name or found[0].name,
        "signature": _signature(signatures[0]) if signatures else found[0].name,
        "summary": _summary(found[0]),
        "line": found[0].line if here else None,
    }


def _signature(signature: Any) -> str:
    text = _guarded(signature.to_string) or signature.name
    return str(text)[:_MAX_SIGNATURE]


def _parameter(script: Any, line: int, column: int) -> str | None:
    types = _types(_guarded(lambda: script.infer(line, column)))
    informative = [name for name in types if name not in _NOT_TYPES]
    return " | ".join(types) if informative and len(types) <= _MAX_TYPES else None


def _result(script: Any, line: int, column: int) -> str | None:
    """Type that a call gives, when its one definition declares it."""
    definitions = _guarded(lambda: script.goto(line, column, follow_imports=True, only_stubs=True))
    if len(definitions) != 1 or "@overload" in definitions[0].get_line_code(before=3):
        return None
    if definitions[0].type == "class":
        return str(definitions[0].name)
    types = _types(_guarded(definitions[0].execute))
    return " | ".join(types) if 0 < len(types) <= _MAX_TYPES else None


def _types(names: list[Any]) -> list[str]:
    """Names of types, as a reader would write them, None last."""
    found = [_hint(name) for name in names if name.type == "instance"]
    unique = sorted({name for name in found if name}, key=lambda name: name in _NOT_TYPES)
    return unique if len(found) == len(names) else []


def _hint(name: Any) -> str:
    plain = str(name.name or "")
    return "None" if plain == "NoneType" else plain


def _guarded(look_up: Any) -> Any:
    """jedi raises all sorts of errors on odd code: each costs one answer, not the worker.

    A worker that was killed may have left half a file in the cache, which jedi then fails on for
    good. So the cache goes, and so does this worker, which knows half of it: another is asked.
    """
    try:
        return look_up()
    except (EOFError, pickle.UnpicklingError):
        shutil.rmtree(settings.cache_directory, ignore_errors=True)
        raise SystemExit("the cache was damaged") from None
    except Exception:  # noqa: BLE001 - jedi's own
        return []


if __name__ == "__main__":
    main()
