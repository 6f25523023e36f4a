"""Facts that need jedi: inferred types, and what a call's full name and documentation are.

jedi cannot be interrupted, and may take seconds or die on odd code. It therefore runs in a process
of its own that answers one request at a time, and is killed when it takes too long. What it found
is kept, by content, so that a caller whose budget ran out finds it at the next call.
"""

import ast
import asyncio
import contextlib
import hashlib
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from cachetools import LRUCache

from procoder_tutor.facts.calls import call_nodes, links
from procoder_tutor.facts.docs import documentation_url
from procoder_tutor.facts.model import Call, Facts, Parameter
from procoder_tutor.facts.scope import Scope
from procoder_tutor.facts.types import return_types, union
from procoder_tutor.symbols import Document, Snapshot, Symbol
from procoder_tutor.syntax import Function, all_arguments
from procoder_tutor.targets import Target

WORKER = (sys.executable, "-P", "-m", "procoder_tutor.resolver_worker")
"""`-P` keeps the user's folder off `sys.path`: a `json.py` there must not be run."""
HARD_LIMIT = 10.0
"""Seconds after which the worker is killed."""
_KEPT = 512
_MAX_ANSWER = 8 * 1024 * 1024
_FAREWELL = 2.0

Resolution = Mapping[str, Any]
"""The worker's answer: `calls`, `parameters`, `returns` and `target`, see `resolver_worker`."""


