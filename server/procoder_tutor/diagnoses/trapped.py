"""Traps explained like findings: by their own message, and the topic that hints are about."""

from dataclasses import dataclass
from typing import Final

from procoder_tutor.diagnoses.model import Diagnosis
from procoder_tutor.findings import Finding
from procoder_tutor.hints.topics import topic_of
from procoder_tutor.sanitize import escape


@dataclass(frozen=True, slots=True)
class _Wording:
    title: str
    remedy: str


TRAPS: Final = {
    "bare-except": _Wording(
        "This handler catches everything",
        "Name the exception that you expect, as in `except ValueError:`.",
    ),
    "changed-while-iterating": _Wording(
        "The loop changes what it walks through",
        "Walk through a copy, or build a new list of what is to stay.",
    ),
    "is-literal": _Wording(
        "This asks for the same object, not for the same value",
        "Write `==` where `is` stands, or `!=` for `is not`.",
    ),
    "late-binding": _Wording(
        "The function sees the loop's last value",
        "Give the function the value when it is made, by a default as in `lambda item=item: …`.",
    ),
    "mutable-default": _Wording(
        "All calls share this default",
        "Make `None` the default, and the new object inside of the function.",
    ),
    "shadowed-builtin": _Wording(
        "This name hides one of Python's own", "Choose a name that Python does not use itself."
    ),
    "unreachable": _Wording(
        "This line never runs", "Move the line above the one that leaves, or delete it."
    ),
}
"""By the kind of trap, which is the rule of its finding."""


def trap_diagnosis(finding: Finding) -> Diagnosis:
    """Explain a finding whose rule is a kind of trap."""
    topic, wording = topic_of(finding.rule), TRAPS[finding.rule]
    return Diagnosis(
        id=finding.rule,
        code=finding.code,
        rule=finding.rule,
        title=wording.title,
        meaning=escape(finding.message),
        reason=topic.concept,
        search=f"Start at line {finding.line}.",
        remedy=wording.remedy,
        example_before=topic.before,
        example_after=topic.after,
    )
