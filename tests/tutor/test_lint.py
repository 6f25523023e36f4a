"""Findings: codes, severities and the exact stretch of the original text they mark."""

import gc
import inspect
import weakref

import pytest
from pyflakes import messages

from procoder_tutor.lint import FLAKE8_CODES, lint
from procoder_tutor.symbols import Document, Snapshot

FINDINGS = [
    ("import os", "F401", "warning", "os"),
    ("from os import (path,\n  sep)\nsep", "F401", "warning", "path"),
    ("import os.path as p", "F401", "warning", "os.path as p"),
    ("from . import a", "F401", "warning", "a"),
    ("def f():\n    total = 1", "F841", "warning", "total"),
    ("def f():\n    x = '😀'; total = x", "F841", "warning", "total"),
    ("try:\n    pass\nexcept E as e:\n    pass\nE = 1", "F841", "warning", "e"),
    ("print(nope)", "F821", "error", "nope"),
    ("'é😀' + nope", "F821", "error", "nope"),
    ("def f(): ...\ndef f(): ...", "F811", "warning", "f"),
    ("f'x'", "F541", "warning", "f'x'"),
    ("x = 1\nx is 'a'", "F632", "warning", "x is 'a'"),
    ("'%s %s' % (1,)", "F507", "error", "'%s %s' % (1,)"),
    ("{'a': 1, 'a': 2}", "F601", "warning", "'a'"),
    ("assert (1, 'x')", "F631", "warning", "assert (1, 'x')"),
    ("return 1", "F706", "error", "return 1"),
    ("def f(a, a): ...", "F831", "error", "a"),
    ("def f():\n    raise NotImplemented", "F901", "error", "raise NotImplemented"),
    ("x = '\\d'", "W605", "warning", "\\d"),
    ("x = (", "E999", "error", "("),
    ("x = 1 +", "E999", "error", None),
    ("nonlocal x", "E999", "error", "nonlocal x"),
    ("print(nowhere); nonlocal x", "E999", "error", "nonlocal x"),
    ("def f():\n  return\n\tx", "E999", "error", None),
]


@pytest.mark.parametrize("before", ["", "\ufeff", "#\r\n"], ids=["plain", "bom", "crlf"])
@pytest.mark.parametrize(("code", "rule", "severity", "marked"), FINDINGS)
def test_findings(code: str, rule: str, severity: str, marked: str | None, before: str) -> None:
    text = before + (code.replace("\n", "\r\n") if "\r" in before else code)
    found = [item for item in lint(Document.parse(Snapshot(text))) if item.code == rule]
    assert [item.severity for item in found][:1] == [severity]
    lines = text.replace("\r\n", "\n").split("\n")
    first = found[0]
    if marked is not None:
        assert first.line == first.end_line
        assert lines[first.line - 1][first.column : first.end_column] == marked


def test_a_text_that_does_not_parse_has_one_finding_and_its_place() -> None:
    (finding,) = lint(Document.parse(Snapshot("import os\nx = = 1\n")))
    assert (finding.code, finding.rule, finding.line, finding.column) == (
        "E999", "SyntaxError", 2, 4,
    )  # fmt: skip


def test_every_message_class_of_pyflakes_is_known() -> None:
    """New classes show up here; flake8 has no code yet for those named."""
    without = {
        "EagerUseOfLazyImport", "LazyImportNotAtModuleScope",
        "LazyImportStarNotPermitted",
    }  # fmt: skip
    classes = {
        name
        for name, item in inspect.getmembers(messages, inspect.isclass)
        if issubclass(item, messages.Message) and item is not messages.Message
    }
    assert classes - FLAKE8_CODES.keys() <= without


@pytest.mark.parametrize("text", ["def f(a):\n    return a\n", "x = (\n"], ids=["sound", "broken"])
def test_a_document_is_freed_when_nobody_uses_it_any_more(text: str) -> None:
    document = Document.parse(Snapshot(text))
    lint(document)
    left = [weakref.ref(document), *([weakref.ref(document.tree)] if document.tree else ())]
    gc.disable()
    try:
        del document
        assert [reference() for reference in left] == [None] * len(left)
    finally:
        gc.enable()
