"""What a tutor reports while it answers, in order: Facts, Delta…, Checked, then Done or Failed.

Explanations by blocks add BlockReady, and wishes for an edit add Proposed, both before Checked.
Working comes between them while a model is asked.
"""

from dataclasses import dataclass, field
from typing import Literal

from procoder_tutor.edits.model import ProposedEdit, Rejected
from procoder_tutor.errors import TutorError
from procoder_tutor.facts.model import Facts


@dataclass(frozen=True, slots=True)
class Checks:
    """What became of the model's sentences when they were held against the code."""

    checked: int = 0
    """Sentences that made a claim we can test."""
    passed: int = 0
    dropped: tuple[str, ...] = ()
    """Sentences removed, each with the reason in parentheses."""
    unknown_names: tuple[str, ...] = ()
    """Names in code spans that occur neither in the code nor in what it can see."""
    language_checked: bool = True
    """False when the answer is not in English, of which only names and numbers were checked."""
    withheld: int = 0
    """How many of the dropped nothing speaks against: they say more than can be checked."""

    def plus(self, other: "Checks") -> "Checks":
        """Join the verdicts over two texts of one answer."""
        return Checks(
            self.checked + other.checked,
            self.passed + other.passed,
            self.dropped + other.dropped,
            tuple(dict.fromkeys(self.unknown_names + other.unknown_names)),
            self.language_checked and other.language_checked,
            self.withheld + other.withheld,
        )

    @property
    def summary(self) -> str:
        """`5 of 6 checked`, or that there was nothing to check, or that it was not checked."""
        if not self.language_checked:
            return "not checked"
        return f"{self.passed} of {self.checked} checked" if self.checked else "nothing to check"


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """Tokens of one answer; all zero when it came from the cache."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0

    def plus(self, other: "TokenUsage") -> "TokenUsage":
        """Add what another request took."""
        return TokenUsage(
            self.prompt_tokens + other.prompt_tokens,
            self.cached_tokens + other.cached_tokens,
            self.completion_tokens + other.completion_tokens,
        )


@dataclass(frozen=True, slots=True)
class TimingsMs:
    """Milliseconds since the question was asked; None where the step did not happen."""

    facts: float | None = None
    first_token: float | None = None
    total: float | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A finished answer: sanitized Markdown and what is known about how it came to be."""

    markdown: str
    """Safe to show: no raw HTML, no images, no links but those ProCoder added. May be empty."""
    checks: Checks
    model: str
    """Id of the model that wrote it; empty where none was needed."""
    blocks: tuple[str, ...] = ()
    """A sentence for each block of the code, see `procoder_tutor.blocks`; empty where none held."""
    sent: tuple[str, ...] = ()
    """Every prompt as it left for the model: without secrets, as text."""
    cached: bool = False
    usage: TokenUsage = field(default_factory=TokenUsage)
    timings_ms: TimingsMs = field(default_factory=TimingsMs)


@dataclass(frozen=True, slots=True)
class FactsReady:
    """The facts; comes first, and once more when jedi completes them."""

    facts: Facts


@dataclass(frozen=True, slots=True)
class BlockReady:
    """What a block of the code does; comes after the sentence for the whole."""

    line: int
    end_line: int
    text: str
    """One checked sentence of the model, or of ours where none held."""


@dataclass(frozen=True, slots=True)
class Delta:
    """Checked, sanitized Markdown to append to what was shown."""

    text: str


@dataclass(frozen=True, slots=True)
class Working:
    """What the answer waits for now."""

    stage: Literal["loading", "reading", "writing"]
    """The model is found or loaded, reads its prompt, or writes."""
    tokens: int = 0
    """While reading about those of the prompt, while writing those that are written."""
    tokens_per_second: float | None = None
    """None while it is not known on this machine."""
    seconds_left: float | None = None
    """While reading about as many until the first token; while writing at most as many."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """An edit that passed its checks, or why none is offered."""

    proposal: ProposedEdit | Rejected


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict over the whole text."""

    checks: Checks


@dataclass(frozen=True, slots=True)
class Done:
    """The answer is complete."""

    explanation: Explanation
    turn: int | None = None
    """Number of the question among the turns of its conversation; None for one without."""


@dataclass(frozen=True, slots=True)
class Failed:
    """No (further) answer; what was already shown stays valid."""

    error: TutorError


Event = FactsReady | Working | Delta | BlockReady | Proposed | Checked | Done | Failed
