"""What a hover can say beside the facts; `cards` turns it into text."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from procoder_tutor.events import Explanation
from procoder_tutor.findings import Finding

if TYPE_CHECKING:
    from procoder_tutor.diagnoses import Diagnosis

PYTHON_ONLY = "ProCoder computes facts for Python so far; it has nothing to say about this file."
READING = "ProCoder is still reading this file: hover again."


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """A finding of the linter and what it means, in plain words."""

    finding: Finding
    diagnosis: "Diagnosis"


@dataclass(frozen=True, slots=True)
class Explained:
    """The explanation is there."""

    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Writing:
    """The explanation is being written."""

    text: str = ""
    """What there is of it."""
    seconds: float | None = None
    """Until it is done; None when that is unknown."""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """There will be no explanation."""

    reason: str
    """What happened and what to do, in one line."""


Part = Explained | Writing | Unavailable


def waiting_line(part: Writing) -> str:
    """Say that the explanation is coming, and when, if that is known."""
    about = "" if part.seconds is None else f", about {max(1, math.ceil(part.seconds))} s"
    return f"Writing the explanation{about}: hover again."
