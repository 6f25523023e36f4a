"""The text of a hover, put together from facts, findings and the state of the explanation."""

from collections.abc import Sequence

from procoder_server.parts import Diagnosed, Explained, Part, Unavailable, Writing, waiting_line
from procoder_tutor.cards.phrases import linked
from procoder_tutor.diagnoses import diagnose
from procoder_tutor.facts.model import Facts
from procoder_tutor.findings import Finding
from procoder_tutor.markdown import (
    badge,
    explanation_markdown,
    facts_markdown,
    facts_text,
    plain_text,
    steps_markdown,
    steps_text,
)
from procoder_tutor.questions import Level
from procoder_tutor.sanitize import code_span, escape, fence
from procoder_tutor.symbols import Document
from procoder_tutor.targets import Target

_MOST_DIAGNOSES = 3
RULE = "\n\n---\n\n"


def compose_markdown(
    facts: Facts | None,
    findings: Sequence[Finding | Diagnosed],
    part: Part | None,
    level: Level = Level.INTERMEDIATE,
) -> str:
    """Return a hover as Markdown: what is known, then what the model says."""
    blocks = [_known_markdown(facts, findings, level)]
    match part:
        case Explained(explanation):
            blocks.append(explanation_markdown(explanation, facts))
        case Writing(text):
            blocks.append("\n\n".join(filter(None, [text.strip(), f"*{waiting_line(part)}*"])))
        case Unavailable(reason):
            steps = steps_markdown(facts) if facts else ""
            blocks.append("\n\n".join(filter(None, [steps, escape(reason)])))
    return RULE.join(filter(None, blocks))


def compose_text(
    facts: Facts | None,
    findings: Sequence[Finding | Diagnosed],
    part: Part | None,
    level: Level = Level.INTERMEDIATE,
) -> str:
    """Return a hover as plain text, for clients that render no Markdown."""
    blocks = []
    if facts is not None:
        blocks.append(facts_text(facts, level=level))
    blocks.append("\n".join(f"! {_finding_text(item)}" for item in findings))
    match part:
        case Explained(explanation):
            prose = explanation.markdown or (steps_text(facts) if facts else "")
            blocks += [plain_text(prose), badge(explanation)]
        case Writing(text):
            blocks += [plain_text(text.strip()), waiting_line(part)]
        case Unavailable(reason):
            blocks += [steps_text(facts) if facts else "", reason]
    return "\n\n".join(filter(None, blocks))


def target_markdown(target: Target) -> str:
    """Return what is known of a function or class that is not explained."""
    about = linked(target.name, target.url, code=True)
    summary = escape(target.summary) if target.summary else ""
    return "\n\n".join(filter(None, [fence(target.signature, "python"), summary, about]))


def target_text(target: Target) -> str:
    """Return the same as plain text."""
    return "\n".join(filter(None, [target.signature, target.summary, target.name]))


def diagnosed(document: Document, findings: Sequence[Finding]) -> list[Finding | Diagnosed]:
    """Add to the first findings what they mean; a hover with more than that nobody reads."""
    explained = findings[:_MOST_DIAGNOSES]
    rest = findings[_MOST_DIAGNOSES:]
    return [*(Diagnosed(item, diagnose(document, item)) for item in explained), *rest]


def describe_finding(finding: Finding) -> str:
    """Return a finding in one line."""
    return f"{finding.code} line {finding.line}: {finding.message}"


def _known_markdown(
    facts: Facts | None, findings: Sequence[Finding | Diagnosed], level: Level
) -> str:
    """Return what needs no model: the facts, and what is wrong here."""
    explained = [f"⚠ {_in_plain_words(item)}" for item in findings if isinstance(item, Diagnosed)]
    plain = [item for item in findings if isinstance(item, Finding)]
    if facts is not None:
        known = facts_markdown(facts, plain, level=level)
    else:
        known = "  \n".join(f"⚠ {escape(describe_finding(item))}" for item in plain)
    return "\n\n".join(filter(None, [known, *explained]))


def _finding_text(finding: Finding | Diagnosed) -> str:
    if isinstance(finding, Diagnosed):
        return plain_text(_in_plain_words(finding).replace("**", ""))
    return describe_finding(finding)


def _in_plain_words(found: Diagnosed) -> str:
    """Return what a finding means here and what to do about it, in two or three sentences."""
    diagnosis, code = found.diagnosis, code_span(found.finding.code)
    return f"**{diagnosis.title}** ({code}). {diagnosis.meaning} {diagnosis.remedy}"
