"""The shape of a diagnosis: a finding, explained to somebody who meets it for the first time."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One finding explained; texts are Markdown of words and code spans, examples are code."""

    id: str
    """Which text it is, e.g. `UndefinedName.typo` or `never-closed`; stable."""
    code: str
    """flake8's code of the finding."""
    rule: str
    """Class of the pyflakes message or of the exception."""
    title: str
    meaning: str
    """What it means here, with the names and lines of this code."""
    reason: str
    """Why Python says so."""
    search: str
    """Where to look for the cause."""
    remedy: str
    """What to change."""
    example_before: str = ""
    """A small piece of other code with the same problem; empty where none would help."""
    example_after: str = ""
    """The same piece without the problem."""
