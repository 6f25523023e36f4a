"""The tutor without a model, on the largest modules of the standard library.

The peer is jedi's own `help` at the same names.
"""

import asyncio
import sysconfig
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import jedi

from bench.measure import Series, percentile
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.privacy import Privacy
from procoder_tutor.resolver import Resolver
from procoder_tutor.symbols import Document, Snapshot, Symbol

MODULES = 10
SYMBOLS_PER_MODULE = 12
"""Evenly spread over each module, so that one file's style does not decide."""
BUDGET_SECONDS = 0.1
"""Of an answer, for jedi; what is not there in time is marked as partial."""


@dataclass(slots=True)
class Samples:
    """Milliseconds, but for `complete`, which is 100 or 0 (percent)."""

    parse: list[float] = field(default_factory=list)
    redact: list[float] = field(default_factory=list)
    """Per 10,000 characters."""
    facts: list[float] = field(default_factory=list)
    answer: list[float] = field(default_factory=list)
    complete: list[float] = field(default_factory=list)
    peer: list[float] = field(default_factory=list)


def run() -> Sequence[Series]:
    """Measure parsing, redaction, instant facts, whole answers, and the peer."""
    samples = Samples()
    asyncio.run(_measure(samples))
    peer = "jedi's help"
    peers = [percentile(samples.peer, 95)]
    return [
        Series("parse a module", "ms", samples.parse),
        Series("take secrets out of 10 kB", "ms", samples.redact),
        Series("facts of a symbol", "ms", samples.facts),
        Series("facts, p95", "ms", [percentile(samples.facts, 95)]),
        Series("answer, as far as jedi is in time", "ms", samples.answer, peer, samples.peer),
        Series("answer, p95", "ms", [percentile(samples.answer, 95)], peer, peers),
        Series("answers that were complete", "%", [_mean(samples.complete)]),
    ]


async def _measure(samples: Samples) -> None:
    resolver = Resolver()
    for path in largest_modules(MODULES):
        snapshot = Snapshot(path.read_text(encoding="utf-8"), uri=path.as_uri(), path=path)
        started = time.perf_counter()
        document = Document.parse(snapshot)
        samples.parse.append(elapsed_ms(started))
        started = time.perf_counter()
        Privacy.of(document)
        samples.redact.append(elapsed_ms(started) * 10_000 / len(snapshot.text))
        for symbol in spread(document, SYMBOLS_PER_MODULE):
            started = time.perf_counter()
            facts = instant_facts(document, symbol)
            samples.facts.append(elapsed_ms(started))
            facts = await resolver.complete(document, symbol, facts, budget=BUDGET_SECONDS)
            samples.answer.append(elapsed_ms(started))
            samples.complete.append(100.0 * facts.complete)
            await resolver.complete(document, symbol, facts, budget=None)
            started = time.perf_counter()
            jedi.Script(snapshot.text, path=path).help(*name_position(document, symbol))
            samples.peer.append(elapsed_ms(started))
    await resolver.aclose()


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def largest_modules(count: int) -> list[Path]:
    """The largest top-level modules of this interpreter's standard library."""
    folder = Path(sysconfig.get_path("stdlib"))
    return sorted(folder.glob("*.py"), key=lambda path: path.stat().st_size)[-count:]


def spread(document: Document, count: int) -> Iterator[Symbol]:
    """At most `count` functions and methods, evenly spread over the document."""
    functions = [symbol for symbol in document.symbols if symbol.kind in {"function", "method"}]
    yield from functions[:: max(1, len(functions) // count)][:count]


def name_position(document: Document, symbol: Symbol) -> tuple[int, int]:
    """Line and column of the symbol's name in its header, as jedi wants it."""
    lines = document.snapshot.text.split("\n")
    name = symbol.name.rpartition(".")[2]
    for line in range(symbol.line, symbol.end_line + 1):
        text = lines[line - 1]
        if f"def {name}" in text:
            return line, text.index(f"def {name}") + len("def ")
    return symbol.line, 0


def elapsed_ms(started: float) -> float:
    """Milliseconds since `started`, a reading of `time.perf_counter`."""
    return (time.perf_counter() - started) * 1000
