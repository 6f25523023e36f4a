"""What the families of detectors make of sentences: one table a family."""

import pytest

from procoder_tutor.check import Checker
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.symbols import Document, Snapshot
from procoder_tutor.vocabulary import Vocabulary

CODE = """\
import csv
import functools
import json
import re


def search(items, target):
    low, high = 0, len(items) - 1
    while low <= high:
        middle = (low + high) // 2
        if items[middle] == target:
            return middle
        if items[middle] < target:
            low = middle + 1
        else:
            high = middle - 1
    return -1


def counts(text, limit=10):
    found = {}
    for word in re.findall(r"[a-z]+", text.lower()):
        found[word] = found.get(word, 0) + 1
    return dict(sorted(found.items(), key=lambda pair: pair[1], reverse=True)[:limit])


def chunks(items: list[int], size: int):
    if size < 1:
        raise ValueError("size must be positive")
    for start in range(0, len(items), size):
        yield items[start : start + size]


def retry(times):
    def decorate(function):
        @functools.wraps(function)
        def attempt(*args):
            for _ in range(times):
                try:
                    return function(*args)
                except OSError:
                    pass
        return attempt
    return decorate


def drop(numbers):
    for number in numbers:
        if number < 0:
            numbers.remove(number)
    return numbers


def position(items, wanted):
    for index, item in enumerate(items):
        if item == wanted:
            return index
        else:
            return -1


def parse(text):
    match = re.fullmatch(r"(\\d+)h(\\d+)m", text)
    if match is None:
        raise ValueError(text)
    hours, minutes = match.groups()
    return int(hours) * 60 + int(minutes)


class Account:
    def __init__(self, owner):
        self.owner = owner
        self.balance = 0
        self.history = []

    def withdraw(self, amount):
        if amount > self.balance:
            raise ValueError("too much")
        self.balance -= amount
        self.history.append(-amount)
"""
DOCUMENT = Document.parse(Snapshot(CODE))


def verdict(name: str, sentence: str) -> str:
    """Return why a sentence is dropped; an empty text when it is kept."""
    symbol = DOCUMENT.by_name(name)
    facts = instant_facts(DOCUMENT, symbol)
    checker = Checker(facts, Vocabulary.of(DOCUMENT, symbol, facts))
    kept = [*checker.feed(sentence), *checker.finish(cut=False)]
    dropped = checker.checks.dropped
    assert bool(kept) != bool(dropped)
    return dropped[0].rpartition(" (")[2].removesuffix(")") if dropped else ""


@pytest.mark.parametrize(
    ("name", "sentence", "reason"),
    [
        ("search", "Takes two arguments, `items` and `target`.", ""),
        ("search", "It takes three arguments.", "it takes 2 arguments"),
        ("counts", "It takes a text as input.", ""),
        ("counts", "It takes a list of words as input.", "no argument is a list"),
        ("counts", "`text` is a dictionary of words.", "`text` is not a dictionary"),
        ("counts", "`limit` defaults to 10 words.", ""),
        ("counts", "`text` has the default 10.", "`text` has no default"),
        ("chunks", "Takes a list of items and a size as input.", ""),
        ("counts", "Splits a list of functions.", "nothing in the code is a list of functions"),
        ("search", "It takes a function `target` as an argument.", "`target` is not a function"),
        ("search", "Looks for the given index in the list.", ""),
        ("search", "Looks in the given middle of the list.", "no middle is given"),
        ("Account.withdraw", "Takes two lists as input.", "it takes one argument"),
    ],
)
def test_inputs(name: str, sentence: str, reason: str) -> None:
    assert verdict(name, sentence).startswith(reason)
    assert bool(verdict(name, sentence)) == bool(reason)


@pytest.mark.parametrize(
    ("name", "sentence", "reason"),
    [
        ("search", "Returns the index of the target, or -1.", ""),
        ("search", "Returns a list of the targets.", "it does not return a list"),
        ("search", "Returns None if the target is missing.", "it returns a value"),
        ("search", "Returns the index of the target or None.", "it never returns None"),
        ("counts", "Returns a dictionary of the words.", ""),
        ("counts", "Returns the number of words.", "it does not return a number"),
        ("counts", "Counts the number of words in a text.", "it does not return a number"),
        ("counts", "Counts how often each word occurs.", ""),
        ("search", "Returns True for the target.", "it does not return True"),
        ("chunks", "Returns a generator of slices.", ""),
        ("chunks", "Returns a list of slices.", "it yields values and returns no list"),
        ("parse", "Parses a text and returns the minutes.", ""),
        (
            "parse",
            "Converts a text into a tuple of hours and minutes.",
            "it does not return a tuple",
        ),
        ("drop", "Returns a new list of numbers.", "it returns its own argument"),
        ("Account.withdraw", "Returns the amount.", "it returns nothing"),
    ],
)
def test_outputs(name: str, sentence: str, reason: str) -> None:
    assert verdict(name, sentence) == reason


