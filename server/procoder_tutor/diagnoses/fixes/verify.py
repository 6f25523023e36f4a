"""What a repair must prove before it is offered: that it repairs, and does no harm."""

from collections import Counter
from collections.abc import Sequence

from procoder_tutor.edits.model import TextEdit
from procoder_tutor.edits.text import apply_edits
from procoder_tutor.errors import InputError
from procoder_tutor.findings import Finding
from procoder_tutor.lint import lint
from procoder_tutor.symbols import Document, Snapshot

_CASCADES = frozenset({"UnusedVariable"})
"""Rules whose repair may leave another finding of the same rule: the value was the last use of
another variable."""


def verified(document: Document, finding: Finding, edits: Sequence[TextEdit]) -> bool:
    """Whether edits repair a finding of this document.

    The edited text must parse; only where it did not before is it enough that Python gets further.
    The finding must be gone, and of no kind may there be more findings than before, but for what a
    syntax error had hidden. What no edit covers is unchanged, as edits say all that changes.
    """
    try:
        text = apply_edits(document.snapshot.text, edits)
        edited = Document.parse(Snapshot(text, document.snapshot.uri, document.snapshot.path))
    except (ValueError, InputError):
        return False
    if text == document.snapshot.text:
        return False
    if document.tree is None:
        return edited.tree is not None or _gets_further(document, edited)
    return edited.tree is not None and _cures(finding, lint(document), lint(edited))


def parses_with(document: Document, edits: Sequence[TextEdit]) -> bool:
    """Whether the whole document parses with these edits; a stricter proof for bolder repairs."""
    try:
        text = apply_edits(document.snapshot.text, edits)
    except ValueError:
        return False
    return Document.parse(Snapshot(text)).tree is not None


def _gets_further(before: Document, after: Document) -> bool:
    """Whether less of the text is left behind the first syntax error than before."""
    old, new = before.syntax_error, after.syntax_error
    if old is None or new is None:
        return False
    return _rest(after, new) < _rest(before, old)


def _rest(document: Document, finding: Finding) -> tuple[int, int]:
    """Lines below a finding, and characters of its own line from its beginning on."""
    line = document.source.lines[finding.line - 1]
    column = document.source.column_in_text(finding.line, finding.column)
    return document.source.line_count - finding.line, len(line) - column


def _cures(finding: Finding, before: Sequence[Finding], after: Sequence[Finding]) -> bool:
    same = (finding.rule, finding.arguments)
    left = sum((other.rule, other.arguments) == same for other in after)
    if left >= sum((other.rule, other.arguments) == same for other in before):
        return False
    old, new = Counter(f.rule for f in before), Counter(f.rule for f in after)
    fewer = new[finding.rule] < old[finding.rule] or finding.rule in _CASCADES
    return fewer and not new - old
