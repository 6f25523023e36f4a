"""Facts of small functions, held against facts written by hand."""

import sys
from dataclasses import asdict
from textwrap import dedent
from typing import Any

import pytest

from procoder_tutor.facts.build import instant_facts
from procoder_tutor.facts.model import Facts
from procoder_tutor.symbols import Document, Snapshot


def facts_of(code: str, name: str = "f") -> Facts:
    document = Document.parse(Snapshot(dedent(code)))
    return instant_facts(document, document.by_name(name))


SIGNATURES = [
    ("def f(): ...", "f()"),
    ("def f(a, /, b, *, c): ...", "f(a, /, b, *, c)"),
    ("def f(a, b=1, /): ...", "f(a, b=1, /)"),
    ("def f(*args, c=None, **kw): ...", "f(*args, c=None, **kw)"),
    ("def f(a: int = 1, *, b: 'str') -> list[int]: ...", "f(a: int = 1, *, b: 'str') -> list[int]"),
    ("async def f(url: str) -> bytes: ...", "async f(url: str) -> bytes"),
    ("def f(\n    a,  # first\n    b=[\n        1,\n    ],\n): ...", "f(a, b=[1])"),
    ("def f(é='😀', *, b=('\\r',)): ...", "f(é='😀', *, b=('\\r',))"),
]
if sys.version_info >= (3, 12):
    SIGNATURES.append(("def f[T: int](a: T) -> T: ...", "f[T: int](a: T) -> T"))


@pytest.mark.parametrize(("code", "signature"), SIGNATURES)
def test_signature(code: str, signature: str) -> None:
    assert facts_of(code).signature == signature


CLASSES: list[tuple[str, str]] = [
    ("class f: ...", "f()"),
    ("class f:\n    def __init__(self, a, *, b=1): ...", "f(a, *, b=1)"),
    ("class P:\n    def __init__(self, a): ...\nclass f(P): ...", "f(a)"),
    ("from m import P\nclass f(P): ...", "class f(P)"),
    ("class f(metaclass=M): ...", "class f(metaclass=M)"),
    ("@register\nclass f:\n    def __init__(self, a): ...", "class f"),
    ("class f:\n    def __new__(cls, a): ...", "class f"),
    (
        """
        from dataclasses import KW_ONLY, dataclass, field
        from typing import ClassVar
        @dataclass
        class P:
            a: int
        @dataclass(frozen=True)
        class f(P):
            count: ClassVar[int] = 0
            b: list = field(default_factory=list)
            c: int = field(init=False)
            _: KW_ONLY
            d: str = "x"
        """,
        "f(a: int, b: list = list(), *, d: str = \"x\")",
    ),
    ("import dataclasses\n@dataclasses.dataclass(init=False)\nclass f:\n    a: int", "f()"),
    ("from typing import NamedTuple\nclass f(NamedTuple):\n    a: int\n    b: int = 2",
     "f(a: int, b: int = 2)"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "signature"), CLASSES)
def test_what_builds_a_class(code: str, signature: str) -> None:
    assert facts_of(code).signature == signature


RAISES: list[tuple[str, list[tuple[str, int, str | None]]]] = [
    ("raise ValueError", [("ValueError", 2, None)]),
    ("if not x:\n        raise m.E('no') from e", [("m.E", 3, "not x")]),
    ("if x:\n        pass\n    else:\n        raise E", [("E", 5, "not (x)")]),
    ("if x:\n        pass\n    elif x > 1:\n        raise E", [("E", 5, "x > 1")]),
    ("if x:\n        for y in x:\n            raise E", [("E", 4, None)]),
    ("def g():\n        raise E\n    g()", []),
    ("try:\n        g()\n    except K:\n        raise", [("re-raise", 5, None)]),
    ("try:\n        g()\n    except K as k:\n        raise k", [("re-raise", 5, None)]),
    ("try:\n        g()\n    except K as k:\n        raise E from k", [("E", 5, None)]),
    ("try:\n        raise KeyError\n    except LookupError:\n        pass", []),
    ("try:\n        raise KeyError\n    except ValueError:\n        pass", [("KeyError", 3, None)]),
    (
        "try:\n        raise SystemExit\n    except Exception:\n        pass",
        [("SystemExit", 3, None)],
    ),
    (
        "try:\n        raise E\n    except:\n        pass\n    else:\n        raise F",
        [("F", 7, None)],
    ),
    ("assert x", []),
]


