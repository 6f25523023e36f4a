"""How functions end, what they catch, and how deeply they are nested."""

from collections.abc import Callable

import pytest

from procoder_tutor.facts.model import Facts

RETURNS = [
    ("return x", ["x"]),
    ("if x:\n        return 1\n    return 2", ["1 if x", "2"]),
    ("if x:\n        return 1\n    else:\n        return 2", ["1 if x", "2 if not (x)"]),
    ("if x:\n        return 1\n    elif y:\n        return 2\n    return 3",
     ["1 if x", "2 if y", "3"]),
    ("if x:\n        return 1", ["1 if x", "implicit 3"]),
    ("pass", ["implicit 2"]),
    ("if x:\n        return", ["None if x"]),
    ("for y in x:\n        if y:\n            return y", ["y if y", "implicit 4"]),
    ("if x:\n        for y in x:\n            return y\n    return 0", ["y", "0"]),
    ("while True:\n        if x:\n            return 1", ["1 if x"]),
    ("while True:\n        if x:\n            return 1\n        break", ["1 if x", "implicit 5"]),
    ("try:\n        return 1\n    except E:\n        return 2", ["1", "2"]),
    ("try:\n        return 1\n    except E:\n        pass", ["1", "implicit 5"]),
    ("with x:\n        return 1", ["1"]),
    ("raise E", []),
    ("return 1\n    return 2", ["1"]),
    ("if x:\n        return 1\n    exit()", ["1 if x"]),
    ("if x:\n        return 1\n    log.error(x)", ["1 if x", "implicit 4"]),
    ("yield 1", []),
    (("match x:\n        case [a] if a:\n            return 1\n        case _:\n"
     "            return 2"),
     ["1 if x matches [a] if a", "2 if x matches _"]),
    ("match x:\n        case 1:\n            return 1", ["1 if x matches 1", "implicit 4"]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "returns"), RETURNS)
def test_returns(facts_of: Callable[..., Facts], body: str, returns: list[str]) -> None:
    said = [
        f"implicit {r.line}"
        if r.implicit
        else f"{r.expression}" + (f" if {r.condition}" if r.condition else "")
        for r in facts_of(f"def f(x, y=0):\n    {body}\n").returns
    ]
    assert said == returns


CATCHES = [
    ("except E:\n        pass", [("E", "ignored")]),
    ("except E:\n        ...", [("E", "ignored")]),
    ("except (a.E, F):\n        return 1", [("a.E", "handled"), ("F", "handled")]),
    ("except:\n        log()", [("", "handled")]),
    ("except E:\n        log()\n        raise", [("E", "re-raised")]),
    ("except E as e:\n        if x:\n            raise e", [("E", "re-raised")]),
    ("except E as e:\n        raise F from e", [("E", "replaced")]),
    (
        "except E:\n        try:\n            g()\n        except F:\n            raise",
        [("E", "handled"), ("F", "re-raised")],
    ),
    ("except E:\n        def g():\n            raise", [("E", "handled")]),
    ("finally:\n        pass", []),
]


@pytest.mark.parametrize(("handlers", "catches"), CATCHES)
def test_catches(
    facts_of: Callable[..., Facts], handlers: str, catches: list[tuple[str, str]]
) -> None:
    found = facts_of(f"def f(x):\n    try:\n        g()\n    {handlers}\n").catches
    assert [(item.exception, item.outcome) for item in found] == catches


def test_what_is_raised_and_caught_here(facts_of: Callable[..., Facts]) -> None:
    code = """
    def f(x):
        try:
            if x:
                raise KeyError(x)
            raise OSError
        except LookupError:
            raise ValueError
    """
    facts = facts_of(code)
    assert [(r.exception, r.condition) for r in facts.handled_raises] == [("KeyError", "x")]
    assert [r.exception for r in facts.raises] == ["OSError", "ValueError"]


def test_what_never_runs_does_nothing(facts_of: Callable[..., Facts]) -> None:
    code = """
    async def f(x):
        if x:
            raise A
            raise B
        while True:
            g()
        x.append(1)
        with h():
            await i()
        try:
            f(x)
        except C:
            pass
    """
    facts = facts_of(code)
    assert [r.exception for r in facts.raises] == ["A"]
    assert [call.name for call in facts.calls] == ["g"]
    assert (facts.mutates, facts.manages, facts.awaits, facts.catches) == ((), (), (), ())
    assert not facts.recursion


NESTING = [
    ("return x", 0, 0),
    ("if x:\n        pass\n    elif y:\n        pass\n    else:\n        pass", 1, 0),
    ("if x:\n        pass\n    else:\n        if y:\n            pass", 2, 0),
    ("for a in x:\n        with a:\n            while a:\n                pass", 3, 2),
    ("return [a for a in x for b in a]", 0, 2),
    ("for a in [b for b in x]:\n        pass", 1, 1),
    ("for a in x:\n        y = {b: [c for c in b] for b in a}", 1, 3),
    (("try:\n        pass\n    except E:\n        match x:\n            case 1:\n"
     "                pass"), 2, 0),
    ("def g():\n        for a in x:\n            pass", 0, 0),
]  # fmt: skip


@pytest.mark.parametrize(("body", "nesting", "loops"), NESTING)
def test_nesting(facts_of: Callable[..., Facts], body: str, nesting: int, loops: int) -> None:
    facts = facts_of(f"def f(x, y=0):\n    {body}\n")
    assert (facts.nesting, facts.loop_nesting) == (nesting, loops)


def test_awaits_and_context_managers(facts_of: Callable[..., Facts]) -> None:
    code = """
    async def f(x):
        async with a(x) as b, c:
            await b.go()
            async for d in b:
                print(d)
        with e:
            return [g async for g in b]
    """
    facts = facts_of(code)
    assert facts.awaits == (3, 4, 5, 8)
    assert facts.manages == ("a(x)", "c", "e")
