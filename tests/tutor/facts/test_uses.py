"""How parameters are used."""

from collections.abc import Callable

import pytest

from procoder_tutor.facts.model import Facts

USES = [
    ("def f(p):\n    for x in p: pass", "iterated:2"),
    ("def f(p):\n    return [x for x in p]", "iterated:2"),
    ("def f(p):\n    a, b = p", "iterated:2"),
    ("def f(p):\n    return [*p]", "iterated:2"),
    ("def f(p):\n    return p[0] + p[1:]", "indexed:2"),
    ("def f(p):\n    return p.name", "attribute:2:name"),
    ("def f(p):\n    p.run(1)\n    p.stop()", "attribute:2:run"),
    ("def f(p):\n    p()", "called:2"),
    ("def f(p):\n    return p is None or 1 in p", "compared:2"),
    ("def f(p):\n    if p: pass", "tested:2"),
    ("def f(p):\n    return not p", "tested:2"),
    ("def f(p):\n    return 1 if p else 2", "tested:2"),
    ("def f(p):\n    return p or 1", "tested:2"),
    ("def f(p):\n    return -p * 2", "computed:2"),
    ("def f(p, q):\n    q += p", "computed:2"),
    ("def f(p):\n    return f'{p}'", "formatted:2"),
    ("def f(p):\n    return '%s' % p", "formatted:2"),
    ("def f(p):\n    return '%s %s' % (p, 1)", "formatted:2"),
    ("def f(p):\n    return p.format(1)", "formatted:2"),
    ("def f(p):\n    return p % 2", "computed:2"),
    ("def f(p: str):\n    return p % 2", "formatted:2"),
    ("def f(p):\n    g.h(1, p)", "passed:2:g.h"),
    ("def f(p):\n    g(k=p)", "passed:2:g"),
    ("def f(*p, **q):\n    g(*p, **q)", "passed:2:g"),
    ("def f(p):\n    g()(p)", "passed:2:g()"),
    ("def f(p):\n    return p", "returned:2"),
    ("def f(p, q):\n    return p if q else 1", "returned:2"),
    ("def f(p):\n    yield p", "yielded:2"),
    ("def f(self, p):\n    self.p = p", "stored:2"),
    ("def f(p):\n    return [p]", "stored:2"),
    ("def f(p):\n    return p, 1", "stored:2"),
    ("def f(p):\n    p = 1", "rebound:2"),
    ("def f(p):\n    p += 1", "computed:2 rebound:2"),
    ("def f(p):\n    p.append(1)", "attribute:2:append changed:2"),
    ("def f(p):\n    p[0] = 1", "changed:2"),
    ("def f(p):\n    p.x = 1", "changed:2"),
    ("def f(p):\n    p = dict(p)\n    p['a'] = 1", "rebound:2 passed:2:dict read:3"),
    ("def f(p):\n    return d[p]", "read:2"),
    ("def f(p):\n    await p", "read:2"),
    ("def f(p):\n    return 1", "unused:1"),
    ("def f(\n    p,\n): ...", "unused:2"),
    ("def f(p):\n    return [p for p in x]", "unused:1"),
    ("def f(p):\n    return [p for p in p]", "iterated:2"),
    ("def f(p):\n    return lambda p: p", "unused:1"),
    ("def f(p):\n    return lambda q=p: q", "read:2"),
    ("def f(p):\n    def g():\n        return p", "returned:3"),
    ("def f(p):\n    def g(p):\n        return p", "unused:1"),
    ("def f(p):\n    def g():\n        nonlocal p\n        p = 1", "rebound:4"),
    ("def f(p):\n    if p:\n        return p\n    p(1)", "tested:2 returned:3 called:4"),
]


@pytest.mark.parametrize(("code", "uses"), USES)
def test_uses(facts_of: Callable[..., Facts], code: str, uses: str) -> None:
    parameters = {parameter.name: parameter.uses for parameter in facts_of(code).parameters}
    said = [f"{u.kind}:{u.line}:{u.detail}".rstrip(":") for u in parameters["p"]]
    assert " ".join(said) == uses


def test_the_receiver_has_no_uses(facts_of: Callable[..., Facts]) -> None:
    code = "class C:\n    def m(self, x):\n        self.x = x\n"
    receiver, x = facts_of(code, "C.m").parameters
    assert (receiver.uses, [use.kind for use in x.uses]) == ((), ["stored"])


def test_nothing_is_said_of_a_function_with_lost_lines(facts_of: Callable[..., Facts]) -> None:
    parameter = facts_of("def f(p):\n    p.a()\n    p = = 1\n    return 1\n").parameters[0]
    assert parameter.uses == ()
