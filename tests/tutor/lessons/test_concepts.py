"""Which concepts are seen in a piece of code, and which must not be."""

import sys
from textwrap import dedent

import pytest

from procoder_tutor.facts.concepts import concepts
from procoder_tutor.facts.model import Concept
from procoder_tutor.facts.scope import Scope
from procoder_tutor.facts.topics import TOPICS
from procoder_tutor.symbols import Document, Snapshot


def concepts_of(code: str, name: str = "") -> tuple[Concept, ...]:
    document = Document.parse(Snapshot(dedent(code)))
    symbol = document.by_name(name) if name else document.module
    return concepts(Scope(document, symbol), recursive=False)


FOUND = [
    ("def f(a, b=1): ...", "default-argument"),
    ("x = [i for i, j in y if i < j < 2]", "list-comprehension unpacking chained-comparison"),
    ("x.sort(key=lambda i: i)", "sort-key lambda"),
    ("max(x, key=len)", "sort-key"),
    ("def max(x, key): ...\nmax(1, key=2)", ""),
    ("async def f():\n    async with a as b: pass", "async context-manager"),
    ("def f(*a, **k):\n    g(*a, **k)", "variadic-parameters unpacking-arguments"),
    ("try:\n    pass\nexcept E as e:\n    raise F from e",
     "exception-handling raising exception-chaining"),
    ("try:\n    pass\nfinally:\n    pass", "cleanup"),
    ("try:\n    pass\nexcept* E:\n    pass", "exception-handling"),
    ("class C:\n    @property\n    def x(self): ...\n    @x.setter\n    def x(self, v): ...",
     "property"),
    ("@app.route\ndef f(): ...", "decorator"),
    ("@x.setter\ndef f(): ...", "decorator"),
    ("def f(g):\n    def h(x):\n        return g(x)\n    return h",
     "decorator nested-function closure"),
    ("def f(g, n):\n    def h(x):\n        return g(x, n)\n    return h",
     "nested-function closure"),
    ("def f(g):\n    def h(x):\n        return g(x)\n    return g", "nested-function closure"),
    ("def f(g):\n    def h(g):\n        return g(1)\n    return h", "nested-function"),
    ("for i in x:\n    pass\nelse:\n    y = x[1:] if x else 1",
     "loop-else slicing conditional-expression"),
    ("import functools\n@functools.lru_cache(maxsize=9)\ndef f(): ...", "caching"),
    ("from functools import cached_property\nclass C:\n    @cached_property\n    def x(self): ...",
     "property"),
    ("from contextlib import contextmanager\n@contextmanager\ndef f():\n    yield",
     "own-context-manager generator"),
    ("class C:\n    def __enter__(self): ...", "own-context-manager"),
    ("class C:\n    def __exit__(self, *a): ...", "own-context-manager variadic-parameters"),
    ("def __enter__(self): ...", ""),
    ("class C:\n    def __next__(self): ...", "iterator"),
    ("class C:\n    def __eq__(self, other): ...", "operator-overloading"),
    ("class C:\n    def __init__(self): ...", ""),
    ("import enum\nclass C(enum.IntFlag): ...", "enum"),
    ("class Enum: ...\nclass C(Enum): ...", "inheritance"),
    ("class C(object): ...", ""),
    ("import abc\nclass C(abc.ABC):\n    @abc.abstractmethod\n    def f(self): ...",
     "abstract-base-class"),
    ("from abc import ABCMeta as M\nclass C(metaclass=M): ...", "abstract-base-class"),
    ("class C(metaclass=M): ...", ""),
    ("from typing import Protocol, TypeVar\nT = TypeVar('T')\nclass C(Protocol[T]): ...",
     "protocol generics"),
    ("class C(ValueError): ...", "custom-exception"),
    ("class C(int): ...", "inheritance"),
    ("from collections import namedtuple as n\nC = n('C', 'a b')", "named-tuple"),
    ("from typing import NamedTuple\nclass C(NamedTuple):\n    a: int", "named-tuple type-hint"),
    ("class C(B):\n    def f(self):\n        super().f()", "inheritance super"),
    ("class C(B):\n    def f(self, super):\n        super().f()", "inheritance"),
    ("from functools import partial\npartial(int, base=2)", "partial-application"),
    ("from mine import partial\npartial(int, base=2)", ""),
    ("import collections as c\nc.Counter(x)\nc.defaultdict(list)", "counter default-dict"),
    ("x = y | {1}", "set-operation"),
    ("x = set(y) - z", "set-operation"),
    ("x = y | z", ""),
    ("x = {1} < y", ""),
    ("def set(x): ...\nx = set(y) - z", ""),
    ("for i, x in enumerate(y): ...", "enumerate unpacking"),
    ("a, *b = zip(x, y)", "starred-assignment unpacking zip"),
    ("*a, = x", "starred-assignment"),
    ("a[0], b.c = x", "unpacking"),
    ("def f(zip):\n    zip(1)", ""),
    ("def f(zip):\n    pass\nzip(1)", "zip"),
    ("def f():\n    from mine import zip\n    return lambda: zip(1)", "lambda closure"),
    ("def f():\n    from builtins import zip as z\n    z()", "zip"),
    ("class C:\n    def any(self): ...\n    def f(self):\n        return any(self)", "any-all"),
    ("lambda any: any(1)", "lambda"),
    ("from somewhere import *\nany(x)", ""),
    ("all(map(str, x))", "any-all map-filter"),
    ("if __name__ == '__main__':\n    main()", "main-guard"),
    ("def f():\n    if __name__ == '__main__':\n        main()", ""),
    ("if name == '__main__':\n    main()", ""),
    ("', '.join(x)", "string-join"),
    ("path.join(x)", ""),
    ("def f(sep: str):\n    return lambda x: sep.join(x)", "string-join type-hint closure lambda"),
    ("def f(sep: str, g):\n    return lambda sep: sep.join(g)", "type-hint closure lambda"),
    ("def f(path: Path):\n    return path.join('x')", "type-hint"),
    ("def f(x):\n    return x, 1", "multiple-return-values"),
    ("def f(x):\n    return x,", ""),
    ("x is not None", "identity-test"),
    ("import re\nre.sub('a', 'b', x)", "regular-expression"),
    ("def f(p, x):\n    p.match(x)", ""),
    ("import asyncio\nasync def f():\n    await asyncio.gather(x)", "async concurrent-tasks"),
    ("def f(a: int): ...", "type-hint"),
    ("def f(n):\n    def g():\n        return n\n    return g", "nested-function closure"),
    ("def f(n):\n    def g(n):\n        return n\n    return g", "nested-function"),
    ("def f(n):\n    return [n for n in n]", "list-comprehension"),
    ("def f(n):\n    return lambda: n", "lambda closure"),
    ("def f(n):\n    return lambda n: n", "lambda"),
    ("def f(n):\n    return lambda m=n: m", "lambda default-argument"),
    ("def f(n):\n    return lambda: (n := 1) + n", "lambda assignment-expression"),
    ("def f(n):\n    def g():\n        nonlocal n\n        n = 1\n        return n\n",
     "nested-function nonlocal closure"),
    ("def f(n):\n    def g():\n        global n\n        return n\n", "nested-function global"),
    ("def f():\n    global n\n    def g():\n        return n\n", "nested-function global"),
    ("def f(n):\n    class C:\n        n = 1\n        def g(self):\n            return n\n",
     "closure"),
    ("class C:\n    n = 1\n    def g(self):\n        return n\n", ""),
    ("n = 1\ndef g():\n    return n\n", ""),
]  # fmt: skip
if sys.version_info >= (3, 12):
    FOUND += [
        ("def f[T](a: T): ...", "generics type-hint"),
        ("class C[T]: ...", "generics"),
        ("type Pair[T] = tuple[T, T]", "generics"),
    ]


