"""How hard a text is to read, as the school year in which it is understood.

Flesch-Kincaid grade level: 0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid et al.,
1975). Syllables are counted as groups of vowels, without a silent `e` at the end.
"""

import re

_CODE = re.compile(r"```.*?```|`+[^`]*`+", re.DOTALL)
_SENTENCE = re.compile(r"[.!?:]+(?=\s|$)")
_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?")
_VOWELS = re.compile(r"[aeiouy]+")


def grade(text: str) -> float:
    """Return the grade of a text; each code span counts as one short word."""
    prose = _CODE.sub("it", text)
    words = _WORD.findall(prose)
    if not words:
        return 0.0
    sentences = max(len(_SENTENCE.findall(prose)), 1)
    syllables = sum(_syllables(word.lower()) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def _syllables(word: str) -> int:
    silent = word.endswith("e") and not word.endswith(("le", "ee")) and len(word) > 2
    return max(len(_VOWELS.findall(word)) - silent, 1)
