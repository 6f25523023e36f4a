"""Which words the operations of code license.

A word of data/licences.txt needs the code to have one of the labels of its line, as traits.py and
code.py give them; one of data/plain_words.txt fits any code. Both were collected from sentences
of small models that people had labelled true or false.
"""

from collections.abc import Iterator, Mapping, Set
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from procoder_tutor.checking.stems import stem


def table_lines(name: str) -> Iterator[str]:
    """Yield the entries of a table in data/, continued lines joined, comments left out."""
    text = (files("procoder_tutor.checking") / "data" / name).read_text(encoding="utf-8")
    entry = ""
    for line in text.splitlines():
        if line.startswith(" "):
            entry += " " + line.strip()
            continue
        if entry:
            yield entry
        entry = "" if line.startswith("#") else line.strip()
    if entry:
        yield entry


@lru_cache(maxsize=1)
def licences() -> Mapping[str, frozenset[str]]:
    """Return the labels that license each stem of the table."""
    table: dict[str, set[str]] = {}
    for line in table_lines("licences.txt"):
        words, _, labels = line.partition(" : ")
        for word in words.split():
            table.setdefault(stem(word), set()).update(labels.split())
    return MappingProxyType({word: frozenset(labels) for word, labels in table.items()})


@lru_cache(maxsize=1)
def plain_words() -> Set[str]:
    """Return words that fit any code and need no licence."""
    return frozenset(word for line in table_lines("plain_words.txt") for word in line.split())


@lru_cache(maxsize=1)
def plain_stems() -> Set[str]:
    """Return the stems of the plain words."""
    return frozenset(stem(word) for word in plain_words())