@pytest.mark.parametrize(("code", "ids"), FOUND)
def test_concepts_of_a_module(code: str, ids: str) -> None:
    found = concepts_of(code)
    assert sorted(concept.id for concept in found) == sorted(ids.split())


PARTS = [
    ("C.__iter__", "iterator"),
    ("C.keys.key", "closure"),
    ("C", "iterator closure nested-function"),
]


@pytest.mark.parametrize(("name", "ids"), PARTS)
def test_concepts_of_a_part_see_what_is_around_it(name: str, ids: str) -> None:
    code = """
    class C:
        def __iter__(self):
            return iter(())
        def keys(self, n):
            def key():
                return n
    """
    assert sorted(c.id for c in concepts_of(code, name)) == sorted(ids.split())


PATTERNS = [
    ("P = re.compile('a')", "f", "regular-expression"),
    ("P = re.compile('a')", "g", ""),
    ("P = re.compile('a')\nP = mine", "f", ""),
    ("P = compile('a', '', 'exec')", "f", ""),
    ("from mine import P", "f", ""),
]


@pytest.mark.parametrize(("before", "name", "ids"), PATTERNS)
def test_a_pattern_of_the_module_is_known_in_its_functions(
    before: str, name: str, ids: str
) -> None:
    functions = "def f(x):\n    P.match(x)\ndef g(P, x):\n    P.match(x)\n"
    found = concepts_of(f"import re\n{before}\n{functions}", name)
    assert [concept.id for concept in found] == ids.split()


def test_lines_titles_and_links() -> None:
    code = "x = 1\ny = [i for i in x]\nz = [i for i in y]\nassert z\n"
    found = concepts_of(code)
    assert [(concept.id, concept.line) for concept in found] == [
        ("list-comprehension", 2),
        ("assertion", 4),
    ]
    page = "https://docs.python.org/3/reference/simple_stmts.html#assert"
    assert (found[1].title, found[1].url) == ("assertion", page)


@pytest.mark.parametrize("name", TOPICS)
def test_every_topic_has_an_official_page(name: str) -> None:
    assert TOPICS[name].url or name == "recursion"


def test_deep_code_is_no_trouble() -> None:
    deep = "x = " + "lambda: " * 80 + "1\n" + "y = " + "1 + " * 400 + "1\n"
    assert [concept.id for concept in concepts_of(deep)] == ["lambda"]
