"""Kinds of our code actions, chosen so that the filters of clients find them.

A kind is a prefix: who asks for `quickfix` gets all that begin so. VS Code leaves `source.*` out
of its light bulb, has `refactor.*` under "Refactor…", and asks for `quickfix` alone from the hover
over an error. Somebody who wants to know what an error means looks there, so its explanation is
below `quickfix`, though it changes nothing. All else that changes nothing is below `procoder`.
"""

from collections.abc import Sequence
from enum import StrEnum

from lsprotocol import types


class ActionKind(StrEnum):
    """A kind of code action."""

    FIX = "quickfix"
    EXPLAIN_PROBLEM = "quickfix.procoder.explain"
    DOCUMENT = "refactor.rewrite.procoder.document"
    SIMPLIFY = "refactor.rewrite.procoder.simplify"
    TESTS = "refactor.procoder.tests"
    EXPLAIN = "procoder.explain"
    HINT = "procoder.hint"
    ASK = "procoder.ask"


def is_wanted(kind: ActionKind, only: Sequence[types.CodeActionKind | str] | None) -> bool:
    """Tell whether a client that asks for `only` these kinds wants one of ours."""
    if not only:
        return True
    names = [name.value if isinstance(name, types.CodeActionKind) else name for name in only]
    return any(name == "" or f"{kind}.".startswith(f"{name}.") for name in names)
