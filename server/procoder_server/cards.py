"""The text of a hover, put together from facts, findings and the state of the explanation."""

from collections.abc import Sequence

from procoder_server.parts import Explained, Part, Unavailable, Writing, waiting_line
from procoder_tutor.facts.model import Facts
from procoder_tutor.findings import Finding
from procoder_tutor.markdown import (
    badge,
    explanation_markdown,
    facts_markdown,
    facts_text,
    steps_markdown,
    steps_text,
)
from procoder_tutor.questions import Level
from procoder_tutor.sanitize import escape

_RULE = "\n\n---\n\n"


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
            blocks.append(explanation_markdown(explanation, facts))
        case Writing(text):
            blocks.append("\n\n".join(filter(None, [text.strip(), f"*{waiting_line(part)}*"])))
        case Unavailable(reason):
            steps = steps_markdown(facts) if facts else ""
            blocks.append("\n\n".join(filter(None, [steps, escape(reason)])))
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
            prose = explanation.markdown or (steps_text(facts) if facts else "")
            blocks += filter(None, [prose, badge(explanation)])
        case Writing(text):
            blocks += filter(None, [text.strip(), waiting_line(part)])
        case Unavailable(reason):
            blocks += filter(None, [steps_text(facts) if facts else "", reason])
    return "\n\n".join(blocks)


def describe_finding(finding: Finding) -> str:
    """Return a finding in one line."""
    return f"{finding.code} line {finding.line}: {finding.message}"