@pytest.mark.parametrize(("body", "raises"), RAISES)
def test_raises(body: str, raises: list[tuple[str, int, str | None]]) -> None:
    found = facts_of(f"def f(x):\n    {body}\n").raises
    assert [(item.exception, item.line, item.condition) for item in found] == raises


def test_an_exception_that_the_own_class_tree_says_is_caught_is_not_raised() -> None:
    code = """
    import contextlib
    class Mine(ValueError): ...
    def f():
        with contextlib.suppress(ValueError):
            raise Mine
        try:
            raise Mine()
        except ValueError:
            return None
    """
    assert facts_of(code).raises == ()


MUTATIONS: list[tuple[str, list[tuple[str, str, str]]]] = [
    ("def f(a):\n    a.append(1)", [("a", "argument", "calls .append()")]),
    ("def f(a):\n    return a.pop()", [("a", "argument", "calls .pop()")]),
    ("def f(a):\n    return a.add(1)", []),
    ("def f(a: Tensor):\n    a.add(1)", []),
    ("def f(a: 'dict | None'):\n    a.update(b=1)", [("a", "argument", "calls .update()")]),
    ("def f(a: str):\n    a.update(1)", []),
    ("def f(a):\n    a[0] = 1\n    a[1] = 2", [("a", "argument", "assigns an item")]),
    ("def f(a):\n    a[:] = []", [("a", "argument", "assigns a slice")]),
    ("def f(a):\n    a[:][0] = 1", []),
    ("def f(a):\n    a[0] += 1", [("a", "argument", "updates an item")]),
    ("def f(a):\n    del a[0], a.b", [("a", "argument", "deletes an item"),
                                      ("a.b", "argument", "deletes the attribute")]),
    ("def f(a):\n    a.b.c = 1", [("a.b.c", "argument", "assigns the attribute")]),
    ("def f(a):\n    a = list(a)\n    a.append(1)", []),
    ("def f(a):\n    a.append(1)\n    a = []", [("a", "argument", "calls .append()")]),
    ("def f(a):\n    for _ in 'ab':\n        a.append(1)\n        a = []", []),
    ("def f(a):\n    a += [1]", []),
    ("def f(a: list):\n    a += [1]", [("a", "argument", "updates it in place")]),
    ("def f(a: tuple):\n    a += (1,)", []),
    ("def f(*args, **kw):\n    args[0] = 1\n    kw.pop('x')", []),
    ("def f(a):\n    [a.append(1) for a in []]", []),
    ("def f(a):\n    def g():\n        a.append(1)\n    return lambda: a.clear()", []),
    ("def f(a):\n    b = a\n    b.append(1)", []),
    ("N = 0\ndef f():\n    global N\n    N += 1", [("N", "global", "updates it")]),
    ("C = {}\ndef f(k):\n    C[k] = 1", [("C", "global", "assigns an item")]),
    ("C = {}\ndef f(k):\n    C.clear()", [("C", "global", "calls .clear()")]),
    ("C = {}\ndef f(k):\n    C = {}\n    C[k] = 1", []),
    ("C = thing()\ndef f(k):\n    C.add(k)", []),
    ("import heapq\ndef f(h):\n    heapq.heappush(h, 1)",
     [("h", "argument", "passes it to heapq.heappush()")]),
    ("import heapq\ndef f(h):\n    heapq.heappush(list(h), 1)", []),
    ("def f(o):\n    setattr(o, 'x', 1)", [("o", "argument", "passes it to setattr()")]),
]  # fmt: skip


@pytest.mark.parametrize(("code", "mutates"), MUTATIONS)
def test_mutations(code: str, mutates: list[tuple[str, str, str]]) -> None:
    assert [(m.name, m.target, m.how) for m in facts_of(code).mutates] == mutates


