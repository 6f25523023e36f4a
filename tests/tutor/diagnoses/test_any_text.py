"""Any text at all: it is explained without an exception, and what is offered holds."""

from hypothesis import given, settings
from hypothesis import strategies as st

from procoder_tutor.diagnoses import diagnose, diagnosis_markdown
from procoder_tutor.diagnoses.fixes import known_fix
from procoder_tutor.edits.text import apply_edits
from procoder_tutor.lint import lint
from procoder_tutor.positions import split_lines
from procoder_tutor.symbols import Document, Snapshot

LINES = [
    "import os, sys", "from os import (path,", "sep)", "def f(a, b=1):", "class A(B):",
    "    return a +", "    x = f(1))", "if x = 1:", "else if y", "print 'it's'", "f'{a!x}'",
    "for i of range(3) {", "\ttry:", "except A, B", "    global x, y", "'\\d' is 'é'",
    "x = {'a': 1 'b': 2,", "whlie True: pass", "y = “a” \u00d7 😀", "raise NotImplemented",
    "    with open(p) as q, r:", "'%s' % (1, 2)", "i++ && !j", "(((", ")]}", '"""', "\\", "", " ",
]  # fmt: skip
PIECES = st.one_of(st.sampled_from(LINES), st.text(max_size=6))
ENDS = st.sampled_from(["\n", "\r\n", "\r", "", " ", "\f"])


@given(st.lists(st.tuples(PIECES, ENDS), max_size=8))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_any_text_is_explained_and_repaired_without_an_exception(parts) -> None:
    text = "".join(piece + end for piece, end in parts)
    document = Document.parse(Snapshot(text))
    for finding in lint(document):
        assert diagnosis_markdown(diagnose(document, finding))
        fix = known_fix(document, finding)
        if fix is not None:
            lines, edited = split_lines(text), split_lines(apply_edits(text, fix.edits))
            above = min(edit.start.line for edit in fix.edits) - 1
            below = len(lines) - max(edit.end.line for edit in fix.edits)
            assert edited[:above] == lines[:above]
            assert edited[len(edited) - below :] == lines[len(lines) - below :]
