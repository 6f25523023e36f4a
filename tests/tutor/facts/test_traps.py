"""Classic mistakes are found, and their harmless look-alikes are not."""

from collections.abc import Callable

import pytest

from procoder_tutor.facts.model import Facts

TRAPS = [
    ("def f(x=[]): ...", ["mutable-default:1"]),
    ("def f(x, *, y={}, z=set()): ...", ["mutable-default:1", "mutable-default:1"]),
    ("from collections import deque\ndef f(x=deque()): ...", ["mutable-default:2"]),
    ("def f(x=(), y=None, z=frozenset()): ...", []),
    ("def f(fs):\n    for i in fs:\n        fs2.append(lambda: i)", ["late-binding:3"]),
    ("def f(fs):\n    for i in fs:\n        fs2.append(lambda i=i: i)", []),
    ("def f(fs):\n    for i in fs:\n        fs2.append(lambda j: j)", []),
    ("def f(fs):\n    for i in fs:\n        g(lambda: i)", []),
    ("def f(fs):\n    for i in fs:\n        d[i] = lambda: i", ["late-binding:3"]),
    ("def f(fs):\n    for i in fs:\n        def g():\n            return i\n        h.append(g)",
     ["late-binding:3"]),
    ("def f(fs):\n    return [lambda: i for i in fs]", ["late-binding:2"]),
    ("def f(fs):\n    return [lambda i=i: i for i in fs]", []),
    ("def f(fs):\n    for i in fs:\n        for j in i:\n            g.append(lambda: i)",
     ["late-binding:4"]),
    ("def f(x):\n    return x is 'a' or x is not -1 or () is x",
     ["is-literal:2"] * 3),
    ("def f(x):\n    return x is None or x is True or x is ...", []),
    ("def f(x):\n    try:\n        g()\n    except:\n        pass", ["bare-except:4"]),
    ("def f(x):\n    try:\n        g()\n    except Exception:\n        pass", []),
    ("def f(xs):\n    for x in xs:\n        xs.remove(x)", ["changed-while-iterating:3"]),
    ("def f(xs):\n    for x in list(xs):\n        xs.remove(x)", []),
    ("def f(xs):\n    for x in xs[:]:\n        xs.remove(x)", []),
    ("def f(xs):\n    for x in xs:\n        if x:\n            xs.remove(x)\n            break",
     []),
    ("def f(xs):\n    for x in xs:\n        if x:\n            xs.append(x)",
     ["changed-while-iterating:4"]),
    ("def f(d):\n    for k in d.keys():\n        del d[k]", ["changed-while-iterating:3"]),
    ("def f(d):\n    for k in d:\n        d[k] = 1", []),
    ("def f(m):\n    for k in m.parts.keys():\n        del m.parts[k]", []),
    ("def f(s):\n    for x in s.xs:\n        s.xs.pop()", ["changed-while-iterating:3"]),
    ("def f(xs, ys):\n    for x in xs:\n        ys.append(x)", []),
    ("def f(list):\n    max = list", ["shadowed-builtin:1", "shadowed-builtin:2"]),
    ("def f(x):\n    from m import open\n    return [id for id in x]", []),
    ("def f(x):\n    def sum(): ...\n    class type: ...",
     ["shadowed-builtin:2", "shadowed-builtin:3"]),
    ("def f(x):\n    for id in x: pass", ["shadowed-builtin:2"]),
    ("def f(x):\n    global id\n    id = 1", []),
    ("def f(x):\n    return 1\n    g()\n    h()", ["unreachable:3"]),
    ("def f(x):\n    while True:\n        g()\n    h()", ["unreachable:4"]),
    ("def f(x):\n    while True:\n        break\n    h()", []),
    ("def f(x):\n    while True:\n        for y in x:\n            break\n    h()",
     ["unreachable:5"]),
    ("def f(x):\n    if False:\n        g()", ["unreachable:3"]),
    ("import sys\ndef f(x):\n    sys.exit(x)\n    g()", ["unreachable:4"]),
    ("from os import _exit\ndef f(x):\n    _exit(x)\n    g()", ["unreachable:4"]),
    ("def f(x):\n    exit()\n    g()", ["unreachable:3"]),
    ("def f(x, exit):\n    exit()\n    g()", []),
    ("def f(x):\n    app.exit()\n    g()", []),
    ("def f(x):\n    return\n    yield", []),
    ("def f(x):\n    for y in x:\n        continue\n        g()", ["unreachable:4"]),
    ("def f(x):\n    try:\n        return 1\n    finally:\n        g()", []),
    ("class f:\n    id = 1\n    def list(self): ...", []),
    ("class f:\n    while True:\n        pass\n    x = 1", ["unreachable:4"]),
]  # fmt: skip


@pytest.mark.parametrize(("code", "traps"), TRAPS)
def test_traps(facts_of: Callable[..., Facts], code: str, traps: list[str]) -> None:
    assert [f"{trap.kind}:{trap.line}" for trap in facts_of(code).traps] == traps


OWN_NAMES = [
    ("def list(): ...", "list", ["shadowed-builtin"]),
    ("class A:\n    def list(self): ...", "A.list", []),
    ("class TimeoutError(Exception): ...", "TimeoutError", ["shadowed-builtin"]),
    ("len = 1\ndef g(): ...", "snippet", ["shadowed-builtin"]),
]


@pytest.mark.parametrize(("code", "name", "traps"), OWN_NAMES)
def test_definitions_named_like_builtins(
    facts_of: Callable[..., Facts], code: str, name: str, traps: list[str]
) -> None:
    assert [trap.kind for trap in facts_of(code, name).traps] == traps


MESSAGES = [
    ("def f(xs=[]): ...", ("The default `xs=[]` is made once and shared by all calls: what one call"
     " puts into it, the next one finds there.")),
    ("def f(xs):\n    for x in xs:\n        xs.remove(x)", ("`xs.remove(…)` changes `xs` while the"
     " loop on line 2 goes through it, so items are skipped or an error is raised; a copy is safe:"
     " `list(xs)`.")),
    ("def f(x):\n    return x is 'a'", ("`is 'a'` asks whether it is the very same object, which"
     " may differ from run to run; `==` compares the values.")),
    ("def f(x):\n    raise E\n    g()", ("This never runs: the `raise` on line 2 always leaves"
     " before it.")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "message"), MESSAGES)
def test_a_message_names_this_code(facts_of: Callable[..., Facts], code: str, message: str) -> None:
    assert [trap.message for trap in facts_of(code).traps] == [message]
