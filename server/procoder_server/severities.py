"""How bad a finding is shown to be: the linter's word, or what the user wishes."""

from collections.abc import Mapping
from typing import Final

from lsprotocol import types

from procoder_tutor.findings import Finding

_SEVERITIES: Final[Mapping[str, types.DiagnosticSeverity]] = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "information": types.DiagnosticSeverity.Information,
    "hint": types.DiagnosticSeverity.Hint,
}


def severity_of(finding: Finding, wishes: Mapping[str, str]) -> types.DiagnosticSeverity | None:
    """Return the severity of a finding; None when it is not to be shown.

    `wishes` are by rule (`UnusedImport`, `mutable-default`) or code (`F401`), and one of `error`,
    `warning`, `information`, `hint` and `off`; a rule's wish goes before its code's.
    """
    wish = wishes.get(finding.rule) or wishes.get(finding.code) or finding.severity
    return _SEVERITIES.get(wish)
