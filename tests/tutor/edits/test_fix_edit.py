"""A model's fix is offered when the finding is gone and everything else is as it was."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from procoder_tutor.edits.fix_edit import fix_edit
from procoder_tutor.edits.model import ProposedEdit, Rejected
from procoder_tutor.edits.region import Region
from procoder_tutor.edits.text import apply_edits
from procoder_tutor.lint import lint
from procoder_tutor.symbols import Document, Snapshot


def outcome(code: str, rule: str, answer: str, region: Region | None = None) -> str:
    """The text after the fix, or the reason why there is none."""
    document = Document.parse(Snapshot(code))
    finding = next(f for f in lint(document) if f.code == rule)
    found = fix_edit(document, finding, answer, region)
    return found.reason if isinstance(found, Rejected) else apply_edits(code, found.edits)


TYPO = "def f(total):\n    # add\n    return totl  # sum\n\n\ndef g():\n    return 1\n"
FIXED = TYPO.replace("totl", "total")
ACCEPTED = [
    ("the definition", TYPO, "F821", "def f(total):\n    # add\n    return total  # sum", FIXED),
    ("comments left out", TYPO, "F821", "def f(total):\n    return total", FIXED),
    ("in a fence, with prose", TYPO, "F821",
     "Here:\n```python\ndef f(total):\n  return total\n```\nDone.", FIXED),
    ("fence not closed", TYPO, "F821", "```py\ndef f(total):\n    return total", FIXED),
    ("first fence that parses", TYPO, "F821",
     "```\ndef f(\n```\n```\ndef f(total):\n    return total\n```", FIXED),
    ("CRLF, BOM, tabs, astral", "\ufeffdef f(a):\r\n\tb = '😀'; return a + c\r\n", "F821",
     "def f(a):\n    b = '😀'; return a + b\n", "\ufeffdef f(a):\r\n\tb = '😀'; return a + b\r\n"),
    ("decorators left out", "import d\n@d.x\ndef f(a):\n    return b\n", "F821",
     "def f(a):\n    return a", "import d\n@d.x\ndef f(a):\n    return a\n"),
    ("method", "class A:\n  def f(self, a):\n    if a:\n      return b\n", "F821",
     "def f(self, a):\n    if a:\n        return a",
     "class A:\n  def f(self, a):\n    if a:\n      return a\n"),
    ("statement of the module", "x = 1\nprint(y)\nz = 2", "F821", "print(x)",
     "x = 1\nprint(x)\nz = 2"),
    ("last line", "x = 1\nprint(y)", "F821", "print(x)", "x = 1\nprint(x)"),
    ("first line", "\ufeffprint(y)\nx = 1", "F821", "print(1)", "\ufeffprint(1)\nx = 1"),
    ("unused, taken away", "def f():\n    a = 1\n    return 2\n", "F841", "def f():\n    return 2",
     "def f():\n    return 2\n"),
    ("import, taken away", "import os\nx = 1", "F401", "", "x = 1"),
    ("only line, taken away", "import os", "F401", "", ""),
    ("parameter twice", "def f(a, a): ...", "F831", "def f(a, b): ...", "def f(a, b): ..."),
    ("one of two alike", "a = b\nc = b", "F821", "a = 1", "a = 1\nc = b"),
    ("does not parse", "def f():\n    return (1\n\ndef g():\n    pass\n", "E999",
     "def f():\n    return (1)", "def f():\n    return (1)\n\ndef g():\n    pass\n"),
    ("belongs to the function above", "def f(a):\n\tb = a\n\nreturn b\n\ndef g(): pass\n", "F706",
     "def f(a):\n    b = a\n\n    return b", "def f(a):\n\tb = a\n\n\treturn b\n\ndef g(): pass\n"),
    ("text keeps its indentation", "def f():\n\tx = '''\n  a'''\n\treturn x, y\n", "F821",
     "def f():\n    x = '''\n  a'''\n    return x, 1",
     "def f():\n\tx = '''\n  a'''\n\treturn x, 1\n"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "rule", "answer", "expected"), [a[1:] for a in ACCEPTED],
                         ids=[a[0] for a in ACCEPTED])  # fmt: skip
def test_a_fix_changes_the_lines_it_must(code: str, rule: str, answer: str, expected: str) -> None:
    assert outcome(code, rule, answer) == expected


LONG = "def f(a):\n" + "".join(f"    a += {n}\n" for n in range(20)) + "    return b\n"
REJECTED = [
    ("nothing changed", TYPO, "F821", TYPO[:46], "changes nothing"),
    ("no code", TYPO, "F821", "You misspelt `total`.", "would not parse"),
    ("does not parse", TYPO, "F821", "def f(total:\n    return total", "would not parse (line"),
    ("not mended", TYPO, "F821", "def f(total):\n    x = 1\n    return totl", "still there"),
    ("another error", TYPO, "F821", "def f(total):\n    return tot",
     "new error: undefined name 'tot'"),
    ("signature", TYPO, "F821", "def f(totl):\n    return totl", "signature of `f`"),
    ("renamed", TYPO, "F821", "def h(total):\n    return total", "adds, removes or renames"),
    ("more definitions", TYPO, "F821", "def f(total):\n    return total\ndef h(): pass", "adds"),
    ("code removed", TYPO, "F821", "def f(total):\n    pass", "removes code"),
    ("comment lost", TYPO, "F821", "def f(total):\n    # add\n    x = total\n    return x",
     "drops the comment `# sum`"),
    ("too large", LONG, "F821", "def f(a):\n    return sum(range(20)) + a",
     "21 lines where at most 8"),
    ("swallows what follows", "x = y\nz = 1  # '''\n", "F821", "x = '''", "outside the part"),
    ("decorator", "import d\n@d.x\ndef f(a):\n    return b", "F821",
     "@d.y\ndef f(a):\n    return a", "signature of `f`"),
    ("nested, not asked about", "def f(a):\n  def g(): return 1\n  return b", "F821",
     "def f(a):\n  def g(): return 2\n  return a", "also changes `f.g`"),
    ("other definition lost", "def f():\n    return (1\n\ndef g():\n    pass\n", "E999",
     "def f():\n    return '''", "would not parse"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "rule", "answer", "why"), [r[1:] for r in REJECTED],
                         ids=[r[0] for r in REJECTED])  # fmt: skip
def test_a_fix_that_fails_a_check_is_not_offered(
    code: str, rule: str, answer: str, why: str
) -> None:
    assert why in outcome(code, rule, answer)


def test_a_finding_of_older_code_is_not_fixed() -> None:
    (finding,) = lint(Document.parse(Snapshot("print(y)")))
    found = fix_edit(Document.parse(Snapshot("\nprint(y)")), finding, "print(1)")
    assert isinstance(found, Rejected)
    assert "has changed since" in found.reason


def test_a_region_can_be_named() -> None:
    assert outcome(TYPO, "F821", "return total", Region(3, 3)) == FIXED


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(["def f(total):", "\n", "    ", "\t", "return total", "```", "'''",
                             "\r", "\\", "# sum", "(", "\ufeff", "\0", "\ud800", "😀", "@d"]),
            st.text(max_size=4),
        ),
        max_size=25,
    ).map("".join),
    st.sampled_from(["\n", "\r\n", "\r"]),
)  # fmt: skip
@example("def f(total):\n    return total", "\r\n")
def test_whatever_a_model_writes_is_checked(answer: str, end: str) -> None:
    code = TYPO.replace("\n", end)
    document = Document.parse(Snapshot(code))
    finding = next(f for f in lint(document) if f.code == "F821")
    found = fix_edit(document, finding, answer)
    if isinstance(found, ProposedEdit):
        after = Document.parse(Snapshot(apply_edits(code, found.edits)))
        assert not [f for f in lint(after) if f.severity == "error"]
        assert [symbol.name for symbol in after.symbols] == ["f", "g"]
        assert "# add" in after.snapshot.text
