"""A kept answer, shown again: with its secrets, and with the lines of the code as it is now."""

from dataclasses import replace

from procoder_tutor.answering.by_blocks import steps_text
from procoder_tutor.blocks import blocks_of
from procoder_tutor.clock import Clock
from procoder_tutor.events import BlockReady, Checked, Delta, Done, Event, Explanation
from procoder_tutor.facts.model import Facts
from procoder_tutor.privacy import Privacy
from procoder_tutor.questions import Question
from procoder_tutor.sanitize import sanitize


def restored(kept: Explanation, privacy: Privacy) -> Explanation:
    """Return a kept answer with the secrets of the code it is about, as safe to show as before."""
    if not privacy.holds_secrets:
        return kept
    return replace(
        kept,
        markdown=sanitize(privacy.restore(kept.markdown)),
        blocks=tuple(sanitize(privacy.restore(block)) for block in kept.blocks),
    )


def replay(kept: Explanation, question: Question, facts: Facts, clock: Clock) -> list[Event]:
    """Return the events of an answer that is there at once; its lines are those of now."""
    clock.first_token = clock.now() if kept.markdown else None
    events: list[Event] = [Delta(kept.markdown)] if kept.markdown else []
    events += [
        BlockReady(block.line, block.end_line, sentence or steps_text(facts, block))
        for block, sentence in zip(blocks_of(question.symbol), kept.blocks, strict=False)
    ]
    return [*events, Checked(kept.checks), Done(replace(kept, timings_ms=clock.timings()))]
