"""What there is to say about findings beside their messages, as far as a client can show it."""

from collections.abc import Sequence

from procoder_server.diagnostic_items import Described, DiagnosticSupport
from procoder_server.finding_keys import key_of
from procoder_tutor.diagnoses.pages import documentation_page
from procoder_tutor.diagnoses.related import related_place
from procoder_tutor.findings import Finding
from procoder_tutor.symbols import Document

MOST_RELATED = 20
"""Findings of a document that get a related place: to look for a misspelt name takes time."""


def describe_all(
    document: Document, findings: Sequence[Finding], support: DiagnosticSupport
) -> list[Described]:
    """Look everything up; takes time, so run it in a thread."""
    return [
        Described(
            finding,
            related_place(document, finding) if support.related and i < MOST_RELATED else None,
            documentation_page(finding.rule) if support.pages else None,
            key_of(finding) if support.data else None,
        )
        for i, finding in enumerate(findings)
    ]
