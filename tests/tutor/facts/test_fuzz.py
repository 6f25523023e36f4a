"""Whatever the text: facts, steps and ranges come without an exception and with true lines."""

import random
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from procoder_tutor.errors import NoSymbolError
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.facts.model import Facts
from procoder_tutor.symbols import Document, Snapshot

ROOT = Path(__file__).parents[3]
SOURCES = [
    path.read_text()
    for path in (
        ROOT / "examples/bank.py",
        ROOT / "server/procoder_tutor/facts/steps.py",
        ROOT / "server/procoder_tutor/flight.py",
    )
]
PIECES = [
    "if x:", "else:", "elif y:", "for a, *b in x:", "while True:", "try:", "except E as e:",
    "except:", "finally:", "with open(x) as f, y:", "match x:", "case [a, *_] if a:", "case _:",
    "def f(self, a=[], *b, c: 'int | None' = None, **d):", "async def g(x):",
    "class A(B, metaclass=M):", "@property", "return x[1:] if x else None", "yield", "raise",
    "raise E(x) from e", "pass", "break", "continue", "del x[0], y", "global x", "nonlocal x",
    "x += 1", "x, y = y, x", "x[a] = x.get(a, 0) + 1", "await g(x)", "import os, a.b as c",
    "from . import *", "lambda: x", "print('%s' % x, file=y)",
    "[i for i in x for j in i if (k := j)]", "assert x, 'é😀'", "x = f'{a!r:>{b}}`'",
    "self.x.append(x)", "return f(n - 1) + f(n - 2)", "x is 'a'", "while lo < hi:",
    "mid = (lo + hi) // 2", "lo = mid + 1", "hi = mid", "'''", "(", "\\", "# 注释", "x: int",
    "type T = int", "lambda x=[]: x", "x = {**a, 'b': [*c]}",
]  # fmt: skip


@st.composite
def written(draw: st.DrawFn) -> str:
    """Code put together from pieces, with indents that often fit."""
    lines: list[str] = []
    depth = 0
    for piece in draw(st.lists(st.sampled_from(PIECES), max_size=25)):
        lines.append(draw(st.sampled_from(["    ", "    ", "    ", "\t"])) * depth + piece)
        depth = max(0, depth + (1 if piece.endswith(":") else draw(st.sampled_from([0, 0, -1]))))
    return draw(st.sampled_from(["\n", "\r\n", "\r"])).join(lines)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Real code with some of it cut out, doubled or replaced."""
    text = draw(st.sampled_from(SOURCES))
    start = draw(st.integers(0, len(text)))
    text = text[start : start + 4_000]
    rng = random.Random(draw(st.integers(0, 2**32)))
    for _ in range(draw(st.integers(1, 4))):
        at = rng.randrange(len(text) + 1)
        put = rng.choice(
            ["", "\n", "\t", "😀", "(", ":", "\r\n", "\0", "\ufeff", "'", "\u2028", "x"]
        )
        text = text[:at] + put + text[at + rng.randrange(8) :]
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


def lines_of(value: Any) -> Iterator[int]:
    """Every line that facts report."""
    if isinstance(value, tuple):
        for item in value:
            yield from lines_of(item)
    elif is_dataclass(value):
        for field in fields(value):
            found = getattr(value, field.name)
            if field.name in {"line", "end_line"}:
                yield found
            yield from lines_of(found)


def check(facts: Facts, last: int) -> None:
    lines = [*lines_of(facts), *facts.yields, *facts.awaits]
    assert all(1 <= line <= last for line in lines)
    assert all(step.text and step.line <= step.end_line for step in facts.steps)


@given(st.one_of(written(), mutated()), st.integers(0, 80), st.integers(0, 80))
@settings(max_examples=120, deadline=None, derandomize=True)
def test_no_exception_escapes_and_lines_are_inside(text: str, first: int, last: int) -> None:
    document = Document.parse(Snapshot(text))
    for symbol in [document.module, *document.symbols]:
        check(instant_facts(document, symbol), document.source.line_count)
    try:
        selected = document.selection(first, last)
    except NoSymbolError:
        return
    check(instant_facts(document, selected), document.source.line_count)


DEEP = [
    "x = " + "(" * 90 + "1" + ")" * 90,
    "def f(a):\n    return " + "not " * 400 + "a",
    "def f(a):\n    return " + " if a else ".join(["a"] * 200),
    "def f(a):\n    return a" + ".b" * 800,
    "def f(a):\n    return a" + "[0]" * 800,
    "def f(a):\n    return a" + "()" * 300,
    "def f(a):\n    return " + " + ".join(["a"] * 800),
    "def f(a):\n    if a:\n        pass\n" + "    elif a:\n        g()\n" * 800,
    "".join("    " * n + "if a:\n" for n in range(90)) + "    " * 90 + "pass",
    "".join("    " * n + "for a in b:\n" for n in range(18)) + "    " * 18 + "pass",
    "def f(a):\n" + "".join("  " * (n + 1) + "def g(a):\n" for n in range(90)) + "  " * 91 + "a",
    "def f(a):\n    return " + "[" * 90 + "a" + "]" * 90,
    "def f(a):\n    return " + "lambda: " * 90 + "a",
    "x = " + " and ".join(["(a or b"] * 60) + ")" * 60,
]


def test_deep_trees() -> None:
    for text in DEEP:
        document = Document.parse(Snapshot(text))
        for symbol in [document.module, *document.symbols]:
            check(instant_facts(document, symbol), document.source.line_count)
        selected = document.selection(1, document.source.line_count)
        check(instant_facts(document, selected), document.source.line_count)
