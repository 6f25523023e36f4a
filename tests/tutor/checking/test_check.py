"""Sentences held against code: what is kept, what is dropped, and why."""

import pytest

from procoder_tutor.check import Checker, is_looping
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.prompts import profile_for
from procoder_tutor.questions import Level
from procoder_tutor.sentences import SentenceSplitter
from procoder_tutor.symbols import Document, Snapshot
from procoder_tutor.vocabulary import Vocabulary

CODE = """\
import json

def merge(intervals: list, limit=60) -> list:
    if not intervals:
        raise ValueError("nothing")
    intervals.sort()
    return [json.dumps(i) for i in intervals][:limit]

def show(x):
    print(x)

def tree(node):
    return 1 + tree(node.left) if node else 0

def numbers(n):
    yield n

class Account:
    pass
"""
SHOT = profile_for("purpose").shot_sentence(Level.INTERMEDIATE, "en")


def check(name: str, text: str, shot: str = "", *, cut: bool = False) -> tuple[list[str], Checker]:
    document = Document.parse(Snapshot(CODE))
    symbol = document.by_name(name)
    facts = instant_facts(document, symbol)
    checker = Checker(facts, Vocabulary.of(document, symbol, facts), shot)
    kept = [sentence for piece in text for sentence in checker.feed(piece)]
    return [*kept, *checker.finish(cut=cut)], checker


@pytest.mark.parametrize(
    ("symbol", "sentence", "checked"),
    [
        ("merge", "Joins the pairs that belong together.", 0),
        ("merge", "Sorts `intervals` and joins them.", 1),
        ("merge", "Raises ValueError when there is nothing to join.", 1),
        ("merge", "Raises an exception for an empty argument.", 1),
        ("merge", "Returns a list of texts.", 1),
        ("merge", "Sorts the pairs in place before joining.", 1),
        ("merge", "Keeps at most 60 of the pairs.", 1),
        ("merge", "Turns each pair into JSON with `json.dumps`.", 1),
        ("merge", "Calls `sort` and `json.dumps` on what it gets.", 1),
        ("show", "Prints what it is given and returns nothing.", 1),
        ("tree", "Counts nodes recursively from the root.", 1),
        ("numbers", "Yields one value and ends.", 1),
        ("Account", "Holds the money of one person.", 0),
    ],
)
def test_kept(symbol: str, sentence: str, checked: int) -> None:
    kept, checker = check(symbol, sentence)
    assert kept == [sentence]
    assert (checker.checks.checked, checker.checks.passed) == (checked, checked)
    assert not checker.checks.dropped


@pytest.mark.parametrize(
    ("symbol", "sentence", "reason"),
    [
        ("merge", "Calls `sorted` on the pairs.", "`sorted` is not in the code"),
        ("merge", "Calls `frobnicate` on every pair.", "`frobnicate` is not in the code"),
        ("merge", "Uses quick_sort for the pairs.", "`quick_sort` is not in the code"),
        ("merge", "Builds an IntervalTree of the pairs.", "`IntervalTree` is not in the code"),
        ("merge", "Raises a KeyError for unknown pairs.", "it does not raise KeyError"),
        ("show", "Raises ValueError for a bad argument.", "it raises nothing itself"),
        ("show", "Returns the text that it printed.", "it returns nothing"),
        ("merge", "Returns None in every case here.", "it returns a value"),
        ("merge", "Returns a dictionary of pairs by start.", "it does not return a dictionary"),
        ("merge", "Joins pairs without modifying the argument.", "it changes intervals"),
        ("show", "Modifies its argument before printing.", "it changes nothing outside itself"),
        ("merge", "Recursively joins the pairs of a list.", "the code has no recursion"),
        ("merge", "This generator walks over the pairs.", "the code has no generator"),
        ("show", "Asynchronously prints what it gets.", "the code has no `async`"),
        ("merge", "Joins pairs for 3600 seconds at most.", "3600 is not in the code"),
        ("merge", "Puts all pairs into a database.", "nothing in the code says `database`"),
        ("show", "This function does nothing at all.", "it does something"),
        ("merge", "Merge intervals.", "only repeats the name"),
        ("merge", "The same function with a docstring.", "speaks of the prompt"),
        ("merge", SHOT, "copied from the example"),
        ("merge", "a b c d e " * 3 + "f.", "repeats itself"),
    ],
)
def test_dropped(symbol: str, sentence: str, reason: str) -> None:
    kept, checker = check(symbol, sentence, SHOT)
    assert kept == []
    assert checker.checks.dropped[0].endswith(f"({reason})")
    assert checker.checks.passed == 0


def test_a_bad_sentence_leaves_its_neighbours() -> None:
    kept, checker = check("merge", "Joins the pairs. Then calls `nope`. Sorts `intervals` first.")
    assert kept == ["Joins the pairs.", "Sorts `intervals` first."]
    assert checker.checks.summary == "1 of 2 checked"
    assert checker.checks.unknown_names == ("nope",)


def test_a_cut_answer_ends_at_its_last_whole_sentence() -> None:
    kept, checker = check("merge", "Joins the pairs. Then it goes on and", cut=True)
    assert kept == ["Joins the pairs."]
    assert "did not finish" in checker.checks.dropped[0]


def test_a_sentence_said_twice_stops_the_model() -> None:
    kept, checker = check("merge", "Joins the pairs. Joins the pairs. And then more.")
    assert kept[0] == "Joins the pairs."
    assert checker.looping


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Uses e.g. a list. Then stops.", ["Uses e.g. a list.", "Then stops."]),
        ("Takes 1.5 seconds. Ends.", ["Takes 1.5 seconds.", "Ends."]),
        ("Calls `a. B` twice. Ends.", ["Calls `a. B` twice.", "Ends."]),
        ("Calls x.y now. Ends.", ["Calls x.y now.", "Ends."]),
        ('Says "no." Then ends.', ['Says "no."', "Then ends."]),
        ("Wraps\n    a line. Ends.", ["Wraps a line.", "Ends."]),
        ("Steps: 1. It reads. 2. It writes.", ["Steps: 1. It reads.", "2. It writes."]),
        ("Steps:\n1. It reads.\n2. It ends", ["Steps:", "1. It reads.", "2. It ends"]),
        ("Steps:\n\n- It reads\n- It ends", ["Steps:", "- It reads", "- It ends"]),
        ("One\n\nTwo", ["One", "Two"]),
        ("", []),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_sentences_do_not_depend_on_pieces(text: str, sentences: list[str], size: int) -> None:
    splitter = SentenceSplitter()
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    found = [sentence for piece in pieces for sentence in splitter.feed(piece)]
    assert [*found, *filter(None, [splitter.flush()])] == sentences


@pytest.mark.parametrize(
    ("text", "loops"),
    [("a b c d e a b c d e a b c d e", True), ("a b c d e a b c d e", False), ("", False)],
)
def test_loop(text: str, *, loops: bool) -> None:
    assert is_looping(text) is loops