METHODS: list[tuple[str, str, Any]] = [
    ("def m(self):\n        self.n += 1", "mutates", [("self.n", "self", "updates the attribute")]),
    ("def m(me):\n        me.xs.append(1)", "mutates", [("me.xs", "self", "calls .append()")]),
    ("@staticmethod\n    def m(self):\n        self.n = 1", "mutates",
     [("self.n", "argument", "assigns the attribute")]),
    ("def m(self):\n        self.m()", "recursion", True),
    ("def m(self):\n        super().m()", "recursion", False),
    ("def m(self):\n        m()", "recursion", False),
    ("def m(self, other):\n        other.m()", "recursion", False),
    ("@classmethod\n    def m(cls):\n        cls.m()", "recursion", True),
    ("def m(self):\n        C.m(self)", "recursion", True),
    ("def m(self):\n        self = 1\n        self.m()", "recursion", False),
]  # fmt: skip


@pytest.mark.parametrize(("method", "field", "expected"), METHODS)
def test_methods(method: str, field: str, expected: Any) -> None:
    found = getattr(facts_of(f"class C:\n    {method}\n", "C.m"), field)
    if field == "mutates":
        found = [(m.name, m.target, m.how) for m in found]
    assert found == expected


FIELDS: list[tuple[str, str, Any]] = [
    ("def f(n):\n    return f(n - 1)", "recursion", True),
    ("def f(f):\n    return f()", "recursion", False),
    ("def f():\n    f = print\n    f()", "recursion", False),
    ("def f():\n    def g():\n        return f()\n    return g", "recursion", False),
    ("def f():\n    yield 1\n    yield from g()", "yields", (2, 3)),
    ("def f():\n    def g():\n        yield 1", "yields", ()),
    ("async def f(): ...", "is_async", True),
    ("@a.b(1)\n@c\ndef f(): ...", "decorators", ("a.b(1)", "c")),
    ('def f():\n    """One\n    two.\n\n    Three."""', "docstring", "One two."),
    ("def f():\n    'a' 'b'", "docstring", "ab"),
    ("def f():\n    f'no'", "docstring", None),
    ("class f:\n    def a(self): ...\n    if x:\n        def b(self): ...", "members", ("a", "b")),
    ("def f(x) -> 'int': ...", "return_type", "'int'"),
    ("def f(x):\n    if x:\n        return 'a'\n    return len(x)", "return_type", "str | int"),
    ("def f(x):\n    if x:\n        return [1]", "return_type", "list | None"),
    ("def f(x):\n    return x + 1", "return_type", None),
    ("def f(x):\n    return sum(x)", "return_type", None),
    ("def f(x):\n    y = {}\n    return y", "return_type", "dict"),
    ("def f(x):\n    y = {}\n    y = x\n    return y", "return_type", None),
    ("def f(x):\n    while True:\n        if x:\n            return 1", "return_type", "int"),
    ("def f(x):\n    try:\n        return 1\n    except E:\n        raise", "return_type", "int"),
    (
        "def f(x):\n    try:\n        return 1\n    except E:\n        x()",
        "return_type",
        "int | None",
    ),
    ("def f(x):\n    with x:\n        return 1", "return_type", None),
    ("def f(x):\n    raise E", "return_type", None),
    ("def f(x): ...", "return_type", None),
    ("@wrap\ndef f(x):\n    return 1", "return_type", None),
    ("def f(x):\n    yield 1", "return_type", None),
    ("def len(x):\n    return x\ndef f(x):\n    return len(x)", "return_type", None),
]


@pytest.mark.parametrize(("code", "field", "expected"), FIELDS)
def test_fields(code: str, field: str, expected: Any) -> None:
    assert getattr(facts_of(code), field) == expected


def test_returns_are_the_functions_own() -> None:
    code = """
    def f(x):
        def g():
            return 1
        if x:
            return
        return [g(
            2), lambda: 3]
    """
    found = [(item.line, item.expression) for item in facts_of(code).returns]
    assert found == [(6, None), (7, "[g(2), lambda: 3]")]


