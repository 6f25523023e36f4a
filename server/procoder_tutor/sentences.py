"""Cuts text into sentences while it streams in."""

import re

_END = re.compile(r"[.!?…]+[\"')\]]*(?=\s+[^\s])")
_NEW_BLOCK = re.compile(r"\n\s*\n|\n(?=[ \t]*(?:[-*+•]|\d{1,2}[.)])\s)")
"""A blank line, or a line that begins an item of a list."""
_ITEM_NUMBER = re.compile(r"(?:^|[\n:])\s*\d{1,2}\.$")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|approx|resp|incl|excl|no|fig|p|ej|z\.B|d\.h|bzw|ca"
    r"|[A-Z])\.$",
    re.IGNORECASE,
)


class SentenceSplitter:
    """Takes pieces of text; gives whole sentences, never cut inside a code span."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> list[str]:
        """Return the sentences that `text` completes."""
        self._held += text
        sentences: list[str] = []
        while (end := self._boundary()) is not None:
            sentence, self._held = self._held[:end], self._held[end:].lstrip()
            sentences.append(_flat(sentence))
        return sentences

    def flush(self) -> str:
        """Return what is left: the last sentence, whole or not."""
        rest, self._held = _flat(self._held), ""
        return rest

    def _boundary(self) -> int | None:
        """Return where the first sentence ends: at its full stop, or with its paragraph or item."""
        block = _NEW_BLOCK.search(self._held, len(self._held) - len(self._held.lstrip()))
        limit = block.start() if block else len(self._held)
        for match in _END.finditer(self._held):
            if match.end() > limit:
                break
            before = self._held[: match.end()]
            following = self._held[match.end() :].lstrip()[:1]
            if before.count("`") % 2 or following.islower():
                continue
            if not _ABBREVIATION.search(before) and not _ITEM_NUMBER.search(before):
                return match.end()
        return limit if block and self._held[:limit].count("`") % 2 == 0 else None


def is_whole(sentence: str) -> bool:
    """Tell whether a sentence came to its end."""
    return bool(re.search(r"[.!?…][\"')\]`*]*$", sentence))


def _flat(text: str) -> str:
    return " ".join(text.split())