class Resolver:
    """Completes facts by means of a worker process, started when it is first needed.

    Belongs to one event loop.
    """

    def __init__(
        self, command: tuple[str, ...] = WORKER, *, hard_limit: float = HARD_LIMIT
    ) -> None:
        self._command = command
        self._hard_limit = hard_limit
        self._known: LRUCache[str, Resolution | None] = LRUCache(_KEPT)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None

    async def complete(
        self, document: Document, symbol: Symbol, facts: Facts, *, budget: float | None
    ) -> Facts:
        """Return the completed facts, or the given ones when `budget` seconds are not enough.

        The work goes on after the budget, and its result is there at a later call. None waits
        until there is an answer or the hard limit is met.
        """
        key = _key(symbol.snapshot, symbol.name, symbol.line)
        resolution = await self._within(budget, key, lambda: _request(document, symbol, facts))
        return facts if resolution is None else _apply(document, symbol, facts, resolution)

    async def target(
        self, document: Document, line: int, column: int, *, budget: float | None
    ) -> Target | None:
        """Return the function or class that the name at a place refers to; budget as before."""
        place = (line, document.source.column_in_text(line, column))
        key = _key(document.snapshot, "target", *place)
        resolution = await self._within(budget, key, lambda: _place_request(document, place))
        found = resolution and resolution.get("target")
        return _target(found) if found else None

    async def _within(
        self, budget: float | None, key: str, request: Callable[[], dict[str, Any]]
    ) -> Resolution | None:
        """Return the worker's answer to a request, None if it has none or takes longer."""
        if key not in self._known:
            task = self._running.get(key)
            if task is None:
                task = asyncio.create_task(self._resolve(key, request()))
                self._running[key] = task
                task.add_done_callback(lambda _: self._running.pop(key, None))
            await asyncio.wait({task}, timeout=budget)
        return self._known.get(key)

    async def start(self) -> None:
        """Start the worker before it is needed, so that the first question finds it ready."""
        async with self._turn:
            with contextlib.suppress(OSError):
                await self._worker()

    async def aclose(self) -> None:
        """Stop the work and the worker."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._stop()

    async def _resolve(self, key: str, request: dict[str, Any]) -> None:
        async with self._turn:
            try:
                async with asyncio.timeout(self._hard_limit):
                    self._known[key] = await self._ask_twice(request)
            except (OSError, TimeoutError, ValueError):
                self._known[key] = None
                await self._kill()
            except asyncio.CancelledError:
                await self._kill()
                raise

    async def _ask_twice(self, request: dict[str, Any]) -> Resolution:
        """Ask a second worker when the first dies, by whatever hand."""
        try:
            return await self._ask(request)
        except ConnectionError:
            await self._kill()
            return await self._ask(request)

    async def _ask(self, request: dict[str, Any]) -> Resolution:
        """One request, one line; raises OSError or ValueError when the worker is gone or mad."""
        process = await self._worker()
        if process.stdin is None or process.stdout is None:
            raise OSError("the worker has no pipes")
        process.stdin.write(json.dumps(request).encode() + b"\n")
        await process.stdin.drain()
        line = await process.stdout.readline()
        if not line.endswith(b"\n"):
            raise ConnectionError("the worker ended")
        answer = json.loads(line)
        if not isinstance(answer, dict) or not {"calls", "parameters", "returns"} <= answer.keys():
            raise ValueError("not an answer")
        return answer

    async def _worker(self) -> asyncio.subprocess.Process:
        if self._process is not None and self._process.returncode is not None:
            await self._kill()
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=_MAX_ANSWER,
            )
        return self._process

    async def _stop(self) -> None:
        """Ask the worker to leave by closing its input; kill it if it does not."""
        process = self._process
        if process is not None and process.stdin is not None:
            process.stdin.close()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_FAREWELL):
                    await process.wait()
        await self._kill()

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        if process.stdin is not None:
            process.stdin.close()
            with contextlib.suppress(OSError):
                await process.stdin.wait_closed()
        await process.wait()


def _key(snapshot: Snapshot, *about: object) -> str:
    """Identity of a question to jedi: the text, where it lies, and what of it is asked about."""
    parts = (snapshot.text, str(snapshot.path), *map(str, about))
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()


def _place_request(document: Document, place: tuple[int, int]) -> dict[str, Any]:
    path = document.snapshot.path
    asked = {"text": document.source.text, "path": str(path) if path else None}
    return {**asked, "calls": {}, "parameters": {}, "returns": [], "target": place}


def _target(found: Mapping[str, Any]) -> Target:
    name, line = str(found["name"]), found["line"]
    url = documentation_url(name) if line is None else None
    return Target(name, found["signature"], found["summary"], url, line)


def _request(document: Document, symbol: Symbol, facts: Facts) -> dict[str, Any]:
    scope = Scope(document, symbol)
    path = symbol.snapshot.path
    unannotated = {p.name for p in facts.parameters if p.annotation is None}
    node = symbol.node
    arguments = all_arguments(node.args) if isinstance(node, Function) else []
    wanted = [argument for argument in arguments if argument.arg in unannotated]
    calls = {name: _last_name(document, call.func) for name, call in call_nodes(scope).items()}
    returned = [k for k in return_types(scope) or [] if isinstance(k, ast.Call)]
    return {
        "text": document.source.text,
        "path": str(path) if path else None,
        "calls": calls,
        "parameters": {argument.arg: _start(document, argument) for argument in wanted},
        "returns": [_last_name(document, call.func) for call in returned],
    }


def _start(document: Document, node: ast.arg) -> tuple[int, int]:
    start = document.source.span(node).start
    return start.line, document.source.column_in_text(*start)


def _last_name(document: Document, callee: ast.expr) -> tuple[int, int]:
    """Place of the last letter of a callee's name, in the text that the parser saw."""
    end = document.source.span(callee).end
    return end.line, max(document.source.column_in_text(*end) - 1, 0)


def _apply(document: Document, symbol: Symbol, facts: Facts, found: Resolution) -> Facts:
    calls = tuple(_resolved(call, found["calls"].get(call.name)) for call in facts.calls)
    return replace(
        facts,
        calls=calls,
        links=links(calls),
        parameters=tuple(_inferred(p, found["parameters"]) for p in facts.parameters),
        return_type=facts.return_type or _return_type(document, symbol, found["returns"]),
        complete=True,
    )


def _resolved(call: Call, found: Mapping[str, str | None] | None) -> Call:
    if not found:
        return call
    full_name = call.full_name or found.get("full_name")
    url = call.url or (documentation_url(full_name) if full_name else None)
    return replace(call, full_name=full_name, summary=found.get("summary"), url=url)


def _inferred(parameter: Parameter, types: Mapping[str, str]) -> Parameter:
    return replace(parameter, inferred=types.get(parameter.name))


def _return_type(document: Document, symbol: Symbol, looked_up: list[str | None]) -> str | None:
    known = return_types(Scope(document, symbol))
    if known is None or any(name is None for name in looked_up):
        return None
    answers = iter(looked_up)
    types = [name if isinstance(name, str) else next(answers, None) for name in known]
    return union([name for name in types if name]) if all(types) else None
