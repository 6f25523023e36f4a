"""What leads back to a finding: sent with its diagnostic, and handed back with a code action."""

from collections.abc import Mapping, Sequence
from typing import Any

from procoder_server.late import importing
from procoder_tutor.findings import Finding


def key_of(finding: Finding) -> dict[str, Any]:
    """Return the key of a finding as JSON: its `rule`, `names`, and `place` (line, column)."""
    return {"rule": finding.rule, "names": _names(finding), "place": [finding.line, finding.column]}


def find_again(findings: Sequence[Finding], key: Any) -> Finding | None:
    """Return the finding of a key, also when it has moved since: the nearest of its kind.

    None for one that is gone, and for what is no key of ours.
    """
    if not isinstance(key, Mapping):
        return None
    place = key.get("place")
    if not isinstance(place, list) or [type(number) for number in place] != [int, int]:
        return None
    problem = (key.get("rule"), key.get("names"))
    same = [f for f in findings if (f.rule, _names(f)) == problem]
    line, column = place
    return min(same, key=lambda f: (abs(f.line - line), abs(f.column - column)), default=None)


def _names(finding: Finding) -> list[str]:
    with importing():
        from procoder_tutor.edits.kept import problem_of  # noqa: PLC0415 - `initialize` is faster

    return list(problem_of(finding)[1])
