"""How bad a finding is shown to be: the linter's word, or what the user wishes."""

from collections.abc import Mapping
from typing import Final, Literal

from lsprotocol import types

from procoder_tutor.findings import Finding

SeverityWish = Literal["error", "warning", "information", "hint", "off"]

_SEVERITIES: Final[Mapping[str, types.DiagnosticSeverity]] = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "information": types.DiagnosticSeverity.Information,
    "hint": types.DiagnosticSeverity.Hint,
}


def severity_of(
    finding: Finding, wishes: Mapping[str, SeverityWish]
) -> types.DiagnosticSeverity | None:
    """Return the severity of a finding; None when it is not to be shown.

    `wishes` are by rule (`UnusedImport`, `mutable-default`) or code (`F401`); a rule's wish goes
    before its code's.
    """
    wish = wishes.get(finding.rule) or wishes.get(finding.code) or finding.severity
    return _SEVERITIES.get(wish)
