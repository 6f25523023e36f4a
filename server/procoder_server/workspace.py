"""Open documents, counted as LSP counts them.

pygls splits lines wherever `str.splitlines` does, so a form feed or a line separator inside a
string shifts every later position; LSP knows only `\\n`, `\\r\\n` and `\\r`.
"""

import re
from collections.abc import Sequence
from typing import Any

from lsprotocol import types
from pygls.workspace import PositionCodec, TextDocument, Workspace
from pygls.workspace.position_codec import ServerTextPosition

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")


def split_lines(text: str) -> tuple[str, ...]:
    """Split at LSP's line ends, which stay attached; no line after a final line end."""
    return tuple(_LINE.findall(text))


class ExactPositionCodec(PositionCodec):
    """Converts between the client's code units and code points, clamping as the protocol says."""

    def position_from_client_units(
        self, lines: Sequence[str], position: types.Position
    ) -> ServerTextPosition:
        """Return the position in code points; past a line's end means its end."""
        if position.line >= len(lines):
            return ServerTextPosition(len(lines), 0)
        line = lines[position.line].rstrip("\r\n")
        return ServerTextPosition(position.line, self._code_points(line, position.character))

    def _code_points(self, line: str, units: int) -> int:
        if line.isascii():
            return min(units, len(line))
        seen = 0
        for index, character in enumerate(line):
            if seen >= units:
                return index
            seen += self.impl.code_units_for_char(character)
        return len(line)


class ExactTextDocument(TextDocument):
    """A document whose lines are LSP's lines, split once a version."""

    _split: tuple[str, tuple[str, ...]] | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines with their ends."""
        source = self.source
        if self._split is None or self._split[0] is not source:
            self._split = (source, split_lines(source))
        return self._split[1]

    def _apply_incremental_change(self, change: types.TextDocumentContentChangePartial) -> None:
        span = self.range_from_client_units(change.range)
        start = self.offset_at_server_position(span.start)
        end = max(start, self.offset_at_server_position(span.end))
        source = self.source
        self._source = source[:start] + change.text + source[end:]


class ExactWorkspace(Workspace):
    """pygls's workspace with exact documents in it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._position_codec = ExactPositionCodec(self.position_encoding)

    def _create_text_document(
        self,
        doc_uri: str,
        source: str | None = None,
        version: int | None = None,
        language_id: str | None = None,
    ) -> TextDocument:
        return ExactTextDocument(
            doc_uri,
            source=source,
            version=version,
            language_id=language_id,
            sync_kind=self._sync_kind,
            position_codec=self._position_codec,
        )
