"""A conversation as a Markdown document to keep or to hand in."""

from collections.abc import Iterator, Sequence

from procoder_tutor.conversations.model import Conversation, Role, Turn
from procoder_tutor.sanitize import code_span, escape, sanitize

_SPEAKERS = {Role.USER: "You", Role.TUTOR: "ProCoder"}


def conversation_markdown(conversation: Conversation, turns: Sequence[Turn]) -> str:
    """Write title, document and date, then every turn under a heading of its own.

    What the user typed is written anew without HTML, images and links; code keeps its fences.
    """
    about = f"About {code_span(conversation.document)}, begun" if conversation.document else "Begun"
    begun = f"{about} on {conversation.created:%Y-%m-%d}."
    blocks = [f"# {escape(conversation.title)}", begun]
    for turn in turns:
        blocks += _turn(turn)
    return "\n\n".join(blocks) + "\n"


def _turn(turn: Turn) -> Iterator[str]:
    about = f" · {code_span(turn.symbol)}" if turn.symbol else ""
    yield f"## {_SPEAKERS[turn.role]} · {turn.created:%Y-%m-%d %H:%M} UTC{about}"
    text = turn.text if turn.role is Role.TUTOR else sanitize(turn.text)
    if text.strip():
        yield text.strip()
    badge = [escape(turn.checks), code_span(turn.model)]
    if any(badge):
        yield f"*{' · '.join(part for part in badge if part)}*"
