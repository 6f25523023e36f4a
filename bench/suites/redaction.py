"""Redaction: the first text, which compiles the rules, and the standard library after it."""

import statistics
import sysconfig
import time
from collections.abc import Sequence
from pathlib import Path

from bench.measure import Series, percentile
from procoder_tutor.redaction import Redactor

LEAST_SIZE = 10_000
"""Characters; in smaller modules the clock's noise shows."""


def run() -> Sequence[Series]:
    """Redact each top-level module of the standard library as a new document."""
    first = [_elapsed_ms("")]
    paths = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
    texts = [text for path in paths if len(text := path.read_text("utf-8")) >= LEAST_SIZE]
    spent = [_elapsed_ms(text) for text in texts]
    each = [ms / len(text) * 10_000 for ms, text in zip(spent, texts, strict=True)]
    megabytes = statistics.fsum(map(len, texts)) / 1e6
    return [
        Series("first text", "ms", first),
        Series("10 kB", "ms", each),
        Series("10 kB, p95", "ms", [percentile(each, 95)]),
        Series("throughput", "MB/s", [megabytes / (sum(spent) / 1000)]),
    ]


def _elapsed_ms(text: str) -> float:
    started = time.perf_counter()
    Redactor().redact(text)
    return (time.perf_counter() - started) * 1000
