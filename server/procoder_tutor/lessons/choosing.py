"""Which lesson to read: found by words, or next in an order that builds on what is known."""

import math
import re
from collections import Counter
from collections.abc import Set
from functools import cache
from graphlib import TopologicalSorter

from procoder_tutor.lessons.catalogue import Lesson, lesson, lesson_ids

_WORD = re.compile(r"\w+")
_TITLE_WEIGHT = 8
"""A word of the title counts as much as this many in the text."""
_NEAR_ENOUGH = 0.4
"""Lessons that score less than this share of the best one are left out."""


def next_lessons(done: Set[str]) -> tuple[Lesson, ...]:
    """Return the lessons still to do, each after the ones it builds on, nearest ones first."""
    left = [lesson_id for lesson_id in lesson_ids() if lesson_id not in done]
    order = TopologicalSorter({name: set(lesson(name).prerequisites) - done for name in left})
    order.prepare()
    found: list[Lesson] = []
    while order.is_active():
        ready = sorted(order.get_ready())
        found += [lesson(name) for name in ready]
        order.done(*ready)
    return tuple(found)


def search_lessons(text: str) -> tuple[Lesson, ...]:
    """Return the lessons about some words, best first; none where no word is known."""
    index = _index()
    scores: Counter[str] = Counter()
    for word in set(_words(text)):
        hits = index.get(word, {})
        rarity = math.log(len(lesson_ids()) / len(hits)) if hits else 0
        for name, weight in hits.items():
            scores[name] += weight * rarity
    best = max(scores.values(), default=0)
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return tuple(lesson(name) for name, score in ranked if score > best * _NEAR_ENOUGH)


@cache
def _index() -> dict[str, dict[str, int]]:
    """How much each word weighs in the lessons that have it."""
    index: dict[str, dict[str, int]] = {}
    for name in lesson_ids():
        found = lesson(name)
        weights = Counter(dict.fromkeys(_words(f"{found.text} {found.exercise}"), 1))
        weights.update(dict.fromkeys(_words(f"{found.title} {name}"), _TITLE_WEIGHT))
        for word, weight in weights.items():
            index.setdefault(word, {})[name] = weight
    return index


def _words(text: str) -> list[str]:
    """Words in lower case and without the `s` of a plural."""
    return [word.removesuffix("s") for word in _WORD.findall(text.casefold())]
