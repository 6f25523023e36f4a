"""The text of a hover, put together from facts, findings and the state of the explanation."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from procoder_tutor.events import Explanation
from procoder_tutor.facts.model import Facts
from procoder_tutor.findings import Finding
from procoder_tutor.markdown import badge, explanation_markdown, facts_markdown, facts_text
from procoder_tutor.questions import Level
from procoder_tutor.sanitize import escape

PYTHON_ONLY = "ProCoder computes facts for Python so far; it has nothing to say about this file."
READING = "ProCoder is still reading this file: hover again."
_RULE = "\n\n---\n\n"


@dataclass(frozen=True, slots=True)
class Explained:
    """The explanation is there."""

    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Writing:
    """The explanation is being written."""

    text: str = ""
    """What there is of it."""
    seconds: float | None = None
    """Until it is done; None when that is unknown."""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """There will be no explanation."""

    reason: str
    """What happened and what to do, in one line."""


Part = Explained | Writing | Unavailable


def compose_markdown(
    facts: Facts | None,
    findings: Sequence[Finding],
    part: Part | None,
    level: Level = Level.INTERMEDIATE,
) -> str:
    """Return a hover as Markdown: what is known, then what the model says."""
    blocks = []
    if facts is not None:
        blocks.append(facts_markdown(facts, findings, level=level))
    elif findings:
        blocks.append("  \n".join(f"⚠ {escape(describe_finding(item))}" for item in findings))
    match part:
        case Explained(explanation):
            blocks.append(explanation_markdown(explanation))
        case Writing(text):
            blocks.append("\n\n".join(filter(None, [text.strip(), f"*{waiting_line(part)}*"])))
        case Unavailable(reason):
            blocks.append(escape(reason))
    return _RULE.join(blocks)


def compose_text(
    facts: Facts | None,
    findings: Sequence[Finding],
    part: Part | None,
    level: Level = Level.INTERMEDIATE,
) -> str:
    """Return a hover as plain text, for clients that render no Markdown."""
    blocks = []
    if facts is not None:
        blocks.append(facts_text(facts, level=level))
    if findings:
        blocks.append("\n".join(f"! {describe_finding(item)}" for item in findings))
    match part:
        case Explained(explanation):
            blocks += filter(None, [explanation.markdown, badge(explanation)])
        case Writing(text):
            blocks += filter(None, [text.strip(), waiting_line(part)])
        case Unavailable(reason):
            blocks.append(reason)
    return "\n\n".join(blocks)


def waiting_line(part: Writing) -> str:
    """Say that the explanation is coming, and when, if that is known."""
    about = "" if part.seconds is None else f", about {max(1, math.ceil(part.seconds))} s"
    return f"Writing the explanation{about}: hover again."


def describe_finding(finding: Finding) -> str:
    """Return a finding in one line."""
    return f"{finding.code} line {finding.line}: {finding.message}"
