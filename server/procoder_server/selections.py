"""A cursor or a selection in a document, and what it points at."""

from dataclasses import dataclass

from lsprotocol import types
from pygls.workspace import TextDocument

from procoder_server.positions import to_tutor
from procoder_tutor.errors import NoSymbolError
from procoder_tutor.findings import Finding
from procoder_tutor.symbols import Document, Symbol


@dataclass(frozen=True, slots=True)
class Selection:
    """Lines 1-based, columns 0-based code points; a cursor begins where it ends."""

    line: int
    column: int
    end_line: int
    end_column: int

    @classmethod
    def of(cls, text_document: TextDocument, span: types.Range) -> "Selection":
        """Read a client's range; one that ends where a line begins leaves that line out."""
        line, column = to_tutor(text_document, span.start)
        end_line, end_column = to_tutor(text_document, span.end)
        if end_line > line and end_column == 0:
            end_line -= 1
            end_column = len(text_document.lines[end_line - 1].rstrip("\r\n"))
        return cls(line, column, end_line, end_column)

    @property
    def empty(self) -> bool:
        """Whether it is a cursor."""
        return (self.line, self.column) == (self.end_line, self.end_column)

    def touches(self, finding: Finding) -> bool:
        """Tell whether a finding lies in it or around it; the ends count, for a cursor's sake."""
        start, end = (finding.line, finding.column), (finding.end_line, finding.end_column)
        return start <= (self.end_line, self.end_column) and (self.line, self.column) <= end

    def points_at(self, document: Document) -> Symbol | None:
        """Return the symbol that is named under the cursor, or whose header it is in."""
        if self.line != self.end_line:
            return None
        return document.symbol_at(self.line, self.column)

    def statements(self, document: Document) -> Symbol | None:
        """Return the code that is selected; None for a cursor, a word or no code at all."""
        if self.empty or (self.line == self.end_line and not self._whole_line(document)):
            return None
        try:
            return document.selection(self.line, self.end_line)
        except NoSymbolError:
            return None

    def _whole_line(self, document: Document) -> bool:
        text = document.source.lines[self.line - 1].rstrip()
        return self.column <= len(text) - len(text.lstrip()) and self.end_column >= len(text)

    def symbol(self, document: Document) -> Symbol:
        """Return the symbol that the cursor points at, or the innermost around the selection."""
        pointed = self.points_at(document)
        if pointed is not None:
            return pointed
        around = [
            s for s in document.symbols if s.line <= self.line and self.end_line <= s.end_line
        ]
        innermost = document.enclosing(self.line)
        if innermost in around or not around:
            return innermost
        return min(around, key=lambda symbol: symbol.end_line - symbol.line)
