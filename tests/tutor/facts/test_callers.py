"""Who calls a symbol in its document."""

from collections.abc import Callable

import pytest

from procoder_tutor.facts.model import Facts

CALLERS = [
    ("def f(): ...\ndef g():\n    f()\n    f()\nf()", "f", [("g", 3), ("snippet", 5)]),
    ("def f():\n    f()", "f", []),
    ("def f(): ...\ndef g(f):\n    f()", "f", []),
    ("def f(): ...\ndef g():\n    f = print\n    f()", "f", []),
    ("def f(): ...\ndef g(fs):\n    return [f() for f in fs]", "f", []),
    ("def f(): ...\ndef g(xs):\n    return [f(x) for x in xs]", "f", [("g", 3)]),
    ("def f(): ...\ndef g():\n    return lambda: f()", "f", []),
    ("def f(): ...\ndef g(x=f()): ...", "f", [("snippet", 2)]),
    ("def f(): ...\n@f()\ndef g(): ...", "f", [("snippet", 2)]),
    ("def f(): ...\nclass A:\n    x = f()\n    def m(self):\n        f()", "f",
     [("A", 3), ("A.m", 5)]),
    ("class A:\n    def m(self): ...\n    def n(self):\n        self.m()", "A.m", [("A.n", 4)]),
    ("class A:\n    def m(self): ...\nclass B(A):\n    def n(self):\n        self.m()", "A.m",
     [("B.n", 5)]),
    ("class A:\n    def m(self): ...\nclass B(A):\n    def m(self):\n        super().m()", "A.m",
     [("B.m", 5)]),
    ("class A:\n    def m(self): ...\nclass B(A):\n    def m(self):\n        super().m()", "B.m",
     []),
    (("class A:\n    def m(self): ...\nclass B(X, A):\n    def m(self):\n"
      "        super().m()"), "A.m", []),
    (("class A:\n    def m(self): ...\nsuper = A\nclass B(A):\n    def m(self):\n"
      "        super().m()"), "A.m", []),
    ("class A:\n    def m(self): ...\ndef g(a):\n    a.m()", "A.m", []),
    ("class A: ...\ndef g():\n    raise A('x')", "A", [("g", 3)]),
    ("def f(): ...\ndef ff():\n    ff_f = 1", "f", []),
    ("def f():\n    def h(): ...\n    h()", "f.h", [("f", 3)]),
    ("def f(): ...\ndef g():\n    x = '''\n    f()\n    '''", "f", []),
]  # fmt: skip


@pytest.mark.parametrize(("code", "name", "callers"), CALLERS)
def test_callers(
    facts_of: Callable[..., Facts], code: str, name: str, callers: list[tuple[str, int]]
) -> None:
    assert [(caller.name, caller.line) for caller in facts_of(code, name).callers] == callers
