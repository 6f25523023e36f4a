"""The repair of a finding, where there is one that is certain or that everybody would choose."""

from collections.abc import Callable
from typing import Final

from procoder_tutor.diagnoses.diagnose import SYNTAX_RULES, recognize
from procoder_tutor.diagnoses.fixes import imports, literals, names, statements
from procoder_tutor.diagnoses.fixes.syntax import repair_line
from procoder_tutor.diagnoses.fixes.verify import verified
from procoder_tutor.edits.model import ProposedEdit
from procoder_tutor.findings import Finding
from procoder_tutor.symbols import Document


def known_fix(document: Document, finding: Finding) -> ProposedEdit | None:
    """Return the verified repair of a finding of this document; None where none is known."""
    fix = _propose(document, finding)
    return fix if fix is not None and verified(document, finding, fix.edits) else None


def _propose(document: Document, finding: Finding) -> ProposedEdit | None:
    if document.tree is None:
        if finding.rule not in SYNTAX_RULES:
            return None
        return repair_line(document, finding, recognize(document, finding).entry)
    repair = _REPAIRS.get(finding.rule)
    return repair(document, finding) if repair is not None else None


_REPAIRS: Final[dict[str, Callable[[Document, Finding], ProposedEdit | None]]] = {
    "AssertTuple": statements.unwrap_assert,
    "FStringMissingPlaceholders": literals.drop_f,
    "InvalidEscapeSequence": literals.keep_backslash,
    "InvalidPrintSyntax": statements.call_print,
    "IsLiteral": statements.compare_values,
    "RaiseNotImplemented": statements.raise_error,
    "UndefinedName": names.known_name,
    "UnusedAnnotation": names.unused_annotation,
    "UnusedImport": imports.remove_import,
    "UnusedIndirectAssignment": names.unused_declaration,
    "UnusedVariable": names.unused_variable,
}
