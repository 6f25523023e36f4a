"""What a rule is: a pattern that finds candidates, and a judgement about each of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Span = tuple[int, int]
"""Start and end, in code points; (-1, -1) for a group that took no part."""
Groups = Sequence[Span]
"""The spans of a match and of its groups."""
Judge = Callable[[str, Groups], Iterable[Span]]
"""Says which parts of a candidate are secret; none when it is not one."""


def first_group(_text: str, groups: Groups) -> Iterable[Span]:
    """Take the first group, or the whole match where the pattern has no group."""
    return (groups[1] if len(groups) > 1 else groups[0],)


@dataclass(frozen=True, slots=True)
class Rule:
    """Finds one kind of secret or of personal data."""

    kind: str
    pattern: str
    """RE2 syntax over Latin-1."""
    judge: Judge = first_group
    personal: bool = False
    """Personal data yields to a secret that it overlaps."""
    keeps_escapes: bool = False
    """Matched against the text as it is, not with `\\n` and its like blanked."""
    resume: int = 0
    """The group behind which the search goes on after a candidate that was refused."""
