"""The last line of a hover for clients that opted in: links that run commands.

VS Code's form of such links: `command:NAME?ARGUMENTS`, the arguments a JSON array, percent-encoded
(its API documentation, "Commands", "Command URIs"). They are added to text that was sanitized, so
no link in code or in an answer of the model can be taken for one.
"""

import json
from collections.abc import Iterable
from urllib.parse import quote

from lsprotocol import types


def command_links(commands: Iterable[types.Command]) -> str:
    """Return `[Open](command:…) · [Ask](command:…) …`."""
    return " · ".join(f"[{item.title}]({_uri(item)})" for item in commands)


def _uri(item: types.Command) -> str:
    return f"command:{item.command}?{quote(json.dumps(item.arguments), safe='')}"
