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
    (
        "def f(xs):\n    for i, x in enumerate(xs):\n        if x:\n            return i\n"
        "        return -1"
    ),
    "def f(xs):\n    while xs:\n        return xs[0]",
    "from datetime import date\ndef f(born):\n    return date.today().year - born.year",
    "def f(d: dict, k):\n    if k in d:\n        del d[k]",
    "def f(d: dict, k):\n    return d.pop(k)",
    "def f(d, k):\n    return d.pop(k, None)",
    "def f(d):\n    return next(iter(d))",
    "def f(n: int):\n    return str(n % 7), int(n / 2)",
    "def f(x):\n    return x\n    work(x)",
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
    "def f(s):\n    out = ''\n    for c in s:\n        out += c\n    return out",
    (
        "def f(xs):\n    ys = []\n    for x in xs:\n        ys.append(x)\n    for y in ys:\n"
        "        print(y)"
    ),
    "def f(xs):\n    for x in xs:\n        yield x",
    "def f(xs):\n    yield from xs",
    "def f(n):\n    while n > 0:\n        yield n\n        n -= 1",
    "def f(xs):\n    it = iter(xs)\n    a = next(it, None)\n    for x in it:\n        yield a, x",
    "def f(xs):\n    return next((x for x in xs if x), None)",
    "def f(p):\n    with open(p) as file:\n        for line in file:\n            line.strip()",
    "def f(p):\n    file = open(p)\n    return sum([float(line) for line in file])",
    (
        "from pathlib import Path\ndef f(p: Path):\n    with p.open() as file:\n"
        "        return sum(1 for line in file)"
    ),
    (
        "def f(xs):\n    for x in xs:\n        x = x.strip().lower()\n        if not x:\n"
        "            continue\n        key, _, value = x.partition('=')\n        yield int(value)"
    ),
    "def f(xs, n):\n    return [xs[i : i + n] for i in range(0, len(xs), n)]",
    "def f(xs):\n    return [xs[i : i + 2] for i in range(len(xs))]",
    "def f(x, xs=[]):\n    if x not in xs:\n        xs.append(x)\n    return xs",
    "def f(xs: list, k):\n    xs[:] = xs[k:] + xs[:k]",
    "def f(s: str):\n    return s + '!'",
    "def f(s):\n    for a, b in zip(s, s[1:] + ' '):\n        print(a, b)",
    "def f(s: str):\n    d = {'a': 'b'}\n    for c in s:\n        print(c in d.values())",
    "import random\ndef f(n):\n    return sum(random.random() for _ in range(n))",
    "def f(xs):\n    out = []\n    for x in xs:\n        out += [x, x]\n    return out",
    (
        "def f(n):\n    out = []\n    for _ in range(n):\n        out.append('a')\n"
        "    return ''.join(out)\n    work(out)"
    ),
    "def f(d):\n    copy = {}\n    for k in d:\n        copy[k] = 1\n    return list(copy)",
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
    "def f(xs):\n    xs = other()\n    for x in xs:\n        print(x)",
    "def f(xs):\n    for x in xs:\n        xs.append(x)",
    "def f(xs):\n    while xs:\n        xs.pop(0)",
    "def f(x):\n    return x.total()",
    "def f(x): ...",
    "def f(xs, x):\n    return x in xs",
    "def f(n):\n    for i in range(2, n, n // 3):\n        print(i)",
    "class f:\n    pass",
    "def f(text):\n    return int(text)",
    "def f(xs):\n    for x in xs:\n        if x:\n            continue\n        return work(x)",
    "def f(xs):\n    while True:\n        yield xs",
    "def f(xs, d):\n    for x in xs:\n        del d[x]",
    "def f(xs, sep):\n    out = ''\n    for x in xs:\n        out += sep\n    return out",
    "def f(xs):\n    out = ''\n    for x in xs:\n        out = x + out\n    return out",
    "def f(xs):\n    text = ''\n    for x in xs:\n        text += x\n        print(int(text))",
    "def f(xs: list):\n    for x in xs:\n        xs[:] = xs + [x]",
    "def f(xs):\n    i = 0\n    while i < len(xs):\n        xs.append(i)\n        i += 1",
    "def f():\n    xs = [1]\n    return [xs.append(x) for x in xs]",
    "def f(xs):\n    ys = []\n    for x in xs:\n        for y in ys: pass\n        ys.append(x)",
    "def f(text):\n    for t in [text]:\n        print(t.strip())",
    "def f(rows):\n    return [sum(row) for row in rows]",
    "def f(lock, xs):\n    with lock:\n        return sum(xs)",
    "def f(xs, k):\n    out = []\n    for x in xs:\n        out.extend(k)\n    return list(out)",
    "def f():\n    a = b\n    b = a\n    return 1 in a",
]
IN_CLASSES = [
    ("O(1)", "self.d = {}", "return self.d.pop(x)"),
    ("O(1)", "self.d = {}", "del self.d[x]"),
    ("O(1)", "self.d = {}", "return x in self.d"),
    ("O(1)", "self.d: dict[str, int] = other()", "return x in self.d"),
    ("O(n)", "self.d = []", "return x in self.d"),
    ("O(n)", "self.d = other()", "return [d + x for d in self.d]"),
    ("O(n)", "self.d = []", "self.d.append(x)\n        return sum(self.d)"),
    (None, "self.d = {}", "self.d = other()\n        return x in self.d"),
    (None, "self.d = other()", "return x in self.d"),
    (None, "self.d = []", "self.d = other(x)\n        return sum(self.d)"),
    (None, "self.d = []", "for d in self.d:\n            self.d.append(d)"),
    (None, "self.d = []", "return [x + d for d in self.d for y in x]"),
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


@pytest.mark.parametrize(("order", "made", "body"), IN_CLASSES)
def test_growth_in_the_attributes_of_self(
    facts_of: Callable[..., Facts], order: str | None, made: str, body: str
) -> None:
    code = (
        f"class C:\n    def __init__(self):\n        {made}\n    def f(self, x):\n        {body}\n"
    )
    growth = facts_of(code, "C.f").growth
    assert (growth.order if growth else None) == order


@pytest.mark.parametrize(
    ("declared", "order"), [("dict[str, int]", "O(1)"), ("list", "O(n)"), ("Any", None)]
)
def test_an_annotation_in_the_class_tells_the_type(
    facts_of: Callable[..., Facts], declared: str, order: str | None
) -> None:
    code = f"class C:\n    xs: {declared}\n    def f(self, x):\n        return x in self.xs\n"
    growth = facts_of(code, "C.f").growth
    assert (growth.order if growth else None) == order


REASONS = [
    (LINEAR[0], "Visits every item of `xs` (line 2)."),
    (LINEAR[6], "Repeats once for every number up to `n` (line 2)."),
    (
        "def f(p):\n    with open(p) as file:\n        for line in file:\n            print(line)",
        "Visits every line of `file` (line 3).",
    ),
    (
        "def f(n):\n    while n > 0:\n        yield n\n        n -= 1",
        "Repeats once for every number up to `n` (line 2).",
    ),
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
