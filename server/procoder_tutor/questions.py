"""What can be asked: a kind of question about one symbol of one snapshot of a document."""

from dataclasses import dataclass, field
from enum import StrEnum

from procoder_tutor.findings import Finding
from procoder_tutor.symbols import Symbol


class Kind(StrEnum):
    """What the asker wants."""

    EXPLAIN = "explain"
    BLOCKS = "blocks"
    """A sentence for every block of the code, after the one for the whole."""
    CHAT = "chat"
    """An answer to a question in the asker's own words."""
    ERROR = "error"
    """What a finding of the linter means; needs no model."""
    FIX = "fix"
    SIMPLIFY = "simplify"
    DOCUMENT = "document"
    TESTS = "tests"


class Level(StrEnum):
    """Whom the answer is for: it decides words, length and what is left out."""

    BEGINNER = "beginner"
    INTERMEDIATE = "intermediate"
    EXPERT = "expert"


class Prose(StrEnum):
    """How much of a model's words on what code is for is shown."""

    STRICT = "strict"
    """Only what says little beyond names, and so is seldom false."""
    ALL = "all"
    """Whatever no check contradicts; a small model is often wrong there."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question, complete in itself: the same question always has the same answer."""

    symbol: Symbol
    kind: Kind = Kind.EXPLAIN
    level: Level = Level.INTERMEDIATE
    language: str = "en"
    """BCP 47 code of the answer's language; facts and lessons are English."""
    refresh: bool = False
    """Ask the model again even when the cache has an answer."""
    text: str = ""
    """The asker's own words, for a chat."""
    finding: Finding | None = None
    """What is to be explained or fixed."""
    conversation: str | None = None
    """Id of the conversation that a chat goes on in; None for a question by itself."""
    background: bool = field(default=False, compare=False)
    """Nobody waits for the answer yet: the model serves whoever waits first. Not part of what is
    asked: who asks the same meanwhile joins the run that is under way."""
