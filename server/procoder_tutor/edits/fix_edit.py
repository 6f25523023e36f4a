"""A model's rewrite of a few lines as a fix: offered when it mends that and keeps the rest."""

import ast
from collections import Counter

from procoder_tutor.edits.kept import (
    comments_stay,
    definitions_stay,
    outside_stays,
    problem_of,
    signatures_stay,
    still_parses,
)
from procoder_tutor.edits.model import ProposedEdit, Rejected
from procoder_tutor.edits.region import Change, Region, change_of, region_around
from procoder_tutor.errors import InputError
from procoder_tutor.findings import Finding
from procoder_tutor.lint import lint
from procoder_tutor.symbols import Document, Symbol

_MIN_CHANGED_LINES = 5
_MAX_CHANGED_SHARE = 0.4
"""A fix of one finding that rewrites more of the region than this was not asked for."""
_IN_THE_SIGNATURE = frozenset({"DuplicateArgument"})
"""Rules whose findings only another signature can mend."""
_SUPERFLUOUS = frozenset({
    "BreakOutsideLoop", "ContinueOutsideLoop", "RedefinedWhileUnused", "UnusedAnnotation",
    "UnusedImport", "UnusedIndirectAssignment", "UnusedVariable",
})  # fmt: skip
"""Rules whose findings are mended by taking a statement away."""

_BELONGS_ABOVE = frozenset({"ReturnOutsideFunction", "YieldOutsideFunction"})
"""Rules whose findings mostly belong to the function above, and lost their indentation."""


def fix_edit(
    document: Document, finding: Finding, answer: str, region: Region | None = None
) -> ProposedEdit | Rejected:
    """Turn what a model wrote in place of a region into a fix of a finding of the document.

    `region` is what the model was shown, by default the definition or statement around.
    """
    if finding not in lint(document):
        return Rejected("The code has changed since: this finding is not in it any more.")
    touched = _touched(document, finding)
    region = region or _region(document, finding, touched)
    try:
        change = change_of(document, region, answer)
    except InputError as error:
        return Rejected(f"{error}.")
    reason = _reason(change, finding, touched)
    if reason is not None:
        return Rejected(f"The model's fix is not offered: {reason}.")
    return ProposedEdit(f"Fix: {finding.message}", change.edits)


def _region(document: Document, finding: Finding, touched: list[Symbol]) -> Region:
    around = region_around(document, finding.line)
    if finding.rule not in _BELONGS_ABOVE:
        return around
    return Region(min([around.first, *(symbol.line for symbol in touched)]), around.last)


def _touched(document: Document, finding: Finding) -> list[Symbol]:
    """Definitions that a fix of the finding may change inside."""
    around = [s for s in document.symbols if s.line <= finding.line <= s.end_line]
    if finding.rule in _BELONGS_ABOVE:
        above = [s for s in document.symbols if s.end_line < finding.line]
        around += [s for s in above if s.end_line == max(a.end_line for a in above)]
    return around


def _reason(change: Change, finding: Finding, touched: list[Symbol]) -> str | None:
    """Return why the change is no fix, or None."""
    if not change.edits:
        return "it changes nothing"
    if (reason := still_parses(change)) is not None:
        return reason
    if (reason := _too_large(change)) is not None:
        return reason
    if (reason := definitions_stay(change, touched) or outside_stays(change)) is not None:
        return reason
    if finding.rule not in _IN_THE_SIGNATURE and (reason := signatures_stay(change)) is not None:
        return reason
    return _removed(change, finding) or _still_found(change, finding) or comments_stay(change)


def _too_large(change: Change) -> str | None:
    size = change.region.last - change.region.first + 1
    allowed = max(_MIN_CHANGED_LINES, int(size * _MAX_CHANGED_SHARE))
    if change.changed_lines <= allowed:
        return None
    return f"it changes {change.changed_lines} lines where at most {allowed} were expected"


def _removed(change: Change, finding: Finding) -> str | None:
    """Code is not taken away, or replaced by `pass`, where something in it was to be mended."""
    before, after = change.before.tree, change.after.tree
    if finding.rule in _SUPERFLUOUS or before is None or after is None:
        return None
    return "it removes code instead of mending it" if _work(after) < _work(before) else None


def _work(tree: ast.Module) -> int:
    """Number of statements that do something."""
    nodes = ast.walk(tree)
    return sum(1 for n in nodes if isinstance(n, ast.stmt) and not isinstance(n, ast.Pass))


def _still_found(change: Change, finding: Finding) -> str | None:
    before, after = lint(change.before), lint(change.after)
    problem = problem_of(finding)
    old, new = Counter(map(problem_of, before)), Counter(map(problem_of, after))
    if new[problem] >= old[problem]:
        return "the problem is still there"
    errors = Counter(problem_of(f) for f in before if f.severity == "error")
    added = [f for f in after if f.severity == "error" and problem_of(f) not in errors]
    return f"it brings a new error: {added[0].message}" if added else None
