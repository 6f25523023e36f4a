"""How much a sentence says beyond the name and the parameters of what it is about.

What a small model says wrongly, and no check finds, is what it adds: an order, a condition, a
number, one more noun. Names are chosen by whoever wrote the code, and are seldom wrong. So where
only what is all but certain shall be shown, a sentence may add little. docs/checking.md says how
the weights and the limit were chosen, and what they cost.
"""

import re
from functools import lru_cache

from procoder_tutor.checking.licences import licences, plain_stems, plain_words, table_lines
from procoder_tutor.checking.said import Said
from procoder_tutor.checking.stems import parts_of, stem, words_of
from procoder_tutor.facts.model import Facts
from procoder_tutor.vocabulary import Vocabulary

MOST_SURPLUS = 1.3
_WORD, _FROM_THE_BODY, _UNKNOWN, _RELATION, _NUMBER = 0.1, 0.5, 1.0, 1.0, 2.0
"""Weight of every word, and more of words that only the body of the code explains, that nothing
explains, that tell a relation or a condition, and of a sentence that has a number."""
_LINKS = frozenset({"to", "from", "as", "on", "at", "in", "with", "by", "for", "of", "and", "is",
                    "has", "the", "a"})  # fmt: skip
"""Words of names that a sentence need not take up."""
_SHORTEST_PREFIX = 3


def surplus(said: Said, vocabulary: Vocabulary, facts: Facts) -> float:
    """Weigh what a sentence adds; 0 for none, and up to 1 for leaving the name out."""
    words = words_of(said.plain)
    owner, _, name = facts.name.rpartition(".")
    named = _stems(name)
    near = named | _stems(owner) | {s for p in facts.parameters for s in _stems(p.name)}
    added = sum(_weight(word, near, vocabulary) for word in dict.fromkeys(words))
    relations = sum(word in _relations() for word in words if not _is_sure(word, vocabulary))
    numbers = _NUMBER if re.search(r"\d", said.text) else 0.0
    return _WORD * len(words) + added + _RELATION * relations + numbers + _left_out(named, words)


def _weight(word: str, near: frozenset[str], vocabulary: Vocabulary) -> float:
    root = stem(word)
    if word in plain_words() or root in near or len(word) == 1:
        return 0.0
    if root in vocabulary.stems or word in vocabulary.words:
        return 0.0 if root in plain_stems() else _FROM_THE_BODY
    if root in licences():
        return _FROM_THE_BODY
    return 0.0 if root in plain_stems() else _UNKNOWN


def _is_sure(word: str, vocabulary: Vocabulary) -> bool:
    """Tell whether the code bears a relation out: `new` of a collection that it makes."""
    return word == "new" and vocabulary.code is not None and "new-result" in vocabulary.code.traits


def _left_out(named: frozenset[str], words: list[str]) -> float:
    """Return the share of the name's words that a sentence does not take up."""
    said = {stem(word) for word in words}
    missing = [one for one in named if not any(_alike(one, other) for other in said)]
    return len(missing) / len(named) if named else 0.0


def _alike(one: str, other: str) -> bool:
    """Tell whether two stems are the same, or one may be short for the other."""
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= _SHORTEST_PREFIX and long.startswith(short))


def _stems(name: str) -> frozenset[str]:
    return frozenset(stem(part) for part in parts_of(name) if part not in _LINKS)


@lru_cache(maxsize=1)
def _relations() -> frozenset[str]:
    return frozenset(word for line in table_lines("relations.txt") for word in line.split())
