"""A reply of the tutor as it grows out of the events of a stream."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from procoder_companion import values
from procoder_companion.wire import parse, problem


@dataclass(frozen=True, slots=True)
class Reply:
    """What the tutor has said so far."""

    known: values.KnownFacts | None = None
    progress: values.Progress | None = None
    markdown: str = ""
    blocks: tuple[values.Step, ...] = ()
    proposal: values.Proposal | None = None
    verdict: values.Verdict | None = None
    answer: values.Answer | None = None
    """The whole answer; None until it is done."""
    trouble: str = ""
    """Why it ended without an answer."""
    stopped: bool = False
    """The reader stopped it."""


def grown(reply: Reply, event: str, data: str) -> Reply:
    """Return a reply after an event; events of a newer API change nothing."""
    grow = _GROWTH.get(event)
    return reply if grow is None else grow(reply, data)


def _facts(reply: Reply, data: str) -> Reply:
    return replace(reply, known=parse(values.KnownFacts, data))


def _working(reply: Reply, data: str) -> Reply:
    return replace(reply, progress=parse(values.Progress, data))


def _delta(reply: Reply, data: str) -> Reply:
    return replace(reply, markdown=reply.markdown + parse(_Text, data).text)


def _block(reply: Reply, data: str) -> Reply:
    return replace(reply, blocks=(*reply.blocks, parse(values.Step, data)))


def _proposed(reply: Reply, data: str) -> Reply:
    return replace(reply, proposal=parse(values.Proposal, data))


def _checked(reply: Reply, data: str) -> Reply:
    return replace(reply, verdict=parse(values.Verdict, data))


def _done(reply: Reply, data: str) -> Reply:
    answer = parse(values.Answer, data)
    return replace(
        reply,
        known=answer,
        progress=None,
        markdown=answer.markdown,
        blocks=answer.blocks,
        proposal=answer.proposal,
        verdict=answer.verdict,
        answer=answer,
    )


def _failed(reply: Reply, data: str) -> Reply:
    return replace(reply, progress=None, trouble=str(problem(data, 0)))


class _Text(values.Value):
    text: str


_GROWTH: Mapping[str, Callable[[Reply, str], Reply]] = {
    "facts": _facts,
    "working": _working,
    "delta": _delta,
    "block": _block,
    "proposed": _proposed,
    "checked": _checked,
    "done": _done,
    "failed": _failed,
}
"""By the names of the API's events."""
