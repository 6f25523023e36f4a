"""How the work grows: told where the text proves it, and nowhere else."""

from collections.abc import Callable

import pytest

from procoder_tutor.facts.model import Facts

FIXED = [
    "def f(d: dict, k):\n    return d.get(k)",
    "def f(a, b):\n    return a + b * 2",
    "def f(a, b):\n    return max(a, b)",
    "def f(d, k):\n    return d.get(k, 0)",
    "def f(xs):\n    return len(xs) > 2 and xs[0] == xs[-1]",
    "def f(xs):\n    return xs[:3]",
    "def f(x):\n    if x < 0:\n        raise ValueError('negative')\n    return x",
    "def f(x):\n    return x in (1, 2, 3)",
    "def f(s: set, x):\n    return x in s",
    "def f():\n    for i in range(10):\n        print(i)",
    "import math\ndef f(x):\n    return math.sqrt(x)",
    "VOWELS = 'aeiou'\ndef f(c):\n    return c in VOWELS",
]
LINEAR = [
    "def f(xs):\n    for x in xs:\n        print(x)",
    "def f(xs):\n    total = 0\n    for x in xs:\n        total += x\n    return total",
    "def f(xs):\n    return sum(xs)",
    "def f(xs):\n    return [x * 2 for x in xs if x > 0]",
    "def f(xs):\n    return sum(x * x for x in xs)",
    "def f(xs):\n    for i in range(len(xs)):\n        xs[i] += 1",
    "def f(n):\n    for i in range(1, n + 1):\n        print(i)",
    "def f(xs):\n    n = len(xs)\n    for i in range(n):\n        print(xs[i])",
    "def f(d):\n    for k, v in d.items():\n        d[k] = v + 1",
    "def f(xs):\n    for i, x in enumerate(xs):\n        print(i, x)",
    "def f(xs):\n    for a, b in zip(xs, xs[1:]):\n        print(a, b)",
    "def f(s: str):\n    return s.upper()",
    "def f(s):\n    return s == s[::-1]",
    "def f(xs):\n    return max(xs, key=lambda x: x[1])",
    "def f(xs: list, x):\n    return x in xs",
    "def f(xs):\n    for x in xs:\n        pass\n    for x in xs:\n        pass",
    "def f(xs):\n    i = 0\n    while i < len(xs):\n        print(xs[i])\n        i += 1",
    "def f(n):\n    return [0] * n",
    (
        "def f(xs):\n    seen = set()\n    for x in xs:\n        if x in seen:\n"
        "            return x\n"
        "        seen.add(x)\n    return None"
    ),
    (
        "def f(s: str):\n    out = []\n    for c in s:\n        if c.isalpha():\n"
        "            out.append(c.lower())\n    return ''.join(c for c in s)"
    ),
]
OTHERS = [
    ("O(log n)", ("def f(xs, x):\n    lo, hi = 0, len(xs) - 1\n    while lo <= hi:\n"
     "        mid = (lo + hi) // 2\n        if xs[mid] == x:\n            return mid\n"
     "        if xs[mid] < x:\n            lo = mid + 1\n        else:\n            hi = mid - 1\n"
     "    return -1")),
    ("O(log n)", ("def f(n):\n    count = 0\n    while n > 0:\n        n //= 2\n"
     "        count += 1\n    return count")),
    ("O(log n)", "import bisect\ndef f(xs, x):\n    return bisect.bisect_left(xs, x)"),
    ("O(n log n)", "def f(xs):\n    return sorted(xs)"),
    ("O(n log n)",
     "def f(xs):\n    xs.sort(key=lambda x: x[0])\n    for x in xs:\n        print(x)"),
    ("O(n²)", "def f(xs):\n    for a in xs:\n        for b in xs:\n            print(a, b)"),
    ("O(n²)", ("def f(xs):\n    for i in range(len(xs)):\n        for j in range(i + 1, len(xs)):\n"
     "            if xs[i] == xs[j]:\n                return True\n    return False")),
    ("O(n²)", "def f(xs):\n    return [(a, b) for a in xs for b in xs]"),
    ("O(n²)", ("def f(xs):\n    seen = []\n    for x in xs:\n        if x not in seen:\n"
     "            seen.append(x)\n    return seen")),
    ("O(n²)", "def f(xs: list):\n    return [x for x in xs if x + 1 in xs]"),
    ("O(n³)", ("def f(xs):\n    for a in xs:\n        for b in xs:\n            for c in xs:\n"
     "                print(a, b, c)")),
    ("O(2ⁿ)", "def f(n):\n    if n < 2:\n        return n\n    return f(n - 1) + f(n - 2)"),
]  # fmt: skip
UNTOLD = [
    "def f(xs):\n    return sum(xs, [])",
    "def f(queue):\n    return queue.get(1)",
    "def f(n):\n    rest = g\n    while rest:\n        rest //= 2",
    "def f(a: str, b):\n    return a + b",
    "def f(xs):\n    return sorted(xs, key=work)",
    "def f(xs):\n    for x in xs:\n        work(x)",
    "def f(xs, ys):\n    for x in xs:\n        for y in ys:\n            print(x, y)",
    "def f(rows):\n    for row in rows:\n        for cell in row:\n            print(cell)",
    "def f(n):\n    return f(n - 1)",
    "import functools\n@functools.cache\ndef f(n):\n    return f(n - 1) + f(n - 2)",
    (
        "def f(n, memo):\n    if n not in memo:\n"
        "        memo[n] = f(n - 1, memo) + f(n - 2, memo)\n"
        "    return memo[n]"
    ),
    "def f(n):\n    return f(n - 1) if n > 3 else f(n - 2)",
    "def f(s):\n    out = ''\n    for c in s:\n        out += c\n    return out",
    (
        "def f(xs):\n    ys = []\n    for x in xs:\n        ys.append(x)\n    for y in ys:\n"
        "        print(y)"
    ),
    "def f(xs):\n    xs = other()\n    for x in xs:\n        print(x)",
    "def f(xs):\n    for x in xs:\n        xs.append(x)",
    "def f(xs):\n    while xs:\n        xs.pop(0)",
    "def f(xs):\n    for x in xs:\n        yield x",
    "def f(x):\n    return x.total()",
    "def f(x): ...",
    "def f(xs, x):\n    return x in xs",
    "def f(n):\n    for i in range(2, n, n // 3):\n        print(i)",
    "class f:\n    pass",
]
CASES = [
    *(("O(1)", code) for code in FIXED),
    *(("O(n)", code) for code in LINEAR),
    *OTHERS,
    *((None, code) for code in UNTOLD),
]


@pytest.mark.parametrize(("order", "code"), CASES)
def test_growth(facts_of: Callable[..., Facts], order: str | None, code: str) -> None:
    growth = facts_of(code).growth
    assert (growth.order if growth else None) == order


REASONS = [
    (LINEAR[0], "Visits every item of `xs` (line 2)."),
    (LINEAR[6], "Repeats once for every number up to `n` (line 2)."),
    (OTHERS[0][1], "Halves what is left of `xs`, or better, with every repetition (line 3)."),
    (OTHERS[3][1], "Sorts the items of `xs` (line 2), which takes longer than all the rest."),
    (OTHERS[5][1], "For every item of `xs`, goes through them all once more (lines 2 and 3)."),
    (
        OTHERS[11][1],
        (
            "Calls itself twice, with `n - 1` and `n - 2` (line 4), so one more step of `n` can"
            " double the number of calls."
        ),
    ),
]


@pytest.mark.parametrize(("code", "reason"), REASONS)
def test_the_reason_names_names_and_lines(
    facts_of: Callable[..., Facts], code: str, reason: str
) -> None:
    growth = facts_of(code).growth
    assert growth is not None
    assert growth.reason == reason
