"""The one switch: while it is off, nothing is analysed, shown or asked of a model.

The protocol asks it before each request, so that no feature can forget it.
"""

from collections.abc import Callable
from typing import Any

from lsprotocol import types

_UNCHANGED = frozenset({
    types.CODE_ACTION_RESOLVE, types.CODE_LENS_RESOLVE, types.COMPLETION_ITEM_RESOLVE,
})  # fmt: skip
"""Requests whose answer while off is what was sent: it cannot be null."""


class Power:
    """On or off, and who wants to know."""

    def __init__(self) -> None:
        self.on = True
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> None:
        """Have `listener` called after each change."""
        self._listeners.append(listener)

    def turn(self, *, on: bool) -> bool:
        """Turn on or off; tells whether that was a change."""
        if on == self.on:
            return False
        self.on = on
        for listener in self._listeners:
            listener()
        return True


def is_muted(method: str) -> bool:
    """Tell whether a request is answered with nothing while the switch is off."""
    return (
        method.startswith("textDocument/")
        or method in _UNCHANGED
        or method == types.WORKSPACE_DIAGNOSTIC
    )


def muted_answer(method: str, params: Any) -> Any:
    """Return the emptiest answer that the protocol allows for a muted request."""
    if method in _UNCHANGED:
        return params
    if method == types.TEXT_DOCUMENT_DIAGNOSTIC:
        return types.RelatedFullDocumentDiagnosticReport(items=[])
    if method == types.WORKSPACE_DIAGNOSTIC:
        return types.WorkspaceDiagnosticReport(items=[])
    return None