@pytest.mark.parametrize(
    ("name", "sentence", "reason"),
    [
        ("search", "If the target is not found, it returns -1.", ""),
        ("search", "If the target is not found, it returns None.", "it does not return none then"),
        ("search", "If the target is not found, it raises.", "it does not raise then"),
        (
            "Account.withdraw",
            "If the amount is greater than the balance, it raises ValueError.",
            "",
        ),
        (
            "Account.withdraw",
            "If the amount is less than the balance, it raises ValueError.",
            "the code does not test whether the amount is less than the balance",
        ),
        (
            "Account.withdraw",
            "If the history is empty, it raises ValueError.",
            "the code does not test whether the history is empty",
        ),
        ("chunks", "It checks if the size is less than 1.", ""),
        (
            "chunks",
            "It checks if the size is greater than 1.",
            "the code does not test whether the size is greater than 1",
        ),
        ("parse", "If the text does not match, it raises a ValueError.", ""),
        ("parse", "If it is not a list, it raises a ValueError.", "the code tests no type"),
        ("search", "If it is, it returns the middle.", "it does not say what is tested"),
    ],
)
def test_conditions(name: str, sentence: str, reason: str) -> None:
    assert verdict(name, sentence) == reason


@pytest.mark.parametrize(
    ("name", "sentence", "reason"),
    [
        ("counts", "Uses `re.findall` and a regular expression.", ""),
        (
            "counts",
            "Uses a list comprehension for the words.",
            "the code has no list comprehension",
        ),
        ("counts", "Calls the `max` function for the words.", "`max` is not in the code"),
        ("counts", "Sorts the words in descending order.", ""),
        (
            "counts",
            "Keeps the words in ascending order.",
            "the code has no sorting in ascending order",
        ),
        ("counts", "Calls the `text` function twice.", "`text` is not a function"),
        ("counts", "Uses the `json` module.", ""),
        ("counts", "Uses the `counts` module.", "`counts` is no module here"),
        ("counts", "Reads the text of `words.txt`.", "`words.txt` is not in the code"),
        ("parse", "The text has the format 'HH:MM'.", "HH:MM is not in the code"),
        ("retry", "A decorator that calls a function several times.", ""),
        ("search", "A decorator that calls a function.", "the code has no decorator"),
        ("drop", "Removes all negative numbers.", "it changes the list while going through it"),
        ("drop", "Removes negative numbers from `numbers`.", ""),
        ("position", "Finds the first occurrence of an item.", "its loop ends in the first round"),
    ],
)
def test_constructs_and_calls(name: str, sentence: str, reason: str) -> None:
    assert verdict(name, sentence) == reason


@pytest.mark.parametrize(
    ("name", "sentence", "reason"),
    [
        ("search", "Initializes `low` to 0.", ""),
        ("search", "Initializes `low` to 7.", "7 is not in the code"),
        ("search", "Initializes `low` to 1.", "`low` is set to 0"),
        ("counts", "Creates an empty dictionary `found`.", ""),
        ("counts", "Creates an empty list `found`.", "`found` is not a list"),
        ("counts", "It initializes found to the first word.", "`found` starts as {}"),
        ("search", "Here `len(items)` is a list.", "`len(items)` is no list"),
        ("Account.withdraw", "Subtracts the amount from the balance.", ""),
        ("Account.withdraw", "Multiplies the amount by the balance.", "the code does not multiply"),
        ("Account.withdraw", "Updates the balance of the owner.", ""),
        ("Account.withdraw", "It updates the amount.", "it does not change the amount"),
        ("Account.withdraw", "Adds the amount to the history.", ""),
        ("Account.withdraw", "Prints the balance.", "it does not print the balance"),
    ],
)
def test_values_and_deeds(name: str, sentence: str, reason: str) -> None:
    assert verdict(name, sentence) == reason


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            "It checks if the amount is greater than the balance. If it is, it raises an error.",
            2,
        ),
        (
            "It checks if the amount is greater than the balance. If not, it raises a ValueError.",
            1,
        ),
        ("It checks if the history is empty. If it is, it raises a ValueError.", 0),
    ],
)
def test_a_condition_refers_back_to_the_sentence_before(text: str, kept: int) -> None:
    symbol = DOCUMENT.by_name("Account.withdraw")
    facts = instant_facts(DOCUMENT, symbol)
    checker = Checker(facts, Vocabulary.of(DOCUMENT, symbol, facts))
    assert len([*checker.feed(text), *checker.finish(cut=False)]) == kept


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("Sucht `target` in einer Liste und gibt eine Datenbank zurück.", True),
        ("Ruft `quick_search` auf, um `target` zu finden.", False),
        ("Sucht höchstens 3600 Sekunden lang.", False),
    ],
)
def test_other_languages_are_held_against_names_and_numbers_alone(
    sentence: str, *, kept: bool
) -> None:
    symbol = DOCUMENT.by_name("search")
    facts = instant_facts(DOCUMENT, symbol)
    checker = Checker(facts, Vocabulary.of(DOCUMENT, symbol, facts), language="de-AT")
    assert bool([*checker.feed(sentence), *checker.finish(cut=False)]) is kept
    assert not checker.checks.language_checked
    assert checker.checks.summary == "not checked"
