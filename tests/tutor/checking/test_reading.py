"""What is read off code for the detectors: shapes, labels, branches; and that nothing breaks it."""

import ast
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procoder_tutor.check import Checker
from procoder_tutor.checking.licences import licences, plain_words, table_lines
from procoder_tutor.checking.reading.branches import branches_of
from procoder_tutor.checking.reading.code import MOST_NODES
from procoder_tutor.checking.reading.parameters import parameter_shapes, shapes_of_annotation
from procoder_tutor.checking.reading.shapes import ShapeFinder
from procoder_tutor.checking.reading.traits import traits_of
from procoder_tutor.checking.stems import stem
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.symbols import Document, Snapshot
from procoder_tutor.vocabulary import Vocabulary


def function(code: str) -> ast.FunctionDef:
    node = ast.parse(code).body[0]
    assert isinstance(node, ast.FunctionDef)
    return node


@pytest.mark.parametrize(
    ("expression", "shapes"),
    [
        ("[]", {"list"}),
        ("{x: 1 for x in y}", {"dict"}),
        ("sorted(y)[:3]", {"list"}),
        ("y[:3]", {"sequence"}),
        ("', '.join(y)", {"str"}),
        ("len(y) + 1", {"number"}),
        ("1 / 2", {"float"}),
        ("not y", {"bool"}),
        ("'a' if y else None", {"str", "none"}),
        ("kept", {"list"}),
        ("unclear", set()),
        ("y.frobnicate()", set()),
    ],
)
def test_shapes_of_expressions(expression: str, shapes: set[str]) -> None:
    node = function("def f(y):\n    kept = []\n    kept = list(y)\n    unclear = y()\n    return y")
    assert ShapeFinder(node, {}).of(ast.parse(expression, mode="eval").body) == shapes


@pytest.mark.parametrize(
    ("annotation", "shapes"),
    [
        ("list[int]", {"list"}),
        ("typing.Mapping[str, int] | None", {"dict", "none"}),
        ("Optional[str]", {"str", "none"}),
        ("Union[int, str]", {"int", "str"}),
        ("Account", set()),
        ("str | Account", set()),
        ("not an annotation", set()),
        (None, set()),
    ],
)
def test_shapes_of_annotations(annotation: str | None, shapes: set[str]) -> None:
    assert shapes_of_annotation(annotation) == shapes


@pytest.mark.parametrize(
    ("code", "shapes"),
    [
        ("def f(a: int): pass", {"int"}),
        ("def f(a=2.5): pass", {"float"}),
        ("def f(*a): pass", {"tuple"}),
        ("def f(a):\n    for b in a: pass", {"iterable"}),
        ("def f(a):\n    for b in a: del a[b]", {"dict", "indexable"}),
        ("def f(a): return a['x']", {"dict"}),
        ("def f(a): return a.lower()", {"str"}),
        ("def f(a): return a > 3", {"number"}),
        ("def f(a): return sorted(b, key=a)", {"function"}),
        ("def f(a): return a", set()),
    ],
)
def test_shapes_of_parameters(code: str, shapes: set[str]) -> None:
    assert parameter_shapes(function(code))["a"] == shapes


@pytest.mark.parametrize(
    ("code", "label", "there"),
    [
        ("for a in b:\n    for c in a: pass", "nested-loop", True),
        ("for a in b: pass\nfor c in a: pass", "nested-loop", False),
        ("sorted(a, reverse=True)", "descending", True),
        ("sorted(a, key=lambda b: -b)", "descending", True),
        ("sorted(a)", "descending", False),
        ("a[::-1]", "backwards", True),
        ("range(9, 0, -1)", "backwards", True),
        ("for a in b:\n    if a: return 1\n    else: return 2", "first-round-only", True),
        ("for a in b:\n    if a: return 1", "first-round-only", False),
        ("for a in b:\n    b.remove(a)", "changed-while-iterating", True),
        ("for a in b:\n    c.remove(a)", "changed-while-iterating", False),
        ("a.append((b, c))", "holds:tuple", True),
    ],
)
def test_labels(code: str, label: str, *, there: bool) -> None:
    body = "\n".join(f"    {line}" for line in code.split("\n"))
    assert (label in traits_of(function(f"def f():\n{body}"))) is there


