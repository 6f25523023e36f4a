"""Of the tests a model wrote those are offered that call the code and can fail."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procoder_tutor.edits.destination import Destination
from procoder_tutor.edits.model import ProposedEdit, Rejected
from procoder_tutor.edits.proposed_tests import propose_tests
from procoder_tutor.edits.text import apply_edits
from procoder_tutor.lint import lint
from procoder_tutor.symbols import Document, Snapshot

MODULE = """import os
import math as m

LIMIT = 3


class BankError(Exception):
    pass


class Account:
    def __init__(self, balance=0):
        self.balance = balance

    def deposit(self, amount):
        self.balance += amount

    @property
    def empty(self):
        return not self.balance


def merge(a, b=1):
    def inner():
        return 1
    return a + b
"""
PATH = Path("tests/test_bank.py")


def offered(
    answer: str, name: str = "merge", existing: str | None = None, code: str = MODULE
) -> ProposedEdit | Rejected:
    document = Document.parse(Snapshot(code))
    symbol = document.by_name(name) if name else document.module
    return propose_tests(document, symbol, answer, Destination(PATH, "bank", existing))


def new_file(found: ProposedEdit | Rejected) -> str:
    assert isinstance(found, ProposedEdit), found
    assert found.new_file is not None
    return found.new_file.text


GOOD_FILE = '''"""Tests of `bank`."""

from math import pi

import pytest

from bank import BankError, LIMIT, merge


def test_adds():
    assert merge(1, 2) == 3


@pytest.mark.parametrize("a, b", [(1, 2), (pi, 3)])
def test_fails(a, b):
    with pytest.raises(BankError):
        merge(a, b, LIMIT)
'''


def test_a_new_file_holds_the_good_tests_and_their_imports() -> None:
    answer = """Here are tests:
