"""A simpler version is offered when nothing we can compare got different."""

import pytest

from procoder_tutor.edits.model import Rejected
from procoder_tutor.edits.rewrite_edit import rewrite_edit
from procoder_tutor.edits.text import apply_edits
from procoder_tutor.symbols import Document, Snapshot

LOOP = '''def f(items):
    """Double."""
    found = []
    for item in items:
        found.append(item * 2)
    return found
'''
SHORT = '''def f(items):
    """Double."""
    return [item * 2 for item in items]
'''


def outcome(code: str, answer: str, name: str = "f") -> str:
    document = Document.parse(Snapshot(code))
    symbol = document.by_name(name) if name else document.module
    found = rewrite_edit(document, symbol, answer)
    return found.reason if isinstance(found, Rejected) else apply_edits(code, found.edits)


ACCEPTED = [
    ("loop to comprehension", LOOP, SHORT, SHORT),
    ("method", "class A:\n\tdef f(self, a):\n\t\tif a:\n\t\t\treturn True\n\t\treturn False\n",
     "def f(self, a):\n    return bool(a)", "class A:\n\tdef f(self, a):\n\t\treturn bool(a)\n"),
    ("guard kept", "def f(a):\r\n  if a == None:\r\n    raise E\r\n  return a\r\n",
     "def f(a):\n    if a is None:\n        raise E\n    return a",
     "def f(a):\r\n  if a is None:\r\n    raise E\r\n  return a\r\n"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "answer", "expected"), [a[1:] for a in ACCEPTED],
                         ids=[a[0] for a in ACCEPTED])  # fmt: skip
def test_a_simpler_version_is_offered(code: str, answer: str, expected: str) -> None:
    assert outcome(code, answer, "A.f" if code.startswith("class") else "f") == expected


REJECTED = [
    ("same code", LOOP, LOOP.replace("  # x", ""), "the same code"),
    ("does not parse", LOOP, "def f(items):\n    return [", "would not parse"),
    ("signature", LOOP, SHORT.replace("items", "things"), "signature"),
    ("docstring", LOOP, SHORT.replace("Double", "Twice"), "the docstring"),
    ("unknown call", LOOP, SHORT.replace("item * 2", "twice(item)"), "calls `twice`"),
    ("no value", LOOP, SHORT.replace("return", "x ="), "return or yield"),
    ("generator", LOOP, SHORT.replace("return [item * 2 for item in items]", "yield 1"), "yield"),
    ("longer", SHORT, LOOP, "longer"),
    ("exception", "def f(a):\n    if a:\n        raise E\n    return 1", "def f(a):\n    return 1",
     "other exceptions"),
    ("mutation", "def f(a):\n    a.sort()\n    return a", "def f(a):\n    return sorted(a)",
     "change the same things"),
    ("undefined", LOOP, SHORT.replace("item * 2", "thing * 2"), "undefined name 'thing'"),
    ("comment", "def f(a):\n    b = a  # why\n    return b", "def f(a):\n    return a",
     "drops the comment"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "answer", "why"), [r[1:] for r in REJECTED],
                         ids=[r[0] for r in REJECTED])  # fmt: skip
def test_what_differs_is_not_offered(code: str, answer: str, why: str) -> None:
    assert why in outcome(code, answer)


@pytest.mark.parametrize(("code", "name"), [("class A: pass", "A"), ("x = 1", ""),
                                            ("def f(): pass\nx = = 1", "f")])  # fmt: skip
def test_only_functions_that_parse_are_rewritten(code: str, name: str) -> None:
    assert "Only a function" in outcome(code, "def f(): pass", name)
