"""Claims about exceptions, changes, generators and doing nothing, held against the facts."""

import re
from collections.abc import Callable, Iterator

from procoder_tutor.checking.said import Claim, Said
from procoder_tutor.facts.model import Facts

_RAISES = re.compile(r"\b(?:raises?|raising|raised|throws?|throwing|thrown)\b", re.IGNORECASE)
_RAISES_ACTIVELY = re.compile(r"\b(?:raises|throws|will raise)\b", re.IGNORECASE)
_EXCEPTION = re.compile(r"\b[A-Z]\w*(?:Error|Exception|Warning|Interrupt|Exit|Iteration)\b")
_MUTATES = re.compile(
    r"\b(?:in[- ]place|modif(?:y|ies|ying)|mutat(?:e|es|ing)|side[- ]effects?)\b", re.IGNORECASE
)
_YIELDS = re.compile(r"\byield(?:s|ing|ed)?\b", re.IGNORECASE)
_IDLE = re.compile(
    r"\b(?:does nothing|do nothing|no operation|does not do anything)\b", re.IGNORECASE
)


def effect_claims(said: Said, facts: Facts) -> Iterator[Claim]:
    """Find claims about what a call does besides returning."""
    for detector in _DETECTORS:
        yield from detector(said, facts)


def _raising(said: Said, facts: Facts) -> Iterator[Claim]:
    wording = _RAISES if _EXCEPTION.search(said.text) else _RAISES_ACTIVELY
    if not wording.search(said.prose) or said.negated:
        return
    own = [*facts.raises, *facts.handled_raises]
    raised = {item.exception.rpartition(".")[2] for item in own}
    caught = {item.exception.rpartition(".")[2] for item in facts.catches}
    named = set(_EXCEPTION.findall(said.text)) - raised
    if "re-raise" in raised:
        named -= caught
    elif not raised and named <= caught and named:
        return
    if not raised:
        yield Claim("raise", "it raises nothing itself")
    elif named and ("re-raise" not in raised or facts.catches):
        yield Claim("raise", f"it does not raise {', '.join(sorted(named))}")
    else:
        yield Claim("raise")


def _mutating(said: Said, facts: Facts) -> Iterator[Claim]:
    if not _MUTATES.search(said.prose):
        return
    if said.negated:
        yield Claim("effect", f"it changes {facts.mutates[0].name}" if facts.mutates else "")
    else:
        yield Claim("effect", "" if facts.mutates else "it changes nothing outside itself")


def _yielding(said: Said, facts: Facts) -> Iterator[Claim]:
    lazy = any(word in (facts.return_type or "") for word in ("Generator", "Iterator"))
    lazy = lazy or any((item.expression or "").startswith("(") for item in facts.returns)
    if _YIELDS.search(said.prose) and not said.negated:
        yield Claim("effect", "" if facts.yields or lazy else "it is no generator")


def _idling(said: Said, facts: Facts) -> Iterator[Claim]:
    busy = facts.calls or facts.returns or facts.mutates or facts.raises or facts.yields
    if _IDLE.search(said.prose) and not said.conditional:
        yield Claim("effect", "it does something" if busy else "")


_DETECTORS: tuple[Callable[[Said, Facts], Iterator[Claim]], ...] = (
    _raising,
    _mutating,
    _yielding,
    _idling,
)