```python
import json, pytest
from math import pi
from your_module import merge

def helper(): return 2

def test_adds():
    assert merge(1, 2) == 3

@pytest.mark.parametrize("a, b", [(1, 2), (pi, 3)])
def test_fails(a, b):
    with pytest.raises(BankError):
        merge(a, b, LIMIT)

def test_nothing():
    merge(1)
```
"""
    assert new_file(offered(answer)) == GOOD_FILE


def test_what_is_left_out_is_said() -> None:
    found = offered("def test_a():\n    assert merge(1) == 2\ndef test_b():\n    merge(1)\n")
    assert isinstance(found, ProposedEdit)
    assert found.title == "Add 1 test of `merge` to test_bank.py"
    assert found.notes == (
        "`test_b` is left out: it asserts nothing.",
        "These tests were read, not run: running them runs your code.",
    )


GOOD = [
    ("method", "Account.deposit", ("def test_a():\n    a = Account()\n    a.deposit(1)\n"
     "    assert a.balance == 1")),
    ("constructor", "Account.__init__", "def test_a():\n    assert Account(1).balance == 1"),
    ("class", "Account", "def test_a():\n    assert Account(1).balance == 1"),
    ("property", "Account.empty", "def test_a():\n    assert Account().empty"),
    ("fixture of pytest", "merge", "def test_a(tmp_path, x=1):\n    assert merge(tmp_path)"),
    ("pytest not imported", "merge",
     "def test_a():\n    with pytest.raises(TypeError):\n        merge()"),
    ("import that the module has", "merge",
     "import math as m\ndef test_a():\n    assert merge(m.pi)"),
    ("indented as a whole", "merge", "    def test_a():\n        assert merge(1)"),
    ("rows by pytest.param", "merge",
     ("@pytest.mark.parametrize(['a', 'b'], [pytest.param(1, 2)])\n"
     "def test_a(a, b):\n    assert merge(a, b)")),
    ("the rest does not parse", "merge", "def test_a():\n    assert merge(1)\ndef test_b(): x = ("),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer"), [g[1:] for g in GOOD], ids=[g[0] for g in GOOD])
def test_a_good_test_is_offered(name: str, answer: str) -> None:
    assert "def test_a(" in new_file(offered(answer, name))


BAD = [
    ("no test", "def check(): assert merge(1)", "No usable test"),
    ("prose", "You could test `merge` with 1.", "No usable test"),
    ("does not call", "def test_a():\n    assert 1 + 1 == 2", "does not call `merge`"),
    ("names only", "def test_a():\n    assert merge", "does not call `merge`"),
    ("own copy inside", "def test_a():\n    def merge(x): return x\n    assert merge(1)",
     "its own `merge`"),
    ("own parameter", "def test_a(merge):\n    assert merge(1)", "its own `merge`"),
    ("no assertion", "def test_a():\n    merge(1)", "asserts nothing"),
    ("always true", "def test_a():\n    merge(1)\n    assert True", "asserts nothing"),
    ("tuple", "def test_a():\n    assert (merge(1), 'x')", "asserts nothing"),
    ("equal to itself", "def test_a():\n    assert merge(1) == merge(1)", "asserts nothing"),
    ("coroutine", "async def test_a():\n    assert merge(1)", "coroutine"),
    ("generator", "def test_a():\n    assert merge(1)\n    yield", "generator"),
    ("unknown fixture", "def test_a(client):\n    assert merge(client)", "fixture `client`"),
    ("unknown name", "def test_a():\n    assert merge(foo) == 1", "undefined name 'foo'"),
    ("unknown module", "import numpy\ndef test_a():\n    assert merge(numpy.pi)", "'numpy'"),
    ("unused variable", "def test_a():\n    x = 1\n    assert merge(1)", "'x'"),
    ("decorator", "@patch('x')\ndef test_a():\n    assert merge(1)", "decorator"),
    ("rows too short", ("@pytest.mark.parametrize('a,b', [(1,)])\ndef test_a(a, b):\n"
     "    assert merge(a, b)"), "do not fit their values"),
    ("parameter not taken", ("@pytest.mark.parametrize('a', [1])\ndef test_a():\n"
     "    assert merge(1)"), "does not take"),
    ("cut off", "def test_a():\n    assert merge(1) == 2\n    assert merge((", "not complete"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "why"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_a_useless_test_is_left_out(answer: str, why: str) -> None:
    found = offered(answer)
    assert isinstance(found, Rejected)
    assert why in found.reason


GOOD_TEST = "def test_a():\n    assert merge(1) == 2"
UNREACHABLE = [
    ("module", "", MODULE, "Choose a function"),
    ("nested", "merge.inner", MODULE, "inside another function"),
    ("no parse", "merge", MODULE + "x = = 1", "does not parse"),
]


@pytest.mark.parametrize(("name", "code", "why"), [u[1:] for u in UNREACHABLE],
                         ids=[u[0] for u in UNREACHABLE])  # fmt: skip
def test_what_no_test_can_reach(name: str, code: str, why: str) -> None:
    found = offered(GOOD_TEST, name, code=code)
    assert isinstance(found, Rejected)
    assert why in found.reason


EXISTING = [
    ("imports there", "from bank import merge\n\n\ndef test_b():\n    assert merge(2)\n",
     "from bank import merge\n\n\ndef test_b():\n    assert merge(2)\n\n\n{test}\n"),
    ("import missing", "import os\n\nos.getcwd()\n",
     "import os\nfrom bank import merge\n\nos.getcwd()\n\n\n{test}\n"),
    ("docstring alone", "'''Doc.'''", "'''Doc.'''\n\nfrom bank import merge\n\n\n{test}"),
    ("no imports", "'''Doc.'''\nx = 1\n",
     "'''Doc.'''\n\nfrom bank import merge\n\nx = 1\n\n\n{test}\n"),
    ("empty", "", "from bank import merge\n\n\n{test}\n"),
    ("comments", "#!/bin/python\n# é\nx = 1",
     "#!/bin/python\n# é\n\nfrom bank import merge\n\nx = 1\n\n\n{test}"),
    ("CRLF, BOM", "\ufeffimport os\r\nos.getcwd()\r\n",
     "\ufeffimport os\r\nfrom bank import merge\r\nos.getcwd()\r\n\r\n\r\n{test}\r\n"),
]  # fmt: skip


@pytest.mark.parametrize(("existing", "expected"), [e[1:] for e in EXISTING],
                         ids=[e[0] for e in EXISTING])  # fmt: skip
def test_an_existing_file_is_added_to(existing: str, expected: str) -> None:
    found = offered(GOOD_TEST, existing=existing)
    assert isinstance(found, ProposedEdit), found
    assert (found.path, found.new_file) == (PATH, None)
    test = GOOD_TEST.replace("\n", "\r\n") if "\r" in existing else GOOD_TEST
    assert apply_edits(existing, found.edits) == expected.format(test=test)


NOT_ADDED = [
    ("same name", "def test_a(): pass\n", "name of another test"),
    ("another meaning", "from shop import merge\n", "has another `merge`"),
    ("own function", "def merge(): pass\n", "has another `merge`"),
    ("no parse", "x = = 1\n", "does not parse"),
]


@pytest.mark.parametrize(("existing", "why"), [n[1:] for n in NOT_ADDED],
                         ids=[n[0] for n in NOT_ADDED])  # fmt: skip
def test_what_does_not_fit_is_not_added(existing: str, why: str) -> None:
    found = offered(GOOD_TEST, existing=existing)
    assert isinstance(found, Rejected)
    assert why in found.reason


PIECES = st.sampled_from([
    "def test_a():\n", "    assert merge(1) == 2\n", "\n", "@pytest.mark.parametrize(", "'a,b'",
    "[(1, 2)]", ")", "def test_a(a, b):\n", "import os\n", "```", "\r", "'''", "\0", "\ud800",
    "from bank import merge\n", "class A:\n", "    with pytest.raises(E):\n        merge()\n", "é",
])  # fmt: skip
ANSWERS = st.lists(PIECES, max_size=12).map("".join)


@settings(max_examples=150, deadline=None)
@given(ANSWERS, st.one_of(st.none(), ANSWERS))
def test_whatever_a_model_writes_the_result_is_clean(answer: str, existing: str | None) -> None:
    found = offered(answer, existing=existing)
    if isinstance(found, Rejected):
        return
    text = new_file(found) if existing is None else apply_edits(existing, found.edits)
    before = [] if existing is None else lint(Document.parse(Snapshot(existing)))
    document = Document.parse(Snapshot(text))
    assert document.tree is not None
    assert len(lint(document)) <= len(before)
    assert "assert merge(1) == 2" in text or "merge()" in text
