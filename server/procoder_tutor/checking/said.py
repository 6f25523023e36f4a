"""A sentence as the detectors look at it."""

import re
from dataclasses import dataclass
from typing import Literal

_LEAD_IN = re.compile(
    r"^(?:here(?:'s| is| are)|let's|below is|the following is)\b[^:.]*:\s*", re.IGNORECASE
)
_MARKER = re.compile(r"^(?:[-*+•]|\d{1,2}[.)])\s+")
_HEADING = re.compile(r"^\*\*[^*]{1,60}\*\*:?\s*:?\s*")
_SPAN = re.compile(r"(`+)(.+?)\1")
_NEGATED = re.compile(r"\b(?:not|never|no|without|nothing|neither|instead of)\b|n't", re.IGNORECASE)
_CONDITION = re.compile(r"\b(?:if|when|whenever|unless|once|in case)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence, with what the detectors need of it."""

    text: str
    """As written, without list markers, headings and lead-ins."""
    plain: str
    """The same in lower case, without backticks and emphasis."""
    prose: str
    """The text with the content of its code spans left out."""
    spans: tuple[str, ...]
    """Contents of its code spans."""
    negated: bool

    @classmethod
    def of(cls, sentence: str) -> "Said":
        """Take a sentence apart."""
        text = _HEADING.sub("", _MARKER.sub("", _LEAD_IN.sub("", sentence.strip())))
        text = _HEADING.sub("", _MARKER.sub("", text))
        prose = _SPAN.sub("`x`", text).replace("*", "")
        plain = text.replace("`", "").replace("**", "").lower()
        spans = tuple(span.strip() for _, span in _SPAN.findall(text))
        return cls(text, plain, prose, spans, negated=bool(_NEGATED.search(prose)))

    @property
    def conditional(self) -> bool:
        """Whether it speaks of a condition."""
        return bool(_CONDITION.search(self.prose))


@dataclass(frozen=True, slots=True)
class Claim:
    """A testable claim in a sentence; `contradiction` is empty when the code bears it out."""

    about: Literal[
        "input", "output", "raise", "effect", "construct", "call", "condition", "value",
        "relation", "number", "name", "words",
    ]  # fmt: skip
    contradiction: str = ""
