"""Instant facts on the largest modules of the standard library; the peer is jedi's own help."""

import sysconfig
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import jedi

from bench.measure import Series, percentile
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.symbols import Document, Snapshot, Symbol

MODULES = 5
SYMBOLS_PER_MODULE = 12
"""Evenly spread over each module, so that one file's style does not decide."""


def run() -> Sequence[Series]:
    """Measure parse, lint-free facts, and jedi's `help` at the same names."""
    parse, mine, peer = [], [], []
    for path in largest_modules(MODULES):
        snapshot = Snapshot(path.read_text(encoding="utf-8"), uri=path.as_uri(), path=path)
        started = time.perf_counter()
        document = Document.parse(snapshot)
        parse.append(elapsed_ms(started))
        for symbol in spread(document, SYMBOLS_PER_MODULE):
            started = time.perf_counter()
            instant_facts(document, symbol)
            mine.append(elapsed_ms(started))
            started = time.perf_counter()
            jedi.Script(snapshot.text, path=path).help(*name_position(document, symbol))
            peer.append(elapsed_ms(started))
    return [
        Series("parse a module", "ms", parse),
        Series("facts of a symbol", "ms", mine, "jedi's help", peer),
        Series("facts, p95", "ms", [percentile(mine, 95)], "jedi's help", [percentile(peer, 95)]),
    ]


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
