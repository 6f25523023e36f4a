"""What may be said of code where only what is all but certain is shown."""

import ast

import pytest

from procoder_tutor.check import Checker
from procoder_tutor.checking.reading.results import makes_its_result
from procoder_tutor.checking.said import Said
from procoder_tutor.checking.shortening import shortened
from procoder_tutor.checking.surplus import surplus
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.facts.model import Facts
from procoder_tutor.openings import opening_of
from procoder_tutor.symbols import Document, Snapshot
from procoder_tutor.vocabulary import Vocabulary

CODE = """\
def mask_email(address):
    name, _, domain = address.partition("@")
    return name[0] + "***@" + domain

def drop_expired(sessions, now):
    for key in sessions:
        if sessions[key] < now:
            del sessions[key]

def merge(items):
    merged = [items[0]]
    for item in items[1:]:
        merged.append(item)
    return merged
"""


@pytest.mark.parametrize(
    ("sentence", "beginnings"),
    [
        ("Masks an address by replacing the @.", ["Masks an address."]),
        ("Divides a by b, returning 0 if b is zero.", ["Divides a by b."]),
        ("Adds an item, so that it is kept.", ["Adds an item."]),
        ("Reads a page and logs the result.", ["Reads a page."]),
        ("Takes a key, a text, and digest.", []),
        ("Moves the cell (x, with y) up.", []),
        ("Returns True if it is empty.", []),
        ("Returns None, or the first.", []),
        ("Adds two.", []),
        ("Collects items up to the limit.", []),
    ],
)
def test_beginnings(sentence: str, beginnings: list[str]) -> None:
    assert [*shortened(sentence)] == beginnings


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ("Masks an email.", "Masks a postcard."),
        ("Masks an email.", "Masks the first email."),
        ("Masks an email.", "Masks an email 3 times."),
        ("Masks an email.", "Masks it."),
        ("Masks an email.", "Masks an email domain."),
    ],
)
def test_what_goes_beyond_the_name_weighs(less: str, more: str) -> None:
    facts, vocabulary = _studied("mask_email")
    weights = [surplus(Said.of(sentence), vocabulary, facts) for sentence in (less, more)]
    assert weights[0] < weights[1]


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("mask_email", "Masks an email address.", ["Masks an email address."]),
        ("mask_email", "Masks an email by the use of a rocket.", ["Masks an email."]),
        ("mask_email", "Masks an email with `nope`.", ["Masks an email."]),
        ("mask_email", "Masks an email with the first of a", ["Masks an email."]),
        ("merge", "Returns a new list of merged items.", ["Returns a new list of merged items."]),
        ("merge", "Returns the original list of merged items.", []),
        ("mask_email", "Replaces the first two characters.", []),
        ("drop_expired", "Drops expired sessions.", []),
    ],
)
def test_shown(name: str, text: str, shown: list[str]) -> None:
    checker = Checker(*_studied(name), strict=True)
    assert [*checker.feed(text), *checker.finish(cut=not text.endswith("."))] == shown


@pytest.mark.parametrize(
    ("name", "text", "withheld"),
    [
        ("mask_email", "Masks the first email of all.", 1),
        ("drop_expired", "Drops expired sessions.", 1),
        ("mask_email", "Masks `nope`.", 0),
        ("mask_email", "Masks an email.", 0),
    ],
)
def test_what_is_only_too_much_is_told_apart(name: str, text: str, withheld: int) -> None:
    checker = Checker(*_studied(name), strict=True)
    _ = [*checker.feed(text), *checker.finish(cut=False)]
    assert checker.checks.withheld == withheld


@pytest.mark.parametrize(
    ("body", "new"),
    [
        ("return [x]", True),
        ("return sorted(x)", True),
        ("found = {}\n    return found", True),
        ("found: list[int] = [1]\n    return found", True),
        ("return {k: 1 for k in x} if x else x", False),
        ("if x:\n        return x\n    return []", False),
        ("x = []\n    return x", False),
        ("found = x\n    return found", False),
        ("found = f(x)\n    return found", False),
        ("return", False),
        ("pass", False),
    ],
)
def test_whether_the_result_is_new(body: str, *, new: bool) -> None:
    assert makes_its_result(ast.parse(f"def f(x):\n    {body}").body[0]) is new


@pytest.mark.parametrize(
    ("code", "opening"),
    [
        ("def parse_line(text): return text", "Parse"),
        ("def stock_of(fruit): return stock[fruit]", "Return the stock of"),
        ("def is_even(n): return n % 2 == 0", "Check whether"),
        ("def rgb_to_hex(r, g, b): return f(r, g, b)", "Convert"),
        ("def running_total(xs):\n    for x in xs: yield x", "Yield the running total"),
        ("def counter():\n    def step(): return 1\n    return step", "Return a function that"),
        ("@property\ndef queue(self): return self._queue", "Return the queue"),
        ("def queue(self, job): self.jobs.append(job)", "Queue"),
        ("@contextmanager\ndef borrowed(x): yield x", ""),
        ("def main(): run()", ""),
        ("def repr_of_my_own_class(x): return x", ""),
        ("def __init__(self): self.x = 1", "Initialize"),
        ("def __len__(self): return 1", ""),
        ("class Parser: pass", ""),
    ],
)
def test_openings(code: str, opening: str) -> None:
    assert opening_of(ast.parse(code).body[0]) == opening


def _studied(name: str) -> tuple[Facts, Vocabulary]:
    document = Document.parse(Snapshot(CODE))
    symbol = document.by_name(name)
    facts = instant_facts(document, symbol)
    return facts, Vocabulary.of(document, symbol, facts)
