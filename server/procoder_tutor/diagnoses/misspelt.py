"""Keywords that are misspelt: Python up to 3.13 only says that it cannot read the line.

A correction counts only if the line parses with it.
"""

import difflib
import keyword
import re
from dataclasses import dataclass

from procoder_tutor.diagnoses.broken import BrokenLine
from procoder_tutor.parsing import parse_fragment

_WORD = re.compile(r"[^\W\d]\w+")
_SIMILAR = 0.6
"""Least ratio of difflib; `esle` and `else` have 0.75, `fro` and `for` 0.67."""
_LONGEST = 400
_BEFORE = {"elif": "if x: pass\n", "else": "if x: pass\n"} | dict.fromkeys(
    ("except", "finally"), "try: pass\n"
)


@dataclass(frozen=True, slots=True)
class Misspelt:
    """A word of a line and the keyword that it should be; columns of the line."""

    word: str
    keyword: str
    start: int
    end: int


def misspelt_keyword(line: BrokenLine) -> Misspelt | None:
    """Return the word near the error that, spelt as a keyword, lets the line parse."""
    if len(line.text) > _LONGEST:
        return None
    words = list(_WORD.finditer(line.masked))
    before = [word for word in words if word.start() <= line.column]
    for word in dict.fromkeys([*before[-2:][::-1], *before[:1]]):
        if keyword.iskeyword(word[0]):
            continue
        for near in difflib.get_close_matches(word[0], keyword.kwlist, 4, _SIMILAR):
            corrected = line.text[: word.start()] + near + line.text[word.end() :]
            if _parses(corrected.strip()):
                return Misspelt(word[0], near, word.start(), word.end())
    return None


def _parses(line: str) -> bool:
    """Whether a line is Python, with a block below it where it needs one."""
    first = _WORD.match(line)
    text = _BEFORE.get(first[0], "") + line if first else line
    if line.endswith(":"):
        text += "\n    pass"
        if line == "try:":
            text += "\nfinally: pass"
    # A function around it lets `return` and `await` pass the parser of every version.
    body = "\n".join(f"    {row}" for row in text.split("\n"))
    return parse_fragment(f"async def f():\n{body}") is not None
