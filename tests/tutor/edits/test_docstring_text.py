"""What a docstring says beside the sentence it is given: facts, in the style of the file."""

import pytest

from procoder_tutor.edits.docstring_style import Style, style_of
from procoder_tutor.edits.docstring_text import docstring_text
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.facts.model import Facts, Parameter, Use
from procoder_tutor.symbols import Document, Snapshot


def facts_of(code: str, name: str = "f") -> Facts:
    document = Document.parse(Snapshot(code))
    return instant_facts(document, document.by_name(name))


CHECKED = """def f(items: list, start=0):
    if not items:
        raise ValueError('none')
    return sum(items, start)
"""
GOOGLE = """Sums.

Args:
    items: A value of type ``list``.
    start: ``0`` by default.

Returns:
    ``sum(items, start)``.

Raises:
    ValueError: When ``not items``."""
NUMPY = """Sums.

Parameters
----------
items
    A value of type ``list``.
start
    ``0`` by default.

Returns
-------
``sum(items, start)``.

Raises
------
ValueError
    When ``not items``."""
REST = """Sums.

:param items: A value of type ``list``.
:param start: ``0`` by default.
:returns: ``sum(items, start)``.
:raises ValueError: When ``not items``."""


@pytest.mark.parametrize(
    ("style", "expected"), [(Style.GOOGLE, GOOGLE), (Style.NUMPY, NUMPY), (Style.REST, REST)]
)
def test_sections_follow_the_style(style: Style, expected: str) -> None:
    assert docstring_text("sums", facts_of(CHECKED), style) == expected


SENTENCES = [
    ("adds two numbers", "Adds two numbers."),
    ('"""Adds.\n\nArgs:\n  a: an int', "Adds."),
    ("  Adds\n  two.  ", "Adds two."),
    ("`x` is doubled", "x` is doubled."),
    ("Why?", "Why?"),
    ("x2 doubles", "x2 doubles."),
    ("", ""),
    ('"""', ""),
]


@pytest.mark.parametrize(("summary", "expected"), SENTENCES)
def test_a_summary_becomes_one_sentence(summary: str, expected: str) -> None:
    assert docstring_text(summary, facts_of("def f(): pass"), Style.GOOGLE) == expected


ADDED = [
    ("def f(a, b): g(a, b)", []),
    ("def f(a): return", ["Args:", "a: Not used."]),
    ("def f(): return None", []),
    ("def f(a):\n if a: return 1\n return 1", ["Returns:", "``1``."]),
    ("def f(a):\n if a: return 1\n return a", ["Returns:", "``1`` or ``a``."]),
    ("def f(a) -> int:\n if a: return 1\n if b: return 2\n if c: return 3\n return 4",
     ["Returns:", "A value of type ``int``."]),
    ("def f(a):\n yield a", ["Yields:", "Values, one at a time."]),
    ("def f(*a, **k): g(*a, **k)",
     ["Args:", "*a: Further positional arguments.", "**k: Further keyword arguments."]),
    ("def f(a, b=1): g(a, b)", ["Args:", "a: Required.", "b: ``1`` by default."]),
    ("class C:\n def f(self): pass", []),
    ("def f(a):\n if a: raise E\n if b: raise E(1)", ["Raises:", "E: When ``a`` or ``b``."]),
    ("def f():\n raise E", ["Raises:", "E: Raised by the code itself."]),
    ("def f(a):\n try: g(a)\n except E: raise", []),
]  # fmt: skip


@pytest.mark.parametrize(("code", "lines"), ADDED)
def test_facts_add_what_they_know_and_nothing_else(code: str, lines: list[str]) -> None:
    name = "C.f" if code.startswith("class") else "f"
    text = docstring_text("Does it.", facts_of(code, name), Style.GOOGLE)
    first, *rest = [line.strip() for line in text.split("\n") if line]
    assert first == "Does it."
    assert rest == lines


def test_how_a_parameter_is_used_is_said() -> None:
    uses = (Use("iterated", 2), Use("changed", 3))
    facts = Facts(
        "f", "function", 1, 2, "f(a)", (Parameter("a", "positional", None, None, None, uses),)
    )
    text = docstring_text("Does it.", facts, Style.GOOGLE)
    assert text.endswith("Args:\n    a: Changed in place. Visited item by item.")


STYLES = [
    ("def f():\n    ''':param x: it'''", Style.REST),
    ("def f():\n    '''A.\n\n    Parameters\n    ----------\n    x\n    '''", Style.NUMPY),
    ("class A:\n    '''A.\n\n    Args:\n        x: it\n    '''", Style.GOOGLE),
    ("def f(): 'plain'", Style.GOOGLE),
    ("':return: it'\nclass A: 'Args:\\nx: it'\ndef g(): 'Raises:\\nE: it'", Style.GOOGLE),
]  # fmt: skip


@pytest.mark.parametrize(("code", "style"), STYLES)
def test_the_style_is_the_one_the_file_shows(code: str, style: Style) -> None:
    assert style_of(Document.parse(Snapshot(code))) is style
