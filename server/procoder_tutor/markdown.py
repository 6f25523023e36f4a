"""Facts and explanations as people read them: Markdown for editors, plain text for terminals.

Everything that comes from user code or from a model is escaped or put into code; the only links
are ours, into official documentation.
"""

import re
from collections.abc import Sequence
from typing import Protocol

from procoder_tutor.cards.sentences import fact_sentences
from procoder_tutor.cards.signature import signature_code
from procoder_tutor.cards.steps import step_lines
from procoder_tutor.events import Checks, Explanation
from procoder_tutor.facts.model import Facts
from procoder_tutor.questions import Level
from procoder_tutor.sanitize import code_span, escape, fence

MAX_LINES = 25
_MOST_FINDINGS = 5
_NOTHING_HELD = "The model's answer did not hold up against the code, so only facts are shown."
_TOO_MUCH = "What the model wrote says more than could be checked, so only facts are shown."
_EITHER = (
    "What the model wrote did not hold up against the code, or says more than could be checked, "
    "so only facts are shown."
)


class FindingLike(Protocol):
    """What is shown of a linter's finding."""

    @property
    def code(self) -> str:
        """Its rule, e.g. `F841`."""
        ...

    @property
    def message(self) -> str:
        """What is wrong."""
        ...

    @property
    def line(self) -> int:
        """1-based line."""
        ...


def facts_markdown(
    facts: Facts,
    findings: Sequence[FindingLike] = (),
    *,
    level: Level = Level.INTERMEDIATE,
) -> str:
    """Return the top of a hover: signature, then one short plain sentence a fact.

    A beginner also reads what the called functions do; an expert is spared the concepts.
    """
    blocks = [fence(signature_code(facts), "python")]
    sentences = list(fact_sentences(facts, level))
    if sentences:
        blocks.append("\n".join(f"{sentence}  " for sentence in sentences).rstrip())
    shown = [_finding(finding) for finding in findings[:_MOST_FINDINGS]]
    if len(findings) > _MOST_FINDINGS:
        shown.append(f"… and {len(findings) - _MOST_FINDINGS} more findings.")
    if shown:
        blocks.append("  \n".join(shown))
    return _at_most("\n\n".join(blocks))


def facts_text(
    facts: Facts,
    findings: Sequence[FindingLike] = (),
    *,
    level: Level = Level.INTERMEDIATE,
) -> str:
    """Return the same as plain text lines for a terminal."""
    lines = [*fact_sentences(facts, level), *(_finding(finding) for finding in findings)]
    return "\n".join([signature_code(facts), *map(plain_text, lines)])


def steps_markdown(facts: Facts) -> str:
    """Return what the code does as a numbered list with lines; empty where it does nothing.

    Stands where an explanation would, when there is no model to write one.
    """
    return "\n".join(step_lines(facts.steps))


def steps_text(facts: Facts) -> str:
    """Return the same as plain text for a terminal."""
    return "\n".join(map(plain_text, step_lines(facts.steps)))


def explanation_markdown(explanation: Explanation, facts: Facts | None = None) -> str:
    """Return the prose and below it the badge: how much was checked, and which model wrote it.

    Where nothing of it held, the steps of the facts stand in its place.
    """
    prose = explanation.markdown
    if not prose:
        steps = steps_markdown(facts) if facts else ""
        prose = "\n\n".join(filter(None, [steps, f"*{why_nothing(explanation.checks)}*"]))
    return f"{prose}\n\n{badge(explanation)}"


def why_nothing(checks: Checks) -> str:
    """Say why nothing that the model wrote is shown."""
    if not checks.withheld:
        return _NOTHING_HELD
    return _TOO_MUCH if checks.withheld == len(checks.dropped) else _EITHER


def badge(explanation: Explanation) -> str:
    """Return `✓ 5 of 5 checked · model · smollm2-135m`, with what was left out."""
    checks = explanation.checks
    passed = checks.passed == checks.checked
    parts = [f"{'✓' if checks.checked and passed else '·'} {checks.summary}"]
    if count := len(checks.dropped) - checks.withheld:
        parts.append(f"{count} sentence{'s' if count > 1 else ''} dropped")
    if checks.withheld:
        parts.append(f"{checks.withheld} withheld")
    parts += ["the model's reading", code_span(explanation.model)]
    if explanation.cached:
        parts.append("from cache")
    return " · ".join(parts)


def _finding(finding: FindingLike) -> str:
    return f"⚠ {escape(finding.code)} line {finding.line}: {escape(finding.message)}"


def plain_text(markdown: str) -> str:
    """Turn sanitized Markdown or a sentence of ours into plain text."""
    text = re.sub(r"(?<!\\)\[((?:[^\[\]\\]|\\.)*)\]\([^)\s]*\)", r"\1", markdown)
    text = re.sub(r"^(\s*)\*([^*]+)\*$", r"\1\2", text)
    text = re.sub(r"(?<!\\)(`+) ?(.*?) ?(?<!`)\1(?!`)", r"\2", text)
    return re.sub(r"\\([\\`*_{}\[\]<>()#+.!~|$&-])", r"\1", text)


def _at_most(markdown: str) -> str:
    """Cut to MAX_LINES without leaving a fence open."""
    lines = markdown.split("\n")
    if len(lines) <= MAX_LINES:
        return markdown
    kept = lines[: MAX_LINES - 2]
    ticks = re.match(r"`{3,}", kept[0])
    if ticks and kept.count(ticks.group()) == 0:
        kept.append(ticks.group())
    return "\n".join([*kept, "…"])
