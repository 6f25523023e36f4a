"""Findings as LSP's diagnostics, with what the client can show of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.workspace import TextDocument

from procoder_server.positions import finding_range, line_range
from procoder_server.severities import severity_of
from procoder_tutor.findings import Finding

if TYPE_CHECKING:
    from procoder_tutor.diagnoses.related import RelatedPlace

SOURCE = "procoder"
_UNUSED = frozenset({
    "UnusedAnnotation", "UnusedImport", "UnusedIndirectAssignment", "UnusedVariable", "unreachable",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class DiagnosticSupport:
    """What a client can show of a diagnostic."""

    unnecessary: bool = False
    """It greys out what is unused."""
    related: bool = False
    pages: bool = False
    """It links the code to a page that describes it."""
    data: bool = False
    """It keeps our data, and hands them back with a code action."""

    @classmethod
    def of(cls, capabilities: types.ClientCapabilities) -> "DiagnosticSupport":
        """Read what the client said about pushed or pulled diagnostics."""
        document = capabilities.text_document
        if document is None:
            return cls()
        said = [part for part in (document.publish_diagnostics, document.diagnostic) if part]
        tags = [part.tag_support.value_set for part in said if part.tag_support]
        return cls(
            unnecessary=any(types.DiagnosticTag.Unnecessary in known for known in tags),
            related=any(part.related_information for part in said),
            pages=any(part.code_description_support for part in said),
            data=any(part.data_support for part in said),
        )


@dataclass(frozen=True, slots=True)
class Described:
    """A finding and what there is to say about it beside its message."""

    finding: Finding
    related: "RelatedPlace | None" = None
    page: str | None = None
    key: Mapping[str, Any] | None = None
    """See `finding_keys`."""


def to_diagnostics(
    text_document: TextDocument,
    described: Sequence[Described],
    support: DiagnosticSupport,
    wishes: Mapping[str, str],
) -> list[types.Diagnostic]:
    """Translate findings, without those that are not to be shown."""
    items = (to_diagnostic(text_document, item, support, wishes) for item in described)
    return [item for item in items if item is not None]


def to_diagnostic(
    text_document: TextDocument,
    described: Described,
    support: DiagnosticSupport,
    wishes: Mapping[str, str],
) -> types.Diagnostic | None:
    """Translate one finding; None when it is not to be shown."""
    finding = described.finding
    severity = severity_of(finding, wishes)
    if severity is None:
        return None
    unused = support.unnecessary and finding.rule in _UNUSED
    page, related = described.page, described.related
    return types.Diagnostic(
        range=finding_range(text_document, finding),
        message=finding.message,
        severity=severity,
        code=finding.code,
        code_description=types.CodeDescription(page) if page else None,
        source=SOURCE,
        tags=[types.DiagnosticTag.Unnecessary] if unused else None,
        related_information=[_information(text_document, related)] if related else None,
        data=described.key,
    )


def _information(
    text_document: TextDocument, related: "RelatedPlace"
) -> types.DiagnosticRelatedInformation:
    location = types.Location(text_document.uri, line_range(text_document, related.line))
    return types.DiagnosticRelatedInformation(location, related.message)
