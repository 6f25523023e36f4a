"""Open documents, counted as LSP counts them.

pygls splits lines wherever `str.splitlines` does, so a form feed or a line separator inside a
string shifts every later position; LSP knows only `\\n`, `\\r\\n` and `\\r`.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lsprotocol import types
from pygls.workspace import PositionCodec, TextDocument, Workspace
from pygls.workspace.position_codec import ServerTextPosition

from procoder_server.errors import UnreadableError

MAX_KEPT = 4_000_000
"""Characters of a document that are kept. The tutor refuses longer ones long before, and to split
more than that into lines at every keystroke would make other documents wait."""
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
    """A document whose lines are LSP's lines, split once a version.

    Of a text that is too long only the beginning is kept, which is too long as well, until the
    client sends a whole text again.
    """

    _split: tuple[str, tuple[str, ...]] | None = None
    _is_cut = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self._source is not None:
            self._keep(self._source)

    @property
    def source(self) -> str:
        """The text as the client has it; of a document that is not open, as it is on disk.

        Raises UnreadableError.
        """
        if self._source is not None:
            return self._source
        try:
            return _read(Path(self.path))
        except (OSError, ValueError) as error:
            raise UnreadableError from error

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines with their ends."""
        source = self.source
        if self._split is None or self._split[0] is not source:
            self._split = (source, split_lines(source))
        return self._split[1]

    def _apply_incremental_change(self, change: types.TextDocumentContentChangePartial) -> None:
        if self._is_cut:
            return
        span = self.range_from_client_units(change.range)
        start = self.offset_at_server_position(span.start)
        end = max(start, self.offset_at_server_position(span.end))
        source = self.source
        self._keep(_joined(_joined(source[:start], change.text), source[end:]))

    def _apply_full_change(self, change: types.TextDocumentContentChangeEvent) -> None:
        self._keep(change.text)

    def _keep(self, text: str) -> None:
        self._is_cut = len(text) > MAX_KEPT
        self._source = text[:MAX_KEPT] if self._is_cut else text


def _joined(before: str, after: str) -> str:
    """Join texts; halves of a surrogate pair that meet are one character, as in the editor."""
    if "\ud800" <= before[-1:] <= "\udbff" and "\udc00" <= after[:1] <= "\udfff":
        pair = (before[-1] + after[0]).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        return before[:-1] + pair + after[1:]
    return before + after


def _read(path: Path) -> str:
    """Read a file that nobody has opened: a regular one, and no more of it than is kept."""
    if not path.is_file():
        raise FileNotFoundError(path)
    with path.open(encoding="utf-8", newline="") as file:
        return file.read(MAX_KEPT)


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
            language_id=language_id if isinstance(language_id, str) else None,
            sync_kind=self._sync_kind,
            position_codec=self._position_codec,
        )

    def update_text_document(
        self,
        text_doc: types.VersionedTextDocumentIdentifier,
        change: types.TextDocumentContentChangeEvent,
    ) -> None:
        """Change a document that is open; a change of another one means nothing."""
        if is_open(self, text_doc.uri):
            super().update_text_document(text_doc, change)


def is_open(workspace: Workspace, uri: str) -> bool:
    """Tell whether the client has opened a document and not closed it."""
    return unquote(uri) in workspace.text_documents
