"""What is answered about code: shapes that the routes share, made of the tutor's own."""

from pydantic import BaseModel, ConfigDict

from procoder_tutor.edits.difference import difference
from procoder_tutor.edits.model import ProposedEdit, Rejected
from procoder_tutor.edits.text import apply_edits
from procoder_tutor.events import Checks, TimingsMs, TokenUsage
from procoder_tutor.facts.model import Facts
from procoder_tutor.symbols import Document

DESCRIBED = ConfigDict(use_attribute_docstrings=True)


class Block(BaseModel):
    """What one block of the code does."""

    model_config = DESCRIBED

    line: int
    end_line: int
    text: str
    """One sentence."""


class Verdict(BaseModel):
    """What became of the model's sentences when they were held against the code."""

    model_config = DESCRIBED

    summary: str
    """E.g. `5 of 6 checked`."""
    checks: Checks

    @classmethod
    def of(cls, checks: Checks) -> "Verdict":
        """Put a verdict into words."""
        return cls(summary=checks.summary, checks=checks)


class Proposal(BaseModel):
    """A change of the code that passed its checks, or the reason why none is offered."""

    model_config = DESCRIBED

    title: str = ""
    """What it does; empty where none is offered."""
    difference: str = ""
    """As a unified diff."""
    code: str = ""
    """The whole text afterwards; empty where no change is offered, or one of another file."""
    notes: tuple[str, ...] = ()
    """Sentences about what was left out, and why."""
    rejected: str = ""
    """Why none is offered; empty where one is."""

    @classmethod
    def of(cls, document: Document, proposal: ProposedEdit | Rejected) -> "Proposal":
        """Show what would change."""
        if isinstance(proposal, Rejected):
            return cls(rejected=proposal.reason)
        changed = difference(document, proposal)
        here = proposal.edits if proposal.path is None else ()
        code = apply_edits(document.snapshot.text, here) if here else ""
        return cls(title=proposal.title, difference=changed, code=code, notes=proposal.notes)


class Answer(BaseModel):
    """A finished answer about some code."""

    model_config = DESCRIBED

    facts: Facts
    """What the code proves, without a model."""
    card: str
    """The facts as Markdown."""
    markdown: str
    """The model's words that held; safe to show, perhaps empty."""
    blocks: list[Block]
    proposal: Proposal | None = None
    verdict: Verdict
    model: str
    """Id of the model that wrote it; empty where none was needed."""
    cached: bool
    usage: TokenUsage
    timings_ms: TimingsMs
    sent: tuple[str, ...]
    """Every prompt as it left for the model, without secrets."""
