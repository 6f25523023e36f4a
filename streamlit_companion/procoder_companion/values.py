"""What the API answers, as far as pages show it; docs/api.md has all of it.

Lines are 1-based, columns 0-based code points. Markdown passes `safe_markdown` before it is shown.
"""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """Base: unchangeable, and with no objection to fields that a newer API adds."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Lines(Value):
    """A range of whole lines, both included."""

    line: int
    end_line: int

    @property
    def label(self) -> str:
        """`4`, or `4-7`."""
        return str(self.line) if self.line == self.end_line else f"{self.line}-{self.end_line}"


class Step(Lines):
    """One thing the code does."""

    text: str
    depth: int = 0


class Concept(Value):
    """A language concept that the code uses."""

    id: str
    title: str
    line: int


class Facts(Value):
    """What the code proves."""

    name: str
    kind: str
    line: int
    end_line: int
    steps: tuple[Step, ...] = ()
    concepts: tuple[Concept, ...] = ()
    members: tuple[str, ...] = ()


class KnownFacts(Value):
    """Facts, and the card that tells them."""

    facts: Facts
    card: str


class Checks(Value):
    """What became of the model's sentences."""

    checked: int = 0
    passed: int = 0
    dropped: tuple[str, ...] = ()
    unknown_names: tuple[str, ...] = ()


class Verdict(Value):
    """Checks, and the words that sum them up."""

    summary: str
    checks: Checks = Checks()


class Proposal(Value):
    """A change of the code, or why none is offered."""

    title: str = ""
    difference: str = ""
    code: str = ""
    """The whole text afterwards; empty where no change is offered."""
    notes: tuple[str, ...] = ()
    rejected: str = ""


class Usage(Value):
    """Tokens."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0


class Timings(Value):
    """Milliseconds since the question was asked."""

    first_token: float | None = None
    total: float | None = None


class Answer(KnownFacts):
    """A finished answer."""

    markdown: str
    blocks: tuple[Step, ...] = ()
    proposal: Proposal | None = None
    verdict: Verdict
    model: str = ""
    cached: bool = False
    usage: Usage = Usage()
    timings_ms: Timings = Timings()
    sent: tuple[str, ...] = ()


class Progress(Value):
    """What an answer waits for."""

    stage: Literal["loading", "reading", "writing"]
    tokens: int = 0
    tokens_per_second: float | None = None
    seconds_left: float | None = None


class Finding(Value):
    """What the linter reports at a place."""

    code: str
    severity: Literal["error", "warning", "hint"]
    message: str
    line: int
    column: int
    end_line: int
    end_column: int


class ExplainedFinding(Value):
    """A finding, and what it means."""

    finding: Finding
    title: str
    explanation: str
    fix: Proposal | None = None


class Findings(Value):
    """All findings of some code."""

    findings: tuple[ExplainedFinding, ...] = ()
    omitted: int = 0


class Hint(Value):
    """One rung of the ladder."""

    rung: str
    markdown: str
    lesson: str = ""
    more: str | None = None


class LessonTitle(Value):
    """A lesson in a list."""

    id: str
    title: str
    finished: datetime | None = None


class LessonTitles(Value):
    """A list of lessons."""

    items: tuple[LessonTitle, ...]


class Lesson(Value):
    """A lesson."""

    id: str
    title: str
    text: str
    example: str
    output: str
    exercise: str
    starter: str
    solution: str = ""
    prerequisites: tuple[str, ...] = ()
    url: str | None = None


class LessonText(Value):
    """A lesson, and whether it is finished."""

    lesson: Lesson
    finished: datetime | None = None


class Conversation(Value):
    """A conversation in a list."""

    id: str
    title: str
    document: str | None = None
    created: datetime
    changed: datetime


class Conversations(Value):
    """A page of conversations."""

    items: tuple[Conversation, ...]
    next: str | None = None


class Turn(Value):
    """One thing said."""

    role: Literal["user", "tutor"]
    text: str
    kind: str
    level: str
    symbol: str = ""
    checks: str = ""
    model: str = ""
    created: datetime


class ConversationTurns(Value):
    """A conversation with what was said."""

    conversation: Conversation
    turns: tuple[Turn, ...]


class Found(Value):
    """A turn that a search found."""

    conversation: Conversation
    turn: Turn


class SearchResult(Value):
    """The turns that were found."""

    items: tuple[Found, ...]


class Model(Value):
    """The model that answers."""

    id: str


class Models(Value):
    """The models that answer."""

    items: tuple[Model, ...]
