"""The problems at a place: our own findings there, and what other linters report."""

from collections.abc import Sequence

from lsprotocol import types
from pygls.workspace import TextDocument

from procoder_server.action_offers import Problem
from procoder_server.diagnostic_items import SOURCE
from procoder_server.finding_keys import find_again
from procoder_server.foreign_problems import own_finding
from procoder_server.positions import to_tutor
from procoder_server.selections import Selection
from procoder_tutor.findings import Finding

MOST_PROBLEMS = 5
"""More in one menu are not offered anything: nobody reads so long a menu."""


def problems_at(
    text_document: TextDocument,
    selection: Selection,
    findings: Sequence[Finding],
    reported: Sequence[types.Diagnostic],
) -> tuple[Problem, ...]:
    """Join what lies at the selection with what the client says is there, each problem once.

    A client may report all of the cursor's line, and leave out what it was never sent.
    """
    shown: dict[Finding, types.Diagnostic | None] = {}
    unknown: list[types.Diagnostic] = []
    for diagnostic in sorted(reported, key=lambda diagnostic: diagnostic.source != SOURCE):
        finding = _finding(text_document, findings, diagnostic)
        if finding is not None:
            shown.setdefault(finding, diagnostic)
        elif diagnostic.source != SOURCE:
            unknown.append(diagnostic)
    for finding in findings:
        if selection.touches(finding):
            shown.setdefault(finding, None)
    own = [Problem(finding, diagnostic) for finding, diagnostic in shown.items()]
    return (*own, *(Problem(None, diagnostic) for diagnostic in unknown))[:MOST_PROBLEMS]


def _finding(
    text_document: TextDocument, findings: Sequence[Finding], diagnostic: types.Diagnostic
) -> Finding | None:
    """Return our finding of a diagnostic; None for one that is only another linter's, or gone."""
    if diagnostic.source == SOURCE and diagnostic.data is not None:
        return find_again(findings, diagnostic.data)
    line, _ = to_tutor(text_document, diagnostic.range.start)
    return own_finding(findings, line, str(diagnostic.code))
