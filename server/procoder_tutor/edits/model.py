"""The shape of edits that are offered, and of the reason why none is."""

from dataclasses import dataclass, field
from pathlib import Path

from procoder_tutor.positions import Position


@dataclass(frozen=True, slots=True)
class TextEdit:
    """Replace `[start, end)` of the original text; line ends in `new_text` are the document's."""

    start: Position
    end: Position
    new_text: str


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that does not exist yet."""

    path: Path
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProposedEdit:
    """A change that passed its checks; its edits do not overlap and are in the text's order."""

    title: str
    """What it does, in a few words for a menu."""
    edits: tuple[TextEdit, ...] = ()
    path: Path | None = None
    """File that `edits` belong to, when it is not the document that was asked about."""
    new_file: NewFile | None = None
    notes: tuple[str, ...] = ()
    """Sentences for the user about what was left out, and why."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """No edit is offered."""

    reason: str
    """A sentence for the user."""
