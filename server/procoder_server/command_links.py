"""The last line of a hover for clients that opted in: links that run commands.

VS Code's form of such links: `command:NAME?ARGUMENTS`, the arguments a JSON array, percent-encoded
(its API documentation, "Commands", "Command URIs"). They are added to text that was sanitized, so
no link in code or in an answer of the model can be taken for one.
"""

import json
from collections.abc import Container
from urllib.parse import quote

from procoder_server.symbol_commands import ASK, DOCUMENT, EXPLAIN, HINT, symbol_argument
from procoder_tutor.symbols import Symbol

_TITLES = {EXPLAIN: "Open", ASK: "Ask", DOCUMENT: "Document", HINT: "Hint"}


def command_links(symbol: Symbol, known: Container[str]) -> str:
    """Return `[Open](command:…) [Ask](command:…) …` for those commands that the server knows."""
    arguments = {
        command: symbol_argument(symbol) | ({"show": True} if command == EXPLAIN else {})
        for command in _TITLES
        if command in known
    }
    return " ".join(
        f"[{_TITLES[command]}](command:{command}?{quote(json.dumps([argument]), safe='')})"
        for command, argument in arguments.items()
    )
