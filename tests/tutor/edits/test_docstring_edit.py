"""A docstring edit adds or replaces one docstring and changes nothing else."""

import ast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from procoder_tutor.edits.docstring_edit import docstring_edit
from procoder_tutor.edits.model import ProposedEdit, Rejected
from procoder_tutor.edits.text import apply_edits
from procoder_tutor.positions import split_lines
from procoder_tutor.symbols import Document, Snapshot

Q = '"""'
T = " " * 8
LONG = "Joins ranges that overlap, sorted by where they start."


def edited(code: str, name: str, text: str = "Adds.", width: int = 88) -> str:
    document = Document.parse(Snapshot(code))
    symbol = document.by_name(name) if name else document.module
    found = docstring_edit(document, symbol, text, width=width)
    assert isinstance(found, ProposedEdit), found
    return apply_edits(code, found.edits)


PLACES = [
    ("body", "def f(x):\n    return x\n", "f", f"def f(x):\n    {Q}Adds.{Q}\n    return x\n"),
    ("no last line end", "def f():\n  return", "f", f"def f():\n  {Q}Adds.{Q}\n  return"),
    ("one line", "def f(): return 1", "f", f"def f():\n    {Q}Adds.{Q}\n    return 1"),
    ("one line, two statements", "def f(): a(); b()  # c", "f",
     f"def f():\n    {Q}Adds.{Q}\n    a(); b()  # c"),
    ("one line in a tabbed class", "class A:\n\tx = 1\n\tdef f(self): pass\n", "A.f",
     f"class A:\n\tx = 1\n\tdef f(self):\n\t\t{Q}Adds.{Q}\n\t\tpass\n"),
    ("continued header", "def f(): \\\n  return 1", "f", f"def f():\n  {Q}Adds.{Q}\n  return 1"),
    ("docstring on the header", "class A: 'old'", "A", f"class A:\n    {Q}Adds.{Q}"),
    ("docstring on the header, more", "class A: 'old'; x = 1", "A",
     f"class A:\n    {Q}Adds.{Q}; x = 1"),
    ("comment after the header", "def f():  # why\n    # more\n    return", "f",
     f"def f():  # why\n    {Q}Adds.{Q}\n    # more\n    return"),
    ("header of many lines", "def f(\n  a,  # :\n  b={1: 2}\n  ,) -> {1: 2}:\n  return a", "f",
     f"def f(\n  a,  # :\n  b={{1: 2}}\n  ,) -> {{1: 2}}:\n  {Q}Adds.{Q}\n  return a"),
    ("decorators", "@d(x)\nasync def f():\n    @e\n    def g(): ...", "f",
     f"@d(x)\nasync def f():\n    {Q}Adds.{Q}\n    @e\n    def g(): ..."),
    ("replaced", "def f():\n    '''Old\n    text.'''  # kept\n    return", "f",
     f"def f():\n    {Q}Adds.{Q}  # kept\n    return"),
    ("replaced in parentheses", "def f():\n    ('Old'\n     'text')\n", "f",
     f"def f():\n    {Q}Adds.{Q}\n"),
    ("bytes are no docstring", "def f():\n    b'x'", "f", f"def f():\n    {Q}Adds.{Q}\n    b'x'"),
    ("CRLF", "def f():\r\n\treturn\r\n", "f", f"def f():\r\n\t{Q}Adds.{Q}\r\n\treturn\r\n"),
    ("BOM, CR", "\ufeffdef f():\r  return", "f", f"\ufeffdef f():\r  {Q}Adds.{Q}\r  return"),
    ("BOM, one line", "\ufeffdef f(): pass", "f", f"\ufeffdef f():\n    {Q}Adds.{Q}\n    pass"),
    ("astral", "def f(a='😀'): 'é😀'; return '😀'", "f",
     f"def f(a='😀'):\n    {Q}Adds.{Q}; return '😀'"),
    ("module", "import os\n", "", f"{Q}Adds.{Q}\n\nimport os\n"),
    ("module with BOM", "\ufeffimport os", "", f"\ufeff{Q}Adds.{Q}\n\nimport os"),
    ("module below its comments", "#!/bin/python\n# ©\nfrom __future__ import division", "",
     f"#!/bin/python\n# ©\n{Q}Adds.{Q}\n\nfrom __future__ import division"),
    ("module of comments", "# only", "", f"# only\n{Q}Adds.{Q}"),
    ("empty module", "", "", f"{Q}Adds.{Q}\n"),
    ("module replaced", "'old'; x = 1", "", f"{Q}Adds.{Q}; x = 1"),
    ("indented as a whole", "  def f():\n    return", "f",
     f"  def f():\n    {Q}Adds.{Q}\n    return"),
    ("nested", "def f():\n  def g():\n    return", "f.g",
     f"def f():\n  def g():\n    {Q}Adds.{Q}\n    return"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "name", "expected"), [p[1:] for p in PLACES],
                         ids=[p[0] for p in PLACES])  # fmt: skip
