"""Conversations and their turns, as values."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum


class Role(StrEnum):
    """Who speaks."""

    USER = "user"
    TUTOR = "tutor"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said. All texts are redacted: nothing secret is ever stored."""

    role: Role
    text: str
    """Markdown; of the tutor sanitized, of the user as typed."""
    kind: str
    """What was asked for, see `questions.Kind`."""
    level: str
    """Whom the answer is for, see `questions.Level`."""
    language: str = "en"
    """BCP 47 code."""
    symbol: str = ""
    """Qualified name of the code it is about; empty when it is about none."""
    code_digest: str = ""
    """What the code was, see `staleness.code_digest`; empty when it is about none."""
    checks: str = ""
    """What was checked of an answer, e.g. `5 of 6 checked`."""
    model: str = ""
    """Id of the model that answered."""
    prompt_tokens: int = 0
    """Tokens the model read for an answer."""
    created: datetime = field(default_factory=_now)
    """When, in UTC."""
    number: int | None = field(default=None, compare=False)
    """Counts up within a conversation; None for a turn that is not kept yet."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A series of turns of one owner, about a document or about none."""

    id: str
    title: str
    document: str | None
    """URI of the document; None for a conversation begun in the companion."""
    created: datetime
    changed: datetime
    """When the last turn was added."""
    opening: str = field(default="", compare=False)
    """How its first question begins; empty before it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A turn that a search found, and where."""

    conversation: Conversation
    turn: Turn
