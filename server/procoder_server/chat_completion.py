"""`procoder.completeChat`: what can stand where the cursor is in a chat's input.

Slash commands at the beginning, mentions after an at sign: what `chat_input` understands.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from lsprotocol import types

from procoder_server.arguments import read_arguments
from procoder_server.chat_input import About, Slash
from procoder_server.commands import analysed
from procoder_server.errors import carrying_tutor_errors
from procoder_server.server import ProcoderServer
from procoder_tutor.symbols import Document, Symbol

COMPLETE: Final = "procoder.completeChat"
SLASHES: Final[Mapping[Slash, str]] = {
    Slash.EXPLAIN: "Explain what the code does",
    Slash.PARTS: "Go through the code part by part",
    Slash.FIX: "Mend what the linter found nearest to the cursor",
    Slash.DOC: "Propose a docstring",
    Slash.TESTS: "Propose tests",
    Slash.SIMPLIFY: "Propose simpler code",
    Slash.HINT: "Give the next hint about the line",
    Slash.NEW: "Begin another conversation",
    Slash.CLEAR: "Delete this conversation and begin another",
    Slash.EXPORT: "Show the conversation as Markdown",
}
MENTIONS: Final[Mapping[About, str]] = {
    About.FILE: "The whole file",
    About.SYMBOL: "The function or class at the cursor",
    About.SELECTION: "What is selected",
    About.DIAGNOSTICS: "What the linter reports there",
}
MOST_ITEMS = 50
_SLASH = re.compile(r"\s*(?P<word>/[A-Za-z]*)\Z")
_MENTION = re.compile(r"(?<![\w@.])@(?P<word>\w*(?::[\w.]*)?)\Z")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be inserted."""

    insert: str
    kind: Literal["command", "mention", "symbol"]
    detail: str
    """What it means, in a few words; of a symbol its kind and line."""


@dataclass(frozen=True, slots=True)
class Completions:
    """What can be inserted in place of the last characters of a text."""

    replaces: int
    """How many characters, counted in code points."""
    items: tuple[Item, ...]


def register(server: ProcoderServer) -> None:
    """Add the command to a server."""

    @server.command(COMPLETE)
    async def complete(params: types.ExecuteCommandParams) -> dict[str, Any]:
        fields = {"uri": str, "text": str}
        given = read_arguments(COMPLETE, params.arguments, fields, required=["uri", "text"])
        with carrying_tutor_errors():
            document = (await analysed(server, given["uri"])).document
        return asdict(completions(given["text"], document))


def completions(text: str, document: Document) -> Completions:
    """Return what can end a text, which is what stands before the cursor."""
    if slash := _SLASH.match(text):
        typed = slash["word"].casefold()
        items = [
            Item(f"/{name}", "command", detail)
            for name, detail in SLASHES.items()
            if f"/{name}".startswith(typed)
        ]
        return Completions(len(typed), tuple(items))
    if mention := _MENTION.search(text):
        items = [*_mentions(mention["word"]), *_symbols(mention["word"], document.symbols)]
        return Completions(len(mention["word"]) + 1, tuple(items[:MOST_ITEMS]))
    return Completions(0, ())


def _mentions(typed: str) -> Iterator[Item]:
    for name, detail in MENTIONS.items():
        if name.startswith(typed.casefold()):
            yield Item(f"@{name}", "mention", detail)


def _symbols(typed: str, symbols: Sequence[Symbol]) -> Iterator[Item]:
    """Yield the symbols whose names hold what was typed, with or without `symbol:` before it."""
    about, colon, name = typed.partition(":")
    if colon and about.casefold() != About.SYMBOL:
        return
    wanted = (name if colon else about).casefold()
    seen = set()
    for symbol in symbols:
        if wanted in symbol.name.casefold() and symbol.name not in seen:
            seen.add(symbol.name)
            detail = f"{symbol.kind}, line {symbol.line}"
            yield Item(f"@{About.SYMBOL}:{symbol.name}", "symbol", detail)
