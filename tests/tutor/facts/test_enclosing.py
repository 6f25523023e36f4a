"""What a nested function changes of the functions around it, and what it is decorated with."""

from collections.abc import Callable

import pytest

from procoder_tutor.facts.model import Facts

CHANGES = [
    ("cache = {}", "cache[x] = 1", [("cache", "nonlocal", "assigns an item")]),
    ("seen = []", "seen.append(x)", [("seen", "nonlocal", "calls .append()")]),
    ("seen = other()", "seen.append(x)", []),
    ("seen = other()", "seen[0] += x", [("seen", "nonlocal", "updates an item")]),
    ("seen = []\n    seen = other()", "seen.append(x)", []),
    ("seen = set()\n    seen = set(p)", "seen.add(x)", [("seen", "nonlocal", "calls .add()")]),
    ("seen = []", "seen = []\n        seen.append(x)", []),
    ("pass", "p.calls = x", [("p.calls", "nonlocal", "assigns the attribute")]),
    ("G = {}", "G.clear()", [("G", "nonlocal", "calls .clear()")]),
]


@pytest.mark.parametrize(("outer", "inner", "changes"), CHANGES)
def test_changes(
    facts_of: Callable[..., Facts], outer: str, inner: str, changes: list[tuple[str, str, str]]
) -> None:
    code = f"G = []\ndef f(p):\n    {outer}\n    def g(x):\n        {inner}\n    return g\n"
    assert [(m.name, m.target, m.how) for m in facts_of(code, "f.g").mutates] == changes


DECORATED = [
    ("def f(p):\n    @wraps(p)\n    def g(): ...\n    return h(g)", "f", ["h"]),
    ("def f(p):\n    @wraps(p)\n    def g(x=k()): ...", "f", ["k"]),
    ("def f(p):\n    @make(p)\n    class G(base()): ...", "f", ["base"]),
]


@pytest.mark.parametrize(("code", "name", "calls"), DECORATED)
def test_decorators_are_no_calls(
    facts_of: Callable[..., Facts], code: str, name: str, calls: list[str]
) -> None:
    assert [call.name for call in facts_of(code, name).calls] == calls
