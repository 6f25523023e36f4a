"""Words of a sentence that nothing in the code explains.

A small model that misreads code rarely contradicts a fact; it speaks of things the code does not
have. So a sentence must be made of words that the code's names, texts and operations license.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from procoder_tutor.checking.licences import licences, plain_stems, plain_words
from procoder_tutor.checking.reading.code import Code
from procoder_tutor.checking.said import Claim, Said
from procoder_tutor.checking.stems import stem, words_of
from procoder_tutor.vocabulary import Vocabulary

_DENIED = re.compile(r"\b(?:without|instead of|rather than)\b[^,.]*")
_MOST_UNKNOWN = 2
_LARGEST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """How well the code explains a sentence's words."""

    supported: int
    """Words that the code's own names, texts or operations explain."""
    unlicensed: tuple[str, ...]
    """Words about code whose operation does not occur."""
    unknown: tuple[str, ...]
    """Other words that nothing explains."""

    @property
    def share_unknown(self) -> float:
        """Unknown words as a share of all that are not plain."""
        return len(self.unknown) / max(1, self.supported + len(self.unknown))


def evidence(prose: str, vocabulary: Vocabulary, code: Code) -> Evidence:
    """Weigh the words of a sentence; its code spans are to be blanked before."""
    supported, unlicensed, unknown = 0, [], []
    table, plain, exact = licences(), plain_stems(), plain_words()
    for word in dict.fromkeys(words_of(_DENIED.sub("", prose))):
        root = stem(word)
        if root in vocabulary.stems or word in vocabulary.words:
            supported += 1
        elif word in exact:
            continue
        elif root in table:
            if table[root] & code.traits:
                supported += 1
            else:
                unlicensed.append(word)
        elif root not in plain and len(word) > 1:
            unknown.append(word)
    return Evidence(supported, tuple(unlicensed), tuple(unknown))


def word_claims(said: Said, vocabulary: Vocabulary, code: Code) -> Iterator[Claim]:
    """Yield what is wrong with the words of a sentence."""
    found = evidence(said.prose, vocabulary, code)
    if found.unlicensed:
        yield Claim("words", f"nothing in the code says `{found.unlicensed[0]}`")
    elif len(found.unknown) > _MOST_UNKNOWN and found.share_unknown > _LARGEST_SHARE:
        listed = " and ".join(f"`{word}`" for word in found.unknown[:2])
        yield Claim("words", f"nothing in the code says {listed}")
