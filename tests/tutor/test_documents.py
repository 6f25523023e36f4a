"""Documents: positions in the original text, symbols, and text that is not fit to be parsed."""

import ast
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procoder_tutor.errors import InputError, NoSymbolError
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.lint import lint
from procoder_tutor.positions import SourceText, split_lines
from procoder_tutor.symbols import MAX_CHARACTERS, Document, Snapshot

CODE = "def g(a):\n    return a\n"


def parse(text: str) -> Document:
    return Document.parse(Snapshot(text))


PIECES = st.sampled_from([
    "def f(x):", "class C:", "\n", "\r\n", "\r", "    ", "\t", "\x0c", "x = ", "return x", "(", ")",
    "'", '"""', "😀", "é", "\ud800", "\0", "\ufeff", "\x0b", "\x85", "\u2028", "self.f()", "@d",
    "raise E", "yield", "import os", ":", "pass", "\\", "#", "f'{x}'", "'\\d'", "lambda: ",
    "async ",
    "del x[0]", "match x:", "case [a, *b]:", "if x:", "else:", "try:", "except E as e:", "x += 1",
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=40).map("".join))
def test_nothing_escapes_on_any_text(text: str) -> None:
    document = parse(text)
    lines = split_lines(text)
    for finding in lint(document):
        assert 1 <= finding.line <= finding.end_line <= len(lines)
        assert 0 <= finding.column <= len(lines[finding.line - 1])
        assert finding.end_column <= len(lines[finding.end_line - 1]) + 1
    for symbol in (*document.symbols, document.module):
        facts = instant_facts(document, symbol)
        assert 1 <= facts.line <= facts.end_line <= len(lines)
        document.symbol_at(symbol.line, 5)
        document.enclosing(symbol.line)
    normalized = document.normalized
    assert len(normalized.line_map) == normalized.text.count("\n") + 1
    assert all(1 <= line <= len(lines) for line in normalized.line_map)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.text(alphabet="aé😀 \u2028\x0b\x85", min_size=1, max_size=8), min_size=1, max_size=6
    ),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["", "\ufeff"]),
)
def test_every_position_of_the_tree_leads_to_the_text_it_came_from(
    values: list[str], end: str, mark: str
) -> None:
    text = mark + end.join(f"'{value}' + marker" for value in values)
    document = parse(text)
    assert document.tree is not None
    lines = split_lines(text)
    names = [node for node in ast.walk(document.tree) if isinstance(node, ast.Name)]
    for node in names:
        (line, column), (_, stop) = document.source.span(node)
        assert lines[line - 1][column:stop] == "marker" == document.source.slice(node)
    assert len(names) == len(values)


def test_only_pythons_line_ends_end_lines() -> None:
    assert split_lines("a\x0bb\x0cc\x85d\u2028e\nf\r\ng\rh") == [
        "a\x0bb\x0cc\x85d\u2028e", "f", "g", "h",
    ]  # fmt: skip
    assert SourceText("\ufeff").line_count == 1


