"""Places: the tutor's (1-based lines, columns in code points) and the client's."""

from lsprotocol import types
from pygls.workspace import TextDocument
from pygls.workspace.position_codec import ServerTextPosition, ServerTextRange

from procoder_tutor.findings import Finding


def to_tutor(text_document: TextDocument, position: types.Position) -> tuple[int, int]:
    """Return line (1-based) and column (0-based, code points) of a client's position."""
    place = text_document.position_from_client_units(position)
    return place.line + 1, place.character


def to_client(
    text_document: TextDocument, line: int, column: int, end_line: int, end_column: int
) -> types.Range:
    """Return the client's range for a span of the tutor's; a span past the text is clamped."""
    start = _position(text_document, line, column)
    end = _position(text_document, end_line, end_column)
    return text_document.range_to_client_units(ServerTextRange(start, max(start, end)))


def finding_range(text_document: TextDocument, finding: Finding) -> types.Range:
    """Return where a finding is to be underlined."""
    return to_client(
        text_document, finding.line, finding.column, finding.end_line, finding.end_column
    )


def line_range(text_document: TextDocument, line: int) -> types.Range:
    """Return the client's range of a line, without its indentation and its end."""
    lines = text_document.lines
    text = lines[line - 1].rstrip() if 1 <= line <= len(lines) else ""
    return to_client(text_document, line, len(text) - len(text.lstrip()), line, len(text))


def word_span(text: str, column: int) -> tuple[int, int] | None:
    """Return start and end of the identifier at `column` of a line, also just before `column`."""
    start = end = min(column, len(text))
    while start > 0 and _in_word(text[start - 1]):
        start -= 1
    while end < len(text) and _in_word(text[end]):
        end += 1
    return (start, end) if start < end else None


def word_range(text_document: TextDocument, line: int, column: int) -> types.Range | None:
    """Return the client's range of the identifier at a place of the tutor's."""
    lines = text_document.lines
    if not 1 <= line <= len(lines):
        return None
    span = word_span(lines[line - 1].rstrip("\r\n"), column)
    return to_client(text_document, line, span[0], line, span[1]) if span else None


def covers(finding: Finding, line: int, column: int) -> bool:
    """Tell whether a place lies in a finding; its end counts, as a cursor may stand there."""
    start = (finding.line, finding.column)
    return start <= (line, column) <= (finding.end_line, finding.end_column)


def _position(text_document: TextDocument, line: int, column: int) -> ServerTextPosition:
    """Clamp to the text: pygls would answer for a line past the end with one further on."""
    lines = text_document.lines
    if not lines or line < 1:
        return ServerTextPosition(0, 0)
    if line > len(lines):
        return ServerTextPosition(len(lines) - 1, len(lines[-1].rstrip("\r\n")))
    return ServerTextPosition(line - 1, max(0, min(column, len(lines[line - 1].rstrip("\r\n")))))


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"
