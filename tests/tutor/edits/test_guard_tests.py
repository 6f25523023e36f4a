"""Tests that follow from the guards of a function, and only where they are sure to."""

from pathlib import Path

import pytest

from procoder_tutor.edits.destination import Destination
from procoder_tutor.edits.guard_tests import propose_guard_tests
from procoder_tutor.edits.model import ProposedEdit, Rejected
from procoder_tutor.symbols import Document, Snapshot

GUARDS = [
    ("empty", "def f(xs):\n    if not xs:\n        raise ValueError('x')\n    return 1",
     ["f_raises_value_error_when_xs_is_empty", "f([])"]),
    ("empty text", "def f(s: str):\n    'Doc.'\n    if not s: return None\n    return 1",
     ["f_returns_none_when_s_is_empty", "assert f('') is None"]),
    ("negative", "def f(n, m):\n    if n < 0: raise KeyError\n    return m",
     ["f_raises_key_error_when_n_is_minus_1", "f(n=-1, m=None)"]),
    ("none", "def f(n, *, k, o=1):\n    if n is None: return []\n    return 1",
     ["f_returns_early_when_n_is_none", "assert f(n=None, k=None) == []"]),
    ("length", "def f(s):\n    if len(s) == 0: return False\n    return 1",
     ["f_returns_false_when_s_is_empty", "assert f([]) is False"]),
    ("own exception", "class E(Exception): pass\ndef f(n):\n    if n >= 10: raise E(n)",
     ["f_raises_e_when_n_is_10", "from bank import E, f"]),
    ("second guard", "def f(n):\n    if n is None: return 0\n    if n == 7: return -1",
     ["f_returns_early_when_n_is_none", "assert f(7) == -1"]),
]  # fmt: skip


def from_guards(code: str) -> ProposedEdit | Rejected:
    document = Document.parse(Snapshot(code))
    return propose_guard_tests(
        document, document.by_name("f"), Destination(Path("test_bank.py"), "bank")
    )


@pytest.mark.parametrize(("code", "parts"), [g[1:] for g in GUARDS], ids=[g[0] for g in GUARDS])
def test_guards_give_tests(code: str, parts: list[str]) -> None:
    found = from_guards(code)
    assert isinstance(found, ProposedEdit), found
    assert found.new_file is not None
    text = found.new_file.text
    assert [part for part in parts if part not in text] == []


NO_GUARDS = [
    "def f(x): return x",
    "def f(x):\n    if x: raise E",
    "def f(x):\n    if x < y: raise ValueError",
    "def f(x):\n    if x.a: raise ValueError",
    "def f(x, y):\n    if x and not y: raise ValueError",
    "def f(x):\n    x = g(x)\n    if not x: raise ValueError",
    "def f(x):\n    if not x: raise Unknown",
    "def f(x):\n    if not x: return [y]",
    "def f(x):\n    if not x: raise ValueError(x.name)",
    "def f(x):\n    if not x: raise ValueError(f'{x:d}')",
    "class E(Exception):\n    def __init__(self, a): ...\ndef f(x):\n    if not x: raise E",
    f"def f(x):\n    if x > 0x{'f' * 5000}: return 1",
    f"def f(x):\n    if not x: return 0x{'f' * 5000}",
    "def f(x):\n    if not x:\n        log()\n        raise ValueError",
    "def f(x):\n    if not x: raise ValueError\n    yield x",
    "@d\ndef f(x):\n    if not x: raise ValueError",
    "async def f(x):\n    if not x: raise ValueError",
    "def f(x, /):\n    if not x: raise ValueError",
    f"def f(x):\n    if {'not ' * 90}x: raise ValueError",
]


@pytest.mark.parametrize("code", NO_GUARDS)
def test_what_is_not_sure_gives_no_test(code: str) -> None:
    assert isinstance(from_guards(code), Rejected)
