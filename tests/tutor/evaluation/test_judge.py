"""What the hand-made facts deny, and what they leave alone."""

from functools import cache

import pytest

from procoder_tutor.evaluation.invented import invented_names
from procoder_tutor.evaluation.judge import contradictions
from procoder_tutor.evaluation.subjects import Subject, subjects


@cache
def _subject(name: str) -> Subject:
    return next(one for one in subjects() if one.name == name)


@pytest.mark.parametrize(
    ("function", "sentence", "found"),
    [
        ("numbers.py:gcd", "It raises a ValueError for zero.", ["raises nothing"]),
        ("numbers.py:gcd", "It never raises anything.", []),
        ("numbers.py:clamp", "Raises `TypeError` for a text.", ["raises no TypeError"]),
        ("numbers.py:clamp", "Raises ValueError when low is above high.", []),
        ("waiting.py:fetch_with_retry", "It raises the ConnectionError at last.", []),
        ("wrapping.py:retry", "It raises the last exception again.", []),
        ("errors.py:swallow", "Returns True when the action worked.", ["returns no value"]),
        ("errors.py:swallow", "It returns nothing.", []),
        ("times.py:is_leap_year", "Returns a boolean.", []),
        ("numbers.py:roll", "Returns a dictionary of results.", ["returns no dictionary"]),
        ("numbers.py:roll", "It returns None for no dice.", ["never returns None"]),
        ("errors.py:load_plugin", "It returns None for an unknown name.", []),
        ("numbers.py:mean", "It modifies the numbers in place.", ["changes nothing"]),
        ("lists.py:rotate", "Rotates the list in place.", []),
        ("numbers.py:mean", "It is computed recursively.", ["does not call itself"]),
        ("numbers.py:mean", "It uses no recursion.", []),
        ("lists.py:chunks", "Yields the chunks.", ["yields nothing"]),
        ("generators.py:squares_of_even", "Yields the squares one by one.", []),
        ("numbers.py:mean", "An asynchronous function.", ["is not asynchronous"]),
        ("times.py:is_leap_year", "It iterates over the years.", ["does not loop"]),
        ("mistakes.py:index_of", "It iterates over the items.", []),
        ("numbers.py:gcd", "It takes three arguments.", ["takes 2 arguments"]),
        ("numbers.py:gcd", "It takes two parameters.", []),
        ("numbers.py:mean", "It reads the numbers from a file.", ["touches no file"]),
        ("files.py:count_lines", "It opens the file and counts lines.", []),
        ("wrapping.py:timed", "Prints the time taken.", []),
        ("numbers.py:mean", "It uses a list comprehension.", ["has no list-comprehension"]),
        ("numbers.py:mean", "It calls the `max` function.", ["`max` is not used"]),
        ("numbers.py:mean", "It uses the `len()` function.", []),
    ],
)
def test_contradictions(function: str, sentence: str, found: list[str]) -> None:
    assert contradictions(sentence, _subject(function)) == found


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Adds up `numbers` with `sum` and `len()`.", []),
        ("Calls `numpy.mean(numbers)`.", ["numpy.mean"]),
        ("Calls compute_mean and compute_mean again.", ["compute_mean", "compute_mean"]),
        ("A MeanCalculator, e.g. for a list.append call.", ["MeanCalculator"]),
        ("The mean of some numbers.", []),
    ],
)
def test_invented_names(sentence: str, names: list[str]) -> None:
    assert invented_names(sentence, _subject("numbers.py:mean").document) == names
