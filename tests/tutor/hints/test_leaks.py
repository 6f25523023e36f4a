"""An answer leaks when code in it has a piece of the solution that the original has not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procoder_tutor.hints.leaks import MAX_ANSWER, leaks

LOOP = "def mean(values):\n    total = 0\n"
LOOP += "    for v in values:\n        total = v\n    return total / len(values)\n"
LOOP_FIXED = LOOP.replace("total = v", "total += v")
DEFAULT = "def add(item, items=[]):\n    items.append(item)\n    return items\n"
DEFAULT_FIXED = (
    "def add(item, items=None):\n    if items is None:\n        items = []\n"
    "    items.append(item)\n    return items\n"
)
RANGE = "def last(xs):\n    for i in range(len(xs) + 1):\n        x = xs[i]\n    return x\n"
RANGE_FIXED = RANGE.replace(" + 1", "")
TYPO = "def f(total):\n    return totl\n"
TYPO_FIXED = "def f(total):\n    return total\n"
EXCEPT = "def f(t):\n    try:\n        return int(t)\n    except:\n        return 0\n"
EXCEPT_FIXED = EXCEPT.replace("except:", "except ValueError:")
EMPTY = "def f(words):\n    ...\n"
EMPTY_FIXED = "def f(words):\n    return sorted(words, key=len)[-1]\n"
UNCLOSED = "total = sum([1, 2, 3)\nprint(total)\n"
UNCLOSED_FIXED = "total = sum([1, 2, 3])\nprint(total)\n"
IDENTITY = "def f(day):\n    return day is 'Sunday'\n"
IDENTITY_FIXED = "def f(day):\n    return day == 'Sunday'\n"

LEAKS = [
    ("whole solution", f"Try:\n```python\n{LOOP_FIXED}```", LOOP_FIXED, LOOP),
    ("the line in a fence", "```\ntotal += v\n```", LOOP_FIXED, LOOP),
    ("the line in a span", "Write `total += v` there.", LOOP_FIXED, LOOP),
    ("the line by itself", "Use this:\ntotal += v", LOOP_FIXED, LOOP),
    ("the line after a colon", "Write this: total += v", LOOP_FIXED, LOOP),
    ("in prose", "You should write total += v in the loop, then go on.", LOOP_FIXED, LOOP),
    ("emphasized", "**total += v**", LOOP_FIXED, LOOP),
    ("in quotes", 'Then write "total += v".', LOOP_FIXED, LOOP),
    ("in parentheses", "Add there (total += v).", LOOP_FIXED, LOOP),
    ("in a tag", "Write <code>total += v</code> there.", LOOP_FIXED, LOOP),
    ("as a formula", "$total += v$", LOOP_FIXED, LOOP),
    ("in a table", "| total += v |", LOOP_FIXED, LOOP),
    ("span by span", "Write `total` `+=` `v`.", LOOP_FIXED, LOOP),
    ("by entities", "Write total &#43;= v.", LOOP_FIXED, LOOP),
    ("sides swapped", "`total = v + total`", LOOP_FIXED, LOOP),
    ("comparison swapped", "`'Sunday' == day`", IDENTITY_FIXED, IDENTITY),
    ("call in prose", "Use sorted(names, key=len) there.", EMPTY_FIXED, EMPTY),
    ("comment", "```\n# total += v\n```", LOOP_FIXED, LOOP),
    ("in a list", "1. Go to the loop.\n2. total += v", LOOP_FIXED, LOOP),
    ("in a quote", "> total += v", LOOP_FIXED, LOOP),
    ("indented", "Like so:\n\n        total += v\n", LOOP_FIXED, LOOP),
    ("other spelling", "`total = total + v`", LOOP_FIXED, LOOP),
    ("other layout", "```\ntotal = (total\n   + v)\n```", LOOP_FIXED, LOOP),
    ("other names, whole", LOOP_FIXED.replace("total", "a"), LOOP_FIXED, LOOP),
    ("other names, line", "`acc += number`", LOOP_FIXED, LOOP),
    ("diff", "```diff\n-        total = v\n+        total += v\n```", LOOP_FIXED, LOOP),
    ("diff line alone", "+ total += v", LOOP_FIXED, LOOP),
    ("session", ">>> total += v", LOOP_FIXED, LOOP),
    ("not closed fence", "```py\ntotal += v", LOOP_FIXED, LOOP),
    ("among broken code", "```\nfor v in\ntotal += v\n```", LOOP_FIXED, LOOP),
    ("HTML", "<pre>\ntotal += v\n</pre>", LOOP_FIXED, LOOP),
    ("header", "`if items is None:`", DEFAULT_FIXED, DEFAULT),
    ("header, other name", "if table is None:", DEFAULT_FIXED, DEFAULT),
    ("parameters", "def add(item, items=None):", DEFAULT_FIXED, DEFAULT),
    ("part of the block", "```\nif items is None:\n    items = 1\n```", DEFAULT_FIXED, DEFAULT),
    ("call", "Loop over `range(len(xs))`.", RANGE_FIXED, RANGE),
    ("call, other name", "for k in range(len(words)):", RANGE_FIXED, RANGE),
    ("typo, same names", "`return total`", TYPO_FIXED, TYPO),
    ("typo, in prose", "It should be: return total.", TYPO_FIXED, TYPO),
    ("handler", "`except ValueError:`", EXCEPT_FIXED, EXCEPT),
    ("part of an expression", "`sorted(words, key=len)`", EMPTY_FIXED, EMPTY),
    ("part, other name", "`sorted(names, key=len)`", EMPTY_FIXED, EMPTY),
    ("lambda around", "`print(sorted(words, key=len)[-1])`", EMPTY_FIXED, EMPTY),
    ("original does not parse", "`sum([1, 2, 3])`", UNCLOSED_FIXED, UNCLOSED),
    ("comparison", '`day == "Sunday"`', IDENTITY_FIXED, IDENTITY),
    ("comparison, other name", '`d == "Sunday"`', IDENTITY_FIXED, IDENTITY),
    ("negation", "`not x in y`", "if x not in y: pass", "if x in y: pass"),
    ("mirrored", "`lo < hi + 1`", "if hi + 1 > lo: pass", "if hi > lo: pass"),
    ("too long to read", "x" * (MAX_ANSWER + 1), LOOP_FIXED, LOOP),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "solution", "original"), [x[1:] for x in LEAKS],
                         ids=[x[0] for x in LEAKS])  # fmt: skip
def test_an_answer_that_leaks(answer: str, solution: str, original: str) -> None:
    assert leaks(answer, solution, original)


KEEPS = [
    ("prose", "What does `total` hold after the second round?", LOOP_FIXED, LOOP),
    ("the original", f"Your code:\n```python\n{LOOP}```", LOOP_FIXED, LOOP),
    ("a line of the original", "Look at `total = v` in line 4.", LOOP_FIXED, LOOP),
    ("the header of the loop", "`for v in values:`", LOOP_FIXED, LOOP),
    ("brackets in prose", "A list (such as yours) has a length = 3, so > 2.", LOOP_FIXED, LOOP),
    ("a name", "Think about `values` and `len`.", LOOP_FIXED, LOOP),
    ("other code", "```\ncount = 0\nfor word in words:\n    print(word)\n```", LOOP_FIXED, LOOP),
    ("a call of the function", "What should `mean([2, 4])` give?", LOOP_FIXED, LOOP),
    ("diff of what goes", "```diff\n-        total = v\n```", LOOP_FIXED, LOOP),
    ("default", "When does `def add(item, items=[]):` run?", DEFAULT_FIXED, DEFAULT),
    ("small code that others have", "`seen = []`", DEFAULT_FIXED, DEFAULT),
    ("other call", "Try `range(3)` in the console.", RANGE_FIXED, RANGE),
    ("typo", "Compare `totl` and the parameter.", TYPO_FIXED, TYPO),
    ("exception by name", "Which error does `int` raise?", EXCEPT_FIXED, EXCEPT),
    ("function to look up", "Look up `sorted` and its `key`.", EMPTY_FIXED, EMPTY),
    ("other use", "`sorted([3, 1])` gives `[1, 3]`.", EMPTY_FIXED, EMPTY),
    ("other comparison", '`colour == "red"`', IDENTITY_FIXED, IDENTITY),
    ("another way to solve it", "`return sum(values) / len(values)`", LOOP_FIXED, LOOP),
    ("empty", "", LOOP_FIXED, LOOP),
    ("no solution to give", "`total += v`", LOOP, LOOP),
    ("solution that does not parse", "`total += v`", "total += = v", LOOP),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "solution", "original"), [x[1:] for x in KEEPS],
                         ids=[x[0] for x in KEEPS])  # fmt: skip
def test_an_answer_that_keeps_it(answer: str, solution: str, original: str) -> None:
    assert not leaks(answer, solution, original)


PIECES = st.sampled_from([
    "`", "```", "\n", "    ", "total", " += ", "v", "(", ")", ":", "if ", "def f(x)", "- ", "> ",
    "\0", "\ud800", "\r", "not " * 500, "é", "'", "case x:", "except:", "elif x:", "+",
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=20).map("".join), st.lists(PIECES, max_size=10).map("".join))
def test_nothing_escapes_on_any_text(answer: str, code: str) -> None:
    assert leaks(answer, LOOP_FIXED, code) in {True, False}
    assert leaks(answer, code, LOOP) in {True, False}