CALLS: list[tuple[str, list[tuple[str, str | None]]]] = [
    ("len(x); len(y)", [("len", "builtins.len")]),
    ("import os.path\n    os.path.join('a')", [("os.path.join", "os.path.join")]),
    ("hp.heappush(x, 1)", [("hp.heappush", "heapq.heappush")]),
    ("g(h(x))", [("g", None), ("h", None)]),
    ("x.a.b(1)", [("x.a.b", None)]),
    ("', '.join(str(i) for i in x)", [("', '.join", None), ("str", "builtins.str")]),
    ("print = x\n    print()", [("print", None)]),
    ("def g():\n        hidden()\n    lambda: hidden()", []),
    ("raise ValueError(len(x))", [("len", "builtins.len")]),
    ("f'{x.run():>{width()}}'", [("x.run", None), ("width", None)]),
    ("match x:\n        case [a] if ok(a):\n            go(b := a)", [("ok", None), ("go", None)]),
]


@pytest.mark.parametrize(("body", "calls"), CALLS)
def test_calls(body: str, calls: list[tuple[str, str | None]]) -> None:
    found = facts_of(f"import heapq as hp\ndef f(x, y=0):\n    {body}\n").calls
    assert [(call.name, call.full_name) for call in found] == calls


def test_an_import_with_two_meanings_has_no_full_name() -> None:
    code = """
    try:
        from fast import dumps
    except ImportError:
        from json import dumps
    def f(x):
        dumps(x)
    """
    assert facts_of(code).calls[0].full_name is None


URLS = [
    ("import heapq", "heapq.heappush", "heapq.html#heapq.heappush"),
    ("import os", "os.path.join", "os.path.html#os.path.join"),
    ("import xml.etree.ElementTree as E", "E.parse",
     "xml.etree.elementtree.html#xml.etree.ElementTree.parse"),
    ("import asyncio", "asyncio.gather", "asyncio.html"),
    ("", "len", "functions.html#len"),
    ("", "str", "stdtypes.html#str"),
    ("", "KeyError", "exceptions.html#KeyError"),
    ("import numpy", "numpy.array", None),
    ("def len(): ...", "len", None),
    ("from somewhere import *", "len", None),
]  # fmt: skip


@pytest.mark.parametrize(("line", "call", "page"), URLS)
def test_links_into_the_documentation(line: str, call: str, page: str | None) -> None:
    facts = facts_of(f"{line}\ndef f():\n    x = {call}()\n")
    expected = [f"https://docs.python.org/3/library/{page}"] if page else []
    assert [link.url for link in facts.links] == expected


CONCEPTS = [
    ("def f(a, b=1): ...", {"default-argument"}),
    ("def f():\n    return [i for i, j in x if i < j < 2]",
     {"list-comprehension", "unpacking", "chained-comparison"}),
    ("def f(x):\n    x.sort(key=lambda i: i)", {"sort-key", "lambda"}),
    ("async def f():\n    async with a as b: pass", {"async", "context-manager"}),
    ("def f(*a, **k):\n    g(*a, **k)", {"variadic-parameters", "unpacking-arguments"}),
    ("def f():\n    try:\n        pass\n    except E as e:\n        raise F from e",
     {"exception-handling", "raising", "exception-chaining"}),
    ("class f:\n    @property\n    def x(self): ...", {"property"}),
    ("def f():\n    for i in x:\n        pass\n    else:\n        y = x[1:] if x else 1",
     {"loop-else", "slicing", "conditional-expression"}),
    ("def f(n):\n    f(n)", {"recursion"}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "ids"), CONCEPTS)
def test_concepts(code: str, ids: set[str]) -> None:
    found = facts_of(code).concepts
    assert {concept.id for concept in found} == ids
    assert all(c.url is None or c.url.startswith("https://docs.python.org/3/") for c in found)


def test_a_module_and_json() -> None:
    document = Document.parse(Snapshot('"""Bank."""\ndef f(): ...\nclass A:\n    def m(self): ...'))
    facts = instant_facts(document, document.module)
    assert (facts.kind, facts.members, facts.docstring) == ("module", ("f", "A"), "Bank.")
    assert asdict(facts)["complete"] is False
