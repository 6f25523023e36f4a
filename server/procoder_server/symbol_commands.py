"""The commands that hovers and code lenses lead to: titles, names and arguments."""

from collections.abc import Container, Iterator
from typing import Any

from lsprotocol import types

from procoder_tutor.symbols import Symbol

EXPLAIN = "procoder.explain"
ASK = "procoder.ask"
DOCUMENT = "procoder.document"
HINT = "procoder.hint"
LINKS = (("Open", EXPLAIN), ("Ask", ASK), ("Document", DOCUMENT), ("Hint", HINT))


def on_symbol(title: str, command: str, symbol: Symbol) -> types.Command:
    """Return the command about a symbol; what it says is shown by the server."""
    argument: dict[str, Any] = {"uri": symbol.snapshot.uri, "line": symbol.line - 1}
    if command != HINT:
        argument["symbol"] = symbol.name
    if command != DOCUMENT:
        argument["show"] = True
    return types.Command(title=title, command=command, arguments=[argument])


def links_of(symbol: Symbol, known: Container[str]) -> Iterator[types.Command]:
    """Yield those that end a hover, as far as the server knows them."""
    return (on_symbol(title, command, symbol) for title, command in LINKS if command in known)
