"""Traps as findings: where, which, and none twice."""

import ast

import pytest

from procoder_tutor.diagnoses import diagnose
from procoder_tutor.diagnoses.trapped import TRAPS
from procoder_tutor.facts.model import TrapKind
from procoder_tutor.lint import lint
from procoder_tutor.symbols import Document, Snapshot
from procoder_tutor.traps import trap_findings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(a=[]):\n    return a\n", [("mutable-default", 1, 0, 12)]),
        ("\ufefflist = 1\n", [("shadowed-builtin", 1, 1, 9)]),
        ("def f():\n    def g(b={}):\n        return b\n", [("mutable-default", 2, 4, 16)]),
        ("try:\n    f = 1\nexcept:\r\n    pass\n", [("bare-except", 3, 0, 7)]),
        ("x = 1\nprint(x is 1)\n", []),
        ("def f(a=[]:\n", []),
        ("", []),
    ],
)
def test_places(text, expected) -> None:
    document = Document.parse(Snapshot(text))
    found = trap_findings(document, lint(document))
    assert [(f.rule, f.line, f.column, f.end_column) for f in found] == expected
    assert all(f.severity == "hint" and "`" not in f.message for f in found)


def test_what_the_linter_reports_as_well_is_told_once() -> None:
    document = Document.parse(Snapshot("x = 1\nprint(x is 1)\n"))
    assert [f.rule for f in trap_findings(document)] == ["is-literal"]


def test_every_kind_is_explained() -> None:
    assert set(TRAPS) == set(TrapKind.__args__)
    document = Document.parse(Snapshot("def f(a_b=[]):\n    return a_b\n"))
    (trap,) = trap_findings(document)
    diagnosis = diagnose(document, trap)
    assert diagnosis.title == TRAPS["mutable-default"].title
    assert "a_b=\\[\\]" in diagnosis.meaning
    ast.parse(diagnosis.example_before)
    ast.parse(diagnosis.example_after)