def test_a_docstring_goes_where_python_looks_for_it(code: str, name: str, expected: str) -> None:
    assert edited(code, name) == expected


TEXTS = [
    ("backslash", "A \\d.", f'r{Q}A \\d.{Q}'),
    ("backslash at the end", "A \\", f"{Q}A \\\\{Q}"),
    ("quotes inside", f"A {Q} b.", f'{Q}A \\"\\"\\" b.{Q}'),
    ("quote at the end", 'Say "x"', f'{Q}Say "x\\"{Q}'),
    ("backslash and quotes", f"A \\ {Q}", f'{Q}A \\\\ ""\\"{Q}'),
    ("outer blank lines", "\n\n  A.  \n\n", f"{Q}A.{Q}"),
    ("more lines", "A.\n\nB:\n    c", f"{Q}A.\n\n    B:\n        c\n    {Q}"),
    ("doctest", "A.\n\n>>> " + "x" * 60, f"{Q}A.\n\n    >>> {'x' * 60}\n    {Q}"),
    ("wrapped", LONG, f"{Q}Joins ranges that overlap, sorted by\n    where they start.\n    {Q}"),
    ("wrapped with its indent", f"A.\n\n:\n    {LONG}",
     f"{Q}A.\n\n    :\n{T}Joins ranges that overlap, sorted by\n{T}where they start.\n    {Q}"),
    ("invisible characters", "A\x00\u202e\x08b.\ud800", f"{Q}Ab.\ufffd{Q}"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "literal"), [t[1:] for t in TEXTS], ids=[t[0] for t in TEXTS])
def test_a_text_is_quoted_and_wrapped(text: str, literal: str) -> None:
    code = "def f():\n    pass\n"
    assert edited(code, "f", text, width=44) == f"def f():\n    {literal}\n    pass\n"


REJECTED = [
    ("no text", "def f(): pass", " \n\x00", "There is no text"),
    ("no parse", "def f(): pass\nx = = 1", "A.", "correct the error in line 2"),
    ("nothing new", "def f():\n    '''A.'''", "A.", "has this docstring already"),
]


@pytest.mark.parametrize(("code", "text", "why"), [r[1:] for r in REJECTED],
                         ids=[r[0] for r in REJECTED])  # fmt: skip
def test_what_cannot_be_written_is_said(code: str, text: str, why: str) -> None:
    document = Document.parse(Snapshot(code))
    found = docstring_edit(document, document.by_name("f"), text)
    assert isinstance(found, Rejected)
    assert why in found.reason


def stripped(tree: ast.Module) -> str:
    for node in ast.walk(tree):
        is_documented = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        if is_documented and ast.get_docstring(node, clean=False) is not None:
            del node.body[0]
    return ast.dump(tree)


MODULE = """{mark}# é😀
import os
class A(object): 'Some text that no one would guess.'
class B:
{tab}'''Old.'''
{tab}def m(self, a={{1: ':'}}): return [a,
  self]
{tab}@property
{tab}def p(self):
{tab}{tab}# why
{tab}{tab}return 'é'
def f(): pass
"""


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.one_of(st.characters(), st.sampled_from("\\\"'\n\r\t {}#")), max_size=150),
    st.sampled_from(["", "A", "B", "B.m", "B.p", "f"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["  ", "\t"]),
    st.sampled_from(["", "\ufeff"]),
)
@example('\\N{x} \\u12 """""" \\', "B.m", "\r", "\t", "\ufeff")
def test_any_text_changes_nothing_but_the_docstring(
    text: str, name: str, end: str, tab: str, mark: str
) -> None:
    code = MODULE.format(mark=mark, tab=tab).replace("\n", end)
    document = Document.parse(Snapshot(code))
    symbol = document.by_name(name) if name else document.module
    found = docstring_edit(document, symbol, text)
    if isinstance(found, Rejected):
        assert "no text" in found.reason
        return
    (edit,) = found.edits
    result = apply_edits(code, found.edits)
    before, after = Document.parse(Snapshot(code)).tree, Document.parse(Snapshot(result)).tree
    assert before is not None
    assert after is not None
    assert stripped(before) == stripped(after)
    lines = split_lines(code)
    assert result.startswith(end.join(lines[: edit.start.line - 1]))
    assert result.endswith(end.join(lines[edit.end.line :]))
    assert {e for e in ("\r\n", "\n", "\r") if e in result.replace(end, "")} == set()
