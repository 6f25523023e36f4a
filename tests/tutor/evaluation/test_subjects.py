"""The set of functions: complete, and shown without what would give the answer away."""

import ast
import tomllib

import pytest

from procoder_tutor.evaluation.subjects import (
    FOLDER,
    KnownFacts,
    known_facts,
    subjects,
    without_docstrings,
)

ENOUGH = 60
LONGEST_DOCSTRING = 30


def test_every_function_has_its_own_docstring_in_one_sentence() -> None:
    found = list(subjects())
    assert len(found) >= ENOUGH
    assert len({one.docstring for one in found}) == len(found)
    for one in found:
        assert one.docstring.endswith("."), one.name
        assert len(one.docstring.split()) <= LONGEST_DOCSTRING, one.name
    written = tomllib.loads((FOLDER / "docstrings.toml").read_text(encoding="utf-8"))
    names = [f"{file}.py:{name}" for file, table in written.items() for name in table]
    assert sorted(names) == sorted(one.name for one in found)


def test_no_docstring_is_left_and_no_line_moves() -> None:
    for one in subjects():
        for node in ast.walk(one.document.syntax):
            if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef):
                assert ast.get_docstring(node) is None, one.name


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("x = 1\n", "x = 1\n"),
        ('"""Says é."""\nx = 1\n', "\nx = 1\n"),
        ('def f():\n    """Says."""\n    return 1\n', "def f():\n    \n    return 1\n"),
        ('def f():\n    """Says."""\n', "def f():\n    pass\n"),
        (
            'def f():\n    """Says\n\n    more."""\n    return 1\n',
            "def f():\n    \n\n\n    return 1\n",
        ),
        ('class A:\n    "Says."\n    "not it"\n', 'class A:\n    \n    "not it"\n'),
        ("async def f():\n    'é'; return 1\n", "async def f():\n    ; return 1\n"),
    ],
)
def test_docstrings_are_blanked(text: str, without: str) -> None:
    assert without_docstrings(text) == without


def test_facts_of_a_table_with_a_function_inside() -> None:
    outer = {
        "returns": [[4, "inner"], [5, "None"]],
        "uses": {"a": ["read"], "b": ["unused"]},
        "growth": "O(1)",
    }
    inner = {"raises": [["ValueError", 3]], "touches": [["file", "open"]], "recursion": True}
    assert known_facts(outer, [inner]) == KnownFacts(
        returned=("inner",),
        returns_none=True,
        raised=frozenset({"ValueError"}),
        parameters=frozenset({"a", "b"}),
        touched=frozenset({"file"}),
        loops=False,
    )
