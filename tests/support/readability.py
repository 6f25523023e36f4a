"""How hard a text is to read."""

import re


def flesch_kincaid_grade(markdown: str) -> float:
    """Return the US school grade of a text, by Flesch and Kincaid's formula of 1975.

    Code spans count as one short word. Syllables are counted by groups of vowels.
    """
    text = re.sub(r"`[^`]*`", "code", markdown)
    sentences = [s for s in re.split(r"[.!?](?:\s|$)", text) if s.strip()]
    words = re.findall(r"[A-Za-z']+", text)
    syllables = sum(_syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def _syllables(word: str) -> int:
    lowered = re.sub(r"(?<=[^laeiouy])(e|es|ed)$", "", word.lower())
    return max(1, len(re.findall(r"[aeiouy]+", lowered)))
