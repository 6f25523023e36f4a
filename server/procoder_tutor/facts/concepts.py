"""The language concepts a piece of code uses, each with the page that teaches it."""

from procoder_tutor.facts.concept_rules import TELLING, found_at
from procoder_tutor.facts.model import Concept
from procoder_tutor.facts.places import places
from procoder_tutor.facts.scope import Scope
from procoder_tutor.facts.topics import TOPICS


def concepts(scope: Scope, *, recursive: bool) -> tuple[Concept, ...]:
    """List the concepts of a symbol, nested definitions included, in order of appearance."""
    first: dict[str, int] = {}
    for place in places(scope, TELLING):
        for name in found_at(place):
            line = getattr(place.node, "lineno", 1)
            first[name] = min(line, first.get(name, line))
    if recursive:
        first["recursion"] = getattr(scope.symbol.node, "lineno", 1)
    ordered = sorted(first.items(), key=lambda item: (item[1], item[0]))
    return tuple(_concept(name, line) for name, line in ordered)


def _concept(name: str, line: int) -> Concept:
    topic = TOPICS[name]
    return Concept(name, topic.title, line, topic.url)
