"""The tutor without a model, on the largest modules of the standard library.

The peer is jedi's own `help` at the same names.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import jedi

from bench.code import largest_modules, name_position, spread
from bench.measure import Series, elapsed_ms, percentile
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.privacy import Privacy
from procoder_tutor.resolver import Resolver
from procoder_tutor.symbols import Document, Snapshot

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