BROKEN = [
    ("unfinished", f"{CODE}x = (1 +\n{CODE.replace('g', 'h')}", ["g", "h"]),
    ("header", f"def f(\n    pass\n{CODE}", ["g"]),
    ("attribute", "class A:\n    def a(self):\n        x.\n        return 1\n    def b(self): pass",
     ["A", "A.a", "A.b"]),
    ("method header", "class A:\n    def a(self:\n        pass\n    def b(self): pass",
     ["A", "A.b"]),
    ("decorator", f"@d(\ndef f(): pass\n{CODE}", ["g"]),
    ("code in a string", f"x = = 1\ns = '''\ndef no(): pass\n'''\n{CODE}", ["g"]),
    ("NUL", f"x = '\0'\n{CODE}", ["g"]),
    ("CRLF", "x = = 1\r\n" + CODE.replace("\n", "\r\n"), ["g"]),
    ("too deep", f"x = {'-' * 50_000}1\n{CODE}", ["g"]),
    ("surrogate name", f"\ud800 = 1\n{CODE}", ["g"]),
    ("try", "def f():\n    try:\n        x = = 1\n        g()\n    finally:\n        h()", ["f"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "names"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_what_parses_in_a_broken_document_is_there(text: str, names: list[str]) -> None:
    document = parse(text)
    assert document.tree is None
    assert document.syntax_error is not None
    assert lint(document) == (document.syntax_error,)
    assert [symbol.name for symbol in document.symbols] == names


def test_facts_in_a_broken_document_keep_their_lines_and_claim_no_less_than_they_know() -> None:
    document = parse("def f(a):\n    a.append(1)\n    x = = 2\n    raise E\n\n" + CODE)
    facts = instant_facts(document, document.by_name("f"))
    assert [(raised.exception, raised.line) for raised in facts.raises] == [("E", 4)]
    assert facts.mutates == ()  # the lost line might have rebound the argument
    assert instant_facts(document, document.by_name("g")).line == 6
    assert document.lost_lines == {3}


FIT = [
    ("empty", "", []),
    ("blank", " \n\t\n  ", []),
    ("one long line", f"x = '{'a' * 200_000}'\n{CODE}", ["g"]),
    ("one long list", f"x = [{'1,' * 60_000}]\n{CODE}", ["g"]),
    (
        "indented as a whole",
        "    def m(self):\n        return 1\n    def n(self): pass",
        ["m", "n"],
    ),
    ("byte order mark", f"\ufeff{CODE}", ["g"]),
    ("form feed", f"\x0c\n{CODE}", ["g"]),
    ("surrogate in a string", f"x = '\ud800'\n{CODE}", ["g"]),
    ("deep but parsed", f"x = {'1+' * 900}1\n{CODE}", ["g"]),
    ("normalized identifier", "def ﬁx(): return fix()", ["fix"]),
]


@pytest.mark.parametrize(("text", "names"), [f[1:] for f in FIT], ids=[f[0] for f in FIT])
def test_odd_but_correct_documents_are_parsed(text: str, names: list[str]) -> None:
    document = parse(text)
    assert document.tree is not None
    assert [symbol.name for symbol in document.symbols] == names
    assert all(instant_facts(document, symbol) for symbol in (*document.symbols, document.module))
    assert all(finding.severity == "warning" for finding in lint(document))


def test_a_document_that_is_too_long_is_refused_with_advice() -> None:
    began = time.monotonic()
    with pytest.raises(InputError, match="1,000,000 characters") as caught:
        parse("x=1\n\n" * (MAX_CHARACTERS))
    assert caught.value.advice
    assert time.monotonic() - began < 60


HOVERED = """\
def merge(a):
    return merge(a)

class Base:
    def close(self): ...

class Account(Base):
    @logged
    def deposit(self, amount,
                note=""):
        x = "😀"; self.deposit(merge(1)); self.close(); Account.deposit
        merge2 = 1
        def inner(merge): return merge
        return other.deposit
"""
HOVERS = [
    ("def merge", 1, 5, "merge"),
    ("keyword", 1, 0, "merge"),
    ("call", 2, 13, "merge"),
    ("end of word", 2, 16, "merge"),
    ("argument", 2, 17, None),
    ("decorator", 8, 6, "Account.deposit"),
    ("second line of a header", 10, 17, "Account.deposit"),
    ("base class", 7, 15, "Base"),
    ("self.deposit after an astral character", 11, 25, "Account.deposit"),
    ("self itself", 11, 19, None),
    ("argument of it", 11, 32, "merge"),
    ("method of the base", 11, 48, "Base.close"),
    ("class", 11, 57, "Account"),
    ("method of a class", 11, 64, "Account.deposit"),
    ("shadowed name", 13, 34, "Account.deposit.inner"),
    ("another's method", 14, 24, None),
    ("beyond", 99, 3, None),
]


@pytest.mark.parametrize(("line", "column", "name"), [h[1:] for h in HOVERS],
                         ids=[h[0] for h in HOVERS])  # fmt: skip
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_symbol_at(line: int, column: int, name: str | None, ends: str) -> None:
    symbol = parse(HOVERED.replace("\n", ends)).symbol_at(line, column)
    assert (symbol.name if symbol else None) == name


def test_a_byte_order_mark_moves_columns_on_the_first_line_only() -> None:
    document = parse("\ufeffmerge = 1; merge()\ndef merge(): ...\nmerge()")
    assert document.symbol_at(1, 13) is not None
    assert document.symbol_at(3, 0) is not None


def test_enclosing() -> None:
    document = parse(HOVERED)
    names = [document.enclosing(line).name for line in (1, 3, 6, 8, 11, 13)]
    assert names == ["merge", "snippet", "snippet", *["Account.deposit"] * 2,
                     "Account.deposit.inner"]  # fmt: skip


def test_by_name_suggests_and_chooses_the_definition_in_force() -> None:
    document = parse(
        "class A:\n    @property\n    def x(self): ...\n    @x.setter\n    def x(self, v): ...\n"
    )
    assert document.by_name("A.x").line == 2
    with pytest.raises(NoSymbolError) as caught:
        document.by_name("x")
    assert caught.value.advice == "Did you mean `A.x`?"


MODULES = [
    (Snapshot("", path=Path("/a/bank.py")), "bank"),
    (Snapshot("", path=Path("/a/bank/__init__.py")), "bank"),
    (Snapshot("", "file:///a/my%20bank.py"), "my bank"),
    (Snapshot("", "untitled:Untitled-1"), "Untitled-1"),
]


@pytest.mark.parametrize(("snapshot", "name"), MODULES)
def test_module_names(snapshot: Snapshot, name: str) -> None:
    assert Document.parse(snapshot).module.name == name
