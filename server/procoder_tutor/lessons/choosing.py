"""Which lesson to read: found by words, or next in an order that builds on what is known."""

import math
import re
from collections import defaultdict
from collections.abc import Set
from functools import cache
from graphlib import TopologicalSorter

from procoder_tutor.lessons.catalogue import Lesson, lesson, lesson_ids

_WORD = re.compile(r"\w+")
_FILLERS = frozenset({
    "a", "an", "and", "are", "can", "do", "doe", "for", "how", "i", "in", "is", "it", "me", "my",
    "of", "on", "or", "that", "the", "thi", "to", "use", "what", "when", "why",
})  # fmt: skip
"""Words of a question that name no topic, as `_words` returns them."""
_NAME_WEIGHT = 8
"""A word of the title or a keyword counts as much as this many in the text."""
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
    """Return the lessons about some words, best first; none where no word is known.

    A word counts the more, the fewer lessons have it.
    """
    words = _words(text)
    scores: defaultdict[str, float] = defaultdict(float)
    for word in sorted(words - _FILLERS or words):  # equal sums must be equal to the last bit
        for index, weight in ((_names(), _NAME_WEIGHT), (_texts(), 1)):
            hits = index.get(word, frozenset())
            for name in hits:
                scores[name] += weight * math.log(len(lesson_ids()) / len(hits))
    best = max(scores.values(), default=0)
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return tuple(lesson(name) for name, score in ranked if score > best * _NEAR_ENOUGH)


_Index = dict[str, frozenset[str]]
"""Ids of the lessons that have each word."""


@cache
def _names() -> _Index:
    lessons = map(lesson, lesson_ids())
    return _index({it.id: f"{it.id} {it.title} {' '.join(it.keywords)}" for it in lessons})


@cache
def _texts() -> _Index:
    return _index({it.id: f"{it.text} {it.exercise}" for it in map(lesson, lesson_ids())})


def _index(texts: dict[str, str]) -> _Index:
    found: dict[str, set[str]] = {}
    for lesson_id, text in texts.items():
        for word in _words(text):
            found.setdefault(word, set()).add(lesson_id)
    return {word: frozenset(ids) for word, ids in found.items()}


def _words(text: str) -> set[str]:
    """Words in lower case and without the `s` of a plural."""
    return {word.removesuffix("s") for word in _WORD.findall(text.casefold())}
