"""What a chat is about: the piece of code that its mentions and the cursor point at."""

from collections.abc import Sequence
from dataclasses import dataclass

from procoder_server.chat_input import About, Mention
from procoder_tutor.errors import InputError
from procoder_tutor.symbols import Document, Symbol

_NAME_IT = "Write its name, as in `@symbol:Account.deposit`."
_SUBJECTS = (About.FILE, About.SYMBOL, About.SELECTION)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A cursor or a selection. Lines are 1-based, columns 0-based code points; end exclusive."""

    line: int
    column: int | None = None
    """None where only the line is known."""
    end_line: int = 0
    """Last line of a selection; 0 for a cursor."""

    @property
    def selects(self) -> bool:
        """Whether anything is selected."""
        return self.end_line > 0


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked about, and what of it the asker must know."""

    symbol: Symbol
    notes: tuple[str, ...] = ()


def find_subject(document: Document, mentions: Sequence[Mention], cursor: Cursor | None) -> Subject:
    """Return what the first mention of code names; without one what the cursor points at.

    Raises InputError, e.g. NoSymbolError, where there is no such code.
    """
    named = [mention for mention in mentions if mention.about in _SUBJECTS]
    if not named:
        return Subject(_pointed_at(document, cursor))
    symbol = _mentioned(document, named[0], cursor)
    others = [_text(mention) for mention in named[1:]]
    if not others:
        return Subject(symbol)
    note = f"One piece of code is read at a time: this is about `{symbol.name}`, without "
    return Subject(symbol, (f"{note}{' and '.join(others)}.",))


def _mentioned(document: Document, mention: Mention, cursor: Cursor | None) -> Symbol:
    if mention.about is About.FILE:
        return document.module
    if mention.about is About.SELECTION:
        if cursor is None or not cursor.selects:
            raise InputError("Nothing is selected", "Select at least one statement, then ask.")
        return document.selection(cursor.line, cursor.end_line)
    if mention.name:
        return document.by_name(mention.name)
    if cursor is None:
        raise InputError("`@symbol` needs a cursor, and there is none here", _NAME_IT)
    return _at(document, cursor)


def _pointed_at(document: Document, cursor: Cursor | None) -> Symbol:
    if cursor is None:
        return document.module
    if cursor.selects:
        return document.selection(cursor.line, cursor.end_line)
    return _at(document, cursor)


def _at(document: Document, cursor: Cursor) -> Symbol:
    named = None if cursor.column is None else document.symbol_at(cursor.line, cursor.column)
    return named or document.enclosing(cursor.line)


def _text(mention: Mention) -> str:
    return f"`@{mention.about}{':' if mention.name else ''}{mention.name}`"
