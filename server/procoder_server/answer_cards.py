"""Answers of commands as Markdown: explanations, replies in a chat, proposed edits."""

from collections.abc import Sequence

from procoder_server.asking import Answer, lines_name
from procoder_server.cards import compose_markdown
from procoder_server.parts import Explained
from procoder_tutor.edits.model import ProposedEdit, Rejected
from procoder_tutor.markdown import explanation_markdown
from procoder_tutor.questions import Kind, Level
from procoder_tutor.sanitize import code_span, escape, fence, sanitize

_NOTHING_SENT = "Nothing has been sent to a model yet."
_NO_MODEL = "No model was asked: the answer is ProCoder's own."


def explained(answer: Answer, level: Level) -> str:
    """Return facts, prose and badge, then a line for each block."""
    card = compose_markdown(answer.facts, (), Explained(answer.explanation), level)
    if not answer.blocks:
        return card
    items = [f"- {lines_name(b.line, b.end_line)}: {b.text}" for b in answer.blocks]
    return f"{card}\n\n" + "\n".join(items)


def reply(kind: Kind, answer: Answer, level: Level, difference: str) -> str:
    """Return an answer as a turn of a chat shows it; `difference` is that of a proposed edit."""
    if kind in {Kind.EXPLAIN, Kind.BLOCKS}:
        return explained(answer, level)
    if answer.proposal is not None and kind is not Kind.CHAT:
        return proposal_markdown(answer.proposal, difference)
    if not answer.explanation.model:
        return answer.explanation.markdown
    return explanation_markdown(answer.explanation, answer.facts)


def proposal_markdown(proposal: ProposedEdit | Rejected, difference: str) -> str:
    """Return what is proposed as a diff, or why nothing is."""
    if isinstance(proposal, Rejected):
        return sanitize(proposal.reason)
    blocks = [f"**{escape(proposal.title)}**", fence(difference, "diff")]
    return "\n\n".join([*blocks, *map(sanitize, proposal.notes)])


def sent_markdown(title: str, model: str, prompts: Sequence[str], *, cached: bool) -> str:
    """Return what was sent for an answer, a fence a prompt; `title` is empty before the first."""
    if not title:
        return _NOTHING_SENT
    if not prompts:
        return f"{code_span(title)}: {_NO_MODEL}"
    when = "when the answer, now from the cache, was made" if cached else "for the last answer"
    head = f"What {code_span(model)} was sent {when}, about {code_span(title)}:"
    return "\n\n".join([head, *map(fence, prompts)])
