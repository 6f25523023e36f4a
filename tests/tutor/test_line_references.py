"""A mark means the same statements after every edit that the cache key does not notice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procoder_tutor.excerpts import excerpt_of
from procoder_tutor.line_references import LineReferences, sanitize_again
from procoder_tutor.sanitize import sanitize
from procoder_tutor.symbols import Document, Snapshot, Symbol

CODE = '''\
import functools

@functools.cache
def total(
    prices,
    rate=1,
):
    """Add them up."""
    result = 0
    for price in prices:
        if price < 0:
            raise ValueError(price)
        result += price
    else:
        pass
    with open("log") as log:
        log.write(
            str(result),
        )
    return result * rate
'''
EDITED = """\
# A new first line.
import functools

def other(): pass

@functools.cache
# Why it is cached.
def total(prices, rate=1):
    # What follows
    result = 0

    for price in prices:
        if price < 0: raise ValueError(price)

        # counts
        result += price
    with (
        open("log") as log
    ):
        log.write(str(result))
    return (
        result * rate
    )
"""


def symbol_of(code: str, name: str = "total") -> Symbol:
    return Document.parse(Snapshot(code, uri="file:///m.py")).by_name(name)


@pytest.mark.parametrize(
    ("first", "last", "before", "after"),
    [
        (3, 3, "lines 3-6", "lines 6-8"),
        (9, 9, "line 9", "line 10"),
        (9, 13, "lines 9-13", "lines 10-16"),
        (10, 10, "line 10", "line 12"),
        (11, 12, "lines 11-12", "line 13"),
        (13, 13, "line 13", "line 16"),
        (16, 16, "line 16", "lines 17-18"),
        (16, 19, "lines 16-19", "lines 17-20"),
        (18, 18, "lines 17-19", "line 20"),
        (20, 20, "line 20", "lines 21-23"),
        (1, 99, "lines 3-20", "lines 6-23"),
        (99, 1, "line 20", "lines 21-23"),
    ],
)
def test_edit(first: int, last: int, before: str, after: str) -> None:
    then, now = LineReferences(symbol_of(CODE)), LineReferences(symbol_of(EDITED))
    mark = then.mark(first, last)
    assert then.show(f"Adds ({mark}).") == f"Adds ({before})."
    assert now.show(f"Adds ({mark}).") == f"Adds ({after})."


@pytest.mark.parametrize(
    ("code", "name", "edited", "line", "expected"),
    [
        ("class A:\n    x = 1\n    def f(self):\n        return 1\n", "A",
         'class A:\n    """D."""\n    x = 1\n\n    def f(self):\n        "d"\n        return 1\n',
         4, "line 7"),
        ("def f():\n    pass\nx = 1\n", "m", "def f():\n    return 2\n\nx = 1\n", 3, "line 4"),
        ("def f():\n    def g():\n        pass\n    return g\n", "f",
         "def f():\n    def g():\n        'doc'\n\n    return g\n", 4, "line 5"),
        ("def f(x):\n    match x:\n        case 1:\n            return 1\n    return 2\n", "f",
         "def f(x):\n    match x:\n        # c\n        case 1: return 1\n    return 2\n",
         4, "line 4"),
        ("def f():\n    try:\n        a()\n    except E:\n        b()\n    finally:\n        c()\n",
         "f",
         "def f():\n    try: a()\n    # c\n    except E:\n        b()\n    finally:\n        c()\n",
         7, "line 7"),
        ("", "m", "# only a comment\n", 1, "line 1"),
    ],
)  # fmt: skip
def test_other_code(code: str, name: str, edited: str, line: int, expected: str) -> None:
    mark = LineReferences(symbol_of(code, name)).mark(line, line)
    assert LineReferences(symbol_of(edited, name)).show(mark) == expected


BLOCKS = [
    ["value += {0}"],
    ["for each in range({0}):", "    value += each", "    print(value)"],
    ["if value > {0}:", "    value = {0}", "else:", "    value = -{0}"],
    ["with open('f{0}') as file:", "    file.write(str(value))"],
    ["def inner(a, b={0}):", "    return a + b"],
    ["try:", "    value = int({0})", "finally:", "    value -= 1"],
    ["while value:", "    value //= {0}", "    break"],
]
bodies = st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=6)
noise = st.lists(st.sampled_from([[], [""], ["# a comment"], ["", "# two", ""]]), max_size=40)


def written(blocks: list[list[str]], noise: list[list[str]]) -> tuple[str, dict[str, int]]:
    """Write a function with noise between its lines; returns it and where its lines are."""
    code = [line for index, block in enumerate(blocks, 1) for line in _numbered(block, index)]
    lines, where = ["def f(value):"], {}
    between = iter(noise)
    for line in [*code, "return value"]:
        lines += next(between, [])
        lines.append("    " + line)
        where[line] = len(lines)
    return "\n".join(lines) + "\n", where


def _numbered(block: list[str], index: int) -> list[str]:
    """Make the lines of a block unlike those of others."""
    return [f"{line.format(index)}  # {index}" for line in block]


@given(bodies, noise, noise)
def test_edits_that_keep_the_key_keep_what_marks_mean(
    blocks: list[list[str]], first: list[list[str]], second: list[list[str]]
) -> None:
    (code, then), (edited, now) = written(blocks, first), written(blocks, second)
    before, after = Document.parse(Snapshot(code)), Document.parse(Snapshot(edited))
    symbol, moved = before.by_name("f"), after.by_name("f")
    assert excerpt_of(before, symbol) == excerpt_of(after, moved)
    for line, number in then.items():
        if not line.startswith(("else", "finally")):
            mark = LineReferences(symbol).mark(number, number)
            assert LineReferences(moved).show(mark) == f"line {now[line]}"


@given(st.text())
def test_no_sanitized_text_holds_a_mark(text: str) -> None:
    safe = sanitize(f"{text} \ufff90-1\ufffb `\ufff90-1\ufffb`")
    assert LineReferences(symbol_of(CODE)).show(safe) == safe


@pytest.mark.parametrize("mark", ["\ufff9999-9999999\ufffb", "\ufff95-0\ufffb"])
def test_a_mark_from_elsewhere_stays_inside_the_symbol(mark: str) -> None:
    shown = LineReferences(symbol_of(CODE)).show(mark)
    assert shown in {"line 20", "line 13"}


def test_sanitizing_again_keeps_marks_and_nothing_that_acts() -> None:
    text = "Adds (\ufff91-2\ufffb), *then* `x`. ![i](http://e.example/p) <b>"
    assert sanitize_again(text) == "Adds (\ufff91-2\ufffb), *then* `x`. i \\<b\\>"
