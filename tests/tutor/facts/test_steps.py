"""The steps of code in plain words."""

from collections.abc import Callable

import pytest

from procoder_tutor.facts.model import Facts
from procoder_tutor.facts.steps import MAX_STEPS

STATEMENTS = [
    ("a = 1", "Sets `a` to `1`"),
    ("a = b = None", "Sets `a` and `b` to None"),
    ("a = []", "Starts `a` as an empty list"),
    ("self.a = {}", "Starts `self.a` as an empty dictionary"),
    ("self.a = a", "Stores `a` in `self.a`"),
    ("a, b = b, a", "Swaps `a` and `b`"),
    ("a, b = b, a + b", "Sets `a` to `b` and `b` to `a + b`, all at once"),
    ("a, b = x", "Takes `x` apart into `a` and `b`"),
    ("a, b = g()", "Calls `g()` and takes the result apart into `a` and `b`"),
    ("a, b = await g()", "Waits for `g()` and takes the result apart into `a` and `b`"),
    ("a = g(1)", "Calls `g(1)` and keeps the result as `a`"),
    ("a = Account(1)", "Makes `Account(1)` and keeps it as `a`"),
    ("a = max(b, c)", "Keeps the larger of `b` and `c` as `a`"),
    ("a = len(b)", "Keeps the number of items in `b` as `a`"),
    ("a = sorted(a)", "Replaces `a` by a sorted list of `a`"),
    ("a = [i * i for i in b if i]",
     "Builds `a`, a list of `i * i` for every `i` in `b` for which `i` is neither empty nor false"),
    ("a = b[-1]", "Keeps the last item of `b` as `a`"),
    ("a = b if c else d", "Sets `a` to `b` if `c` is neither empty nor false, otherwise `d`"),
    ("a = b or 1", "Sets `a` to `b`, or `1` if that is empty"),
    ("a = b.pop()", "Takes the last item off `b` and keeps it as `a`"),
    ("a = b < c", "Sets `a` to whether `b` is less than `c`"),
    ("a: int = 1", "Sets `a` to `1`"),
    ("a[-1] = b", "Replaces the last item of `a` by `b`"),
    ("a[k] = b", "Stores `b` in `a` under `k`"),
    ("a[k] = a.get(k, 0) + 1", "Adds `1` to `a[k]`, starting from `0`"),
    ("a.setdefault(k, []).append(b)", "Adds `b` to the list `a[k]`, starting one if it is new"),
    ("a += 1", "Adds `1` to `a`"),
    ("a //= 2", "Divides `a` by `2`, rounding down"),
    ("a.append(b)", "Adds `b` to the end of `a`"),
    ("a.append((b, c))", "Adds the pair `(b, c)` to the end of `a`"),
    ("a.sort(key=len, reverse=True)", "Sorts `a` in place, compared by `len`, the largest first"),
    ("print(a)", "Prints `a`"),
    ("print()", "Prints an empty line"),
    ("g(a)", "Calls `g(a)`"),
    ("super().__init__(a)", "Lets the base class do its part: `super().__init__(a)`"),
    ("logger.info(a)", "Logs `a`"),
    ("return", "Stops here and gives back nothing"),
    ("return None", "Gives back None"),
    ("return a", "Gives back `a`"),
    ("return g(a)", "Gives back the result of `g(a)`"),
    ("return f(a)", "Calls itself, as `f(a)`, and gives back the result"),
    ("return a in b", "Gives back whether `a` is in `b`"),
    ("return any(i > 2 for i in a)",
     "Gives back whether `i` is more than `2` for any `i` in `a`"),
    ("return sum(1 for i in a)", "Gives back the number of `i` in `a`"),
    ("return ', '.join(a)", "Gives back the text of `a`, joined with `', '` between"),
    ("return a[1:]", "Gives back all of `a` but the first item"),
    ("raise ValueError('x')", "Stops with `ValueError`"),
    ("raise", "Raises the caught exception again"),
    ("yield a", "Hands out `a`"),
    ("yield from a", "Hands out every item of `a`"),
    ("del a[0]", "Removes `a[0]`"),
    ("assert a", "Makes sure that `a` is neither empty nor false"),
    ("global a", "Will set the module's `a`, not a variable of its own"),
    ("import a, b.c", "Imports `a` and `b.c`"),
    ("from . import a as b", "Imports `b` from `.`"),
    ("x = '`'", "Sets `x` to ``'`'``"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text"), STATEMENTS)
def test_simple_statements(facts_of: Callable[..., Facts], code: str, text: str) -> None:
    steps = facts_of(f"async def f(z):\n    {code}\n").steps
    assert [(step.line, step.depth, step.text) for step in steps] == [(2, 0, text)]


CONDITIONS = [
    ("not z", "`z` is empty or false"),
    ("z is not None", "`z` is not None"),
    ("z == 0", "`z` is `0`"),
    ("z != y", "`z` differs from `y`"),
    ("z > 1 and y", "`z` is more than `1` and `y` is neither empty nor false"),
    ("not (z or y)", "`z` is empty or false and `y` is empty or false"),
    ("not z < y", "`z` is at least `y`"),
    ("0 < z <= y", "`z` lies between `0` and `y`"),
    ("z % 2 == 0", "`z` can be divided by `2` without a remainder"),
    ("len(z) < 2", "`z` has fewer than 2 items"),
    ("len(z) == 0", "`z` is empty"),
    ("isinstance(z, (int, str))", "`z` is an `int` or `str`"),
    ("not isinstance(z, str)", "`z` is not a `str`"),
    ("not z.startswith('a')", "`z` does not start with `'a'`"),
    ("z.is_ready", "`z.is_ready` is true"),
    ("g(z)", "`g(z)` is true"),
    ("items", "`items` is not empty"),
    ("not flag", "`flag` is false"),
    ("count", "`count` is not 0"),
    ("a and b or c", "`a and b or c` is true"),
]


@pytest.mark.parametrize(("test", "words"), CONDITIONS)
def test_conditions(facts_of: Callable[..., Facts], test: str, words: str) -> None:
    code = f"def f(z, items: list, count: int, flag=False):\n    if {test}:\n        return 1\n"
    assert [step.text for step in facts_of(code).steps] == [f"Gives back `1` when {words}"]


BLOCKS = [
    ("if z:\n        a = 1\n    else:\n        a = 2",
     "2-5 0 If `z` is neither empty nor false, sets `a` to `1`; otherwise sets `a` to `2`"),
    (("if z:\n        a = 1\n        g()\n    elif y is None:\n        h()\n"
     "    else:\n        pass"), """
2-4 0 If `z` is neither empty nor false
3-3 1 Sets `a` to `1`
4-4 1 Calls `g()`
5-6 0 Otherwise, if `y` is None, calls `h()`
8-8 0 Otherwise, does nothing"""),
    ("for a in z:\n        g(a)", "2-3 0 For each `a` in `z`, calls `g(a)`"),
    ("for a in z:\n        g(a)\n        h(a)", """
2-4 0 Goes through `z`, calling each item `a`
3-3 1 Calls `g(a)`
4-4 1 Calls `h(a)`"""),
    ("for i in range(3, z):\n        g(i)",
     "2-3 0 For each `i` from `3` up to, but not including, `z`, calls `g(i)`"),
    ("for _ in range(z):\n        g()", "2-3 0 `z` times, calls `g()`"),
    ("for i, a in enumerate(z):\n        g(a)",
     "2-3 0 For each `a` in `z`, at position `i`, calls `g(a)`"),
    ("for i, a in enumerate(z, start=1):\n        g(a)",
     "2-3 0 For each `a` in `z`, at position `i`, counted from `1`, calls `g(a)`"),
    ("for i in range(z):\n        g(i)",
     "2-3 0 For each `i` from `0` up to, but not including, `z`, calls `g(i)`"),
    ("for k, v in z.items():\n        g(k)",
     "2-3 0 For each key and value of `z`, called `k` and `v`, calls `g(k)`"),
    ("for a, b in zip(x, y):\n        g(a)",
     "2-3 0 For each `a` and `b` from `x` and `y`, side by side, calls `g(a)`"),
    ("for a in z:\n        if a:\n            break\n    else:\n        g()", """
2-4 0 For each `a` in `z`, leaves the loop when `a` is neither empty nor false
6-6 0 If the loop was not left early, calls `g()`"""),
    ("while z < 3:\n        z += 1", "2-3 0 As long as `z` is less than `3`, adds `1` to `z`"),
    ("while True:\n        g()\n        h()", """
2-4 0 Repeats until something inside leaves the loop
3-3 1 Calls `g()`
4-4 1 Calls `h()`"""),
    ("with open(z) as a:\n        g(a)", """
2-3 0 Opens the file `z` as `a`, and closes it at the end
3-3 1 Calls `g(a)`"""),
    (("try:\n        return int(z)\n    except (A, B):\n        return None\n"
     "    finally:\n        g()"), """
2-3 0 Tries this: gives back `z` as a whole number
4-5 0 If `A` or `B` is raised, gives back None
7-7 0 In the end, whatever happened, calls `g()`"""),
    ("try:\n        g()\n        h()\n    except:\n        pass\n    else:\n        k()", """
2-4 0 Tries the following steps
3-3 1 Calls `g()`
4-4 1 Calls `h()`
5-6 0 If anything at all is raised, goes on regardless
8-8 0 If nothing was raised, calls `k()`"""),
    ("match z:\n        case [a]:\n            return a\n        case _:\n            pass", """
2-6 0 Looks at what `z` is
3-4 1 If it matches `[a]`, gives back `a`
5-6 1 In any other case, does nothing"""),
    ("def g(a):\n        return a\n    return g", """
2-3 0 Defines the helper `g(a)`: gives back `a`
4-4 0 Gives back `g`"""),
]  # fmt: skip


@pytest.mark.parametrize(("body", "steps"), BLOCKS)
def test_blocks(facts_of: Callable[..., Facts], body: str, steps: str) -> None:
    found = facts_of(f"def f(z):\n    {body}\n").steps
    said = "\n".join(f"{s.line}-{s.end_line} {s.depth} {s.text}" for s in found)
    assert said == steps.strip()


def test_docstrings_and_pass_are_no_steps(facts_of: Callable[..., Facts]) -> None:
    assert facts_of('def f():\n    """Do *it*."""\n    pass\n').steps == ()


def test_the_steps_of_a_class_are_its_members(facts_of: Callable[..., Facts]) -> None:
    code = '''
    class f(Base):
        """Doc."""
        LIMIT = 3
        size: int = 0
        def __init__(self, a):
            self.a = a
        @property
        def b(self):
            """The `b` of a <tag>. More."""
        def c(self, x, *y): ...
    '''
    assert [step.text for step in facts_of(code).steps] == [
        "Sets `LIMIT` to `3`, for all instances",
        "Has the field `size` of type `int`, which starts as `0`",
        "Sets up a new `f`: stores `a` in `self.a`",
        "Has the property `b`: The \\`b\\` of a \\<tag\\>",
        "Has the method `c(x, y)`",
    ]


def test_the_steps_of_a_module(facts_of: Callable[..., Facts]) -> None:
    code = """
    import a
    from b import c, d
    class E(ValueError): ...
    if __name__ == "__main__":
        main()
    """
    assert [(step.line, step.text) for step in facts_of(code, "snippet").steps] == [
        (2, "Imports `a`, `c` and `d`"),
        (4, "Defines the exception `E`, a kind of `ValueError`"),
        (5, "If the file is run as a program, not imported, calls `main()`"),
    ]


LONG = [
    ("\n".join(f"    g({number})" for number in range(60)), MAX_STEPS),
    ("\n".join(f"    if a:\n        g({n})\n        h({n})\n" for n in range(30)), 30),
]


@pytest.mark.parametrize(("body", "count"), LONG)
def test_long_code_is_summarised(facts_of: Callable[..., Facts], body: str, count: int) -> None:
    steps = facts_of(f"def f():\n{body}\n").steps
    assert len(steps) == count
    assert steps[-1].end_line == facts_of(f"def f():\n{body}\n").end_line
