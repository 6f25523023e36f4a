"""Functions that models were asked about when the checks stood; what they said is in later.toml."""

import csv
import random
from collections import Counter


def rotate(items, steps):
    steps %= len(items)
    return items[steps:] + items[:steps]


def mask_email(address):
    name, _, domain = address.partition("@")
    return name[0] + "*" * (len(name) - 1) + "@" + domain


def count_vowels(word):
    return sum(1 for letter in word.lower() if letter in "aeiou")


def invert(mapping):
    result = {}
    for key, value in mapping.items():
        result.setdefault(value, []).append(key)
    return result


def load_scores(path):
    scores = {}
    with open(path, newline="") as file:
        for name, score in csv.reader(file):
            scores[name] = max(int(score), scores.get(name, 0))
    return scores


def is_sorted(values):
    return all(a <= b for a, b in zip(values, values[1:]))


def roll_dice(count, sides=6):
    if count < 1:
        raise ValueError("at least one die")
    return [random.randint(1, sides) for _ in range(count)]


def depth(tree):
    if not tree:
        return 0
    return 1 + max(depth(child) for child in tree)


def most_frequent(items):
    if not items:
        return None
    return Counter(items).most_common(1)[0][0]


def running_total(numbers):
    total = 0
    for number in numbers:
        total += number
        yield total


def truncate(text, width):
    if len(text) <= width:
        return text
    return text[: width - 1] + "…"


class Counter2D:
    def __init__(self, width, height):
        self.cells = [[0] * width for _ in range(height)]

    def bump(self, x, y):
        self.cells[y][x] += 1
        return self.cells[y][x]


def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def safe_divide(a, b, default=None):
    try:
        return a / b
    except ZeroDivisionError:
        return default
