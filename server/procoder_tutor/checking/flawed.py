"""Code with a mistake that is known not to do what it seems to do, and so what its name says."""

from procoder_tutor.checking.reading.code import Code
from procoder_tutor.facts.model import Facts, TrapKind

_TRAPS: frozenset[TrapKind] = frozenset({"changed-while-iterating", "is-literal", "late-binding"})
_LABELS = frozenset({"changed-while-iterating", "first-round-only"})


def is_flawed(facts: Facts, code: Code | None) -> bool:
    """Tell whether the obvious sentence about some code is likely to be false."""
    trapped = any(trap.kind in _TRAPS for trap in facts.traps)
    return trapped or (code is not None and bool(code.traits & _LABELS))