def test_what_follows_an_early_exit_is_the_opposite_branch() -> None:
    node = function("def f(a, b):\n    if a < b:\n        raise KeyError\n    return 1")
    found = [
        (branch.tests[0].predicate, sorted(branch.outcomes & {"raise", "return"}))
        for branch in branches_of(node)
    ]
    assert found == [("less", ["raise"]), ("at least", ["return"])]


def test_tables_can_be_read() -> None:
    for name in ("licences.txt", "constructs.txt", "plain_words.txt"):
        assert (files("procoder_tutor.checking") / "data" / name).is_file()
    assert all(len(line.split(" : ")) == 3 for line in table_lines("constructs.txt"))
    assert licences()[stem("comprehension")] == {"comprehension"}
    assert "the" in plain_words()


PREFIXES = {
    *("call", "method", "module", "op", "const", "char", "item", "keyword", "against", "holds"),
    *("param", "shape", "name", "own", "touches", "decorated"),
}
BARE = {
    *("loop", "for", "while", "if", "condition", "ternary", "match", "assert", "compare", "try"),
    *("with", "raise", "return", "yield", "async", "lambda", "comprehension", "listcomp"),
    *("dictcomp", "setcomp", "genexp", "list", "dict", "set", "tuple", "str", "int", "float"),
    *("bool", "bytes", "none", "fstring", "slice", "index", "break", "continue", "global"),
    *("delete", "star", "augmented", "assign", "class", "except", "call", "class-call"),
    *("attribute", "attribute-set", "item-set", "unpack", "default", "decorated", "never"),
    *("inner-function", "nested-loop", "return-in-loop", "loop-over-unknown", "backwards"),
    *("ascending", "descending", "empty-display", "constant-argument", "recursion", "mutates"),
    *("subclass", "init", "implicit-none"),
}


def test_tables_use_labels_that_exist() -> None:
    used = {label for labels in licences().values() for label in labels}
    used |= {
        label for line in table_lines("constructs.txt") for label in line.split(" : ")[1].split()
    }
    unknown = {one for one in used if one.partition(":")[0] not in PREFIXES and one not in BARE}
    assert unknown == set()


@pytest.mark.parametrize(
    ("words", "same"),
    [
        (("calculates", "calculation", "calculated", "calculate"), True),
        (("sorted", "sorts", "sorting"), True),
        (("written", "writes", "wrote"), True),
        (("indices", "indexes"), True),
        (("list", "lost"), False),
    ],
)
def test_stems(words: tuple[str, ...], *, same: bool) -> None:
    assert (len({stem(word) for word in words}) == 1) is same


WORDS = """
If it takes a `x` list of returns None and the given int, not. raises (`a.b()`) is 3 set to
initializes empty dictionary `[` checks whether greater than each `zip(*a)` is a tuple
adds x from y function `x` module
"""
SENTENCES = st.lists(st.sampled_from(WORDS.split()), max_size=20).map(" ".join)
CODES = (
    "def f(x, *a, k=1, **w):\n    return [x for x in a if x > 1] or {**w}",
    "def f(x):\n    match x:\n        case [a, *b]: return a\n        case _: raise ValueError",
    "async def f(x):\n    async for y in x:\n        yield (z := y)",
    "class f(dict):\n    x: int = 1\n    def g(self): self.x += 1",
    "def f():\n    global x\n    x, (y, z) = 1, (2, 3)\n    del x[::-1], y.a",
    "def f(x):\n    return " + "(" * 80 + "x" + ")" * 80,
    "def f(x):\n    return x" + " + x" * 3000,
    "def f(x):\n    " + "\n    ".join(f"x{i} = {i}" for i in range(MOST_NODES)),
    "def f(x: 'bad annotation(', y: \"\\x00\" = 'ä') -> '': pass",
)


@settings(max_examples=60, deadline=None)
@given(code=st.sampled_from(CODES), text=SENTENCES | st.text(max_size=60))
def test_no_exception_escapes(code: str, text: str) -> None:
    document = Document.parse(Snapshot(code))
    symbol = document.by_name("f")
    facts = instant_facts(document, symbol)
    checker = Checker(facts, Vocabulary.of(document, symbol, facts))
    shown = [*checker.feed(text), *checker.finish(cut=False)]
    assert checker.checks.passed <= checker.checks.checked
    assert all(isinstance(sentence, str) for sentence in shown)
