"""Problems that other linters report: which of our findings they are, or what to ask of them."""

from collections.abc import Mapping, Sequence
from typing import Final

from procoder_tutor.findings import Finding

_CODES: Final[Mapping[str, tuple[str, ...]]] = {
    "AssertTuple": ("W0199", "assert-on-tuple"),
    "DuplicateArgument": ("E0108", "duplicate-argument-name"),
    "FStringMissingPlaceholders": ("W1309", "f-string-without-interpolation"),
    "ImportStarUsed": ("W0401", "wildcard-import"),
    "IsLiteral": ("R0123", "literal-comparison"),
    "MultiValueRepeatedKeyLiteral": ("W0109", "duplicate-key"),
    "RedefinedWhileUnused": ("E0102", "function-redefined", "reportRedeclaration", "no-redef"),
    "SyntaxError": ("E0001", "syntax-error", "syntax", "invalid-syntax"),
    "UndefinedExport": ("E0603", "undefined-all-variable"),
    "UndefinedName": ("E0602", "undefined-variable", "reportUndefinedVariable", "name-defined"),
    "UnusedImport": ("W0611", "unused-import", "reportUnusedImport"),
    "UnusedVariable": ("W0612", "unused-variable", "reportUnusedVariable"),
    "bare-except": ("W0702", "E722"),
    "late-binding": ("W0640", "cell-var-from-loop", "B023"),
    "mutable-default": ("W0102", "dangerous-default-value", "B006"),
    "shadowed-builtin": ("W0622", "redefined-builtin", "A001", "A002"),
    "unreachable": ("W0101",),
}
"""Codes for what our rules find: pylint's, pyright's and mypy's, and those of flake8's plugins.

By the linters' own documentation. flake8's and ruff's `F` codes are those of our findings.
"""
_LONGEST_MESSAGE = 300
_LONGEST_NAME = 40


def own_finding(findings: Sequence[Finding], line: int, code: str) -> Finding | None:
    """Return our own finding of the same problem on a line (1-based), if there is one."""
    for finding in findings:
        same = code in (finding.code, finding.rule, *_CODES.get(finding.rule, ()))
        if same and finding.line == line:
            return finding
    return None


def question_about(source: str, code: str, message: str, line: int) -> str:
    """Return a question in words about a problem that we do not know; `line` is 1-based."""
    who = " ".join(source.split())[:_LONGEST_NAME] or "A linter"
    short = " ".join(message.split())[:_LONGEST_MESSAGE]
    named = f"{' '.join(code.split())[:_LONGEST_NAME]}: " if code else ""
    return (
        f"{who} reports on line {line}: “{named}{short}” "
        "What does this mean, and what can I change about it?"
    )
