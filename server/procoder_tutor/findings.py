"""What the linter reports: one problem at one place of the original text."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem. Lines are 1-based, columns 0-based code points, of the original text."""

    code: str
    """flake8's code, e.g. `F841` or `E999`; the rule's own name where flake8 has no code for it."""
    rule: str
    """Class of the pyflakes message, e.g. `UnusedVariable`, or of the exception, `SyntaxError`."""
    message: str
    severity: Severity
    line: int
    column: int
    end_line: int
    end_column: int
    """Exclusive."""
    arguments: tuple[str, ...] = ()
    """What pyflakes filled its message with, e.g. a name and the line it was first bound on."""
