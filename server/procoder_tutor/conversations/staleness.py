"""Whether code is still what a turn was about."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple

from procoder_tutor.conversations.model import Turn
from procoder_tutor.errors import NoSymbolError
from procoder_tutor.excerpts import excerpt_of
from procoder_tutor.symbols import Document, Symbol


def code_digest(document: Document, symbol: Symbol) -> str:
    """Name the code of a symbol as a model sees it: comments and formatting do not matter."""
    excerpt = json.dumps(astuple(excerpt_of(document, symbol)))
    return hashlib.sha256(excerpt.encode()).hexdigest()


def stale_turns(turns: Iterable[Turn], document: Document) -> tuple[bool, ...]:
    """Tell for every turn whether the code it is about has changed since, or is gone."""
    digests = {"": ""}
    found = []
    for turn in turns:
        if turn.symbol not in digests:
            digests[turn.symbol] = _digest_now(turn.symbol, document)
        found.append(bool(turn.code_digest) and digests[turn.symbol] != turn.code_digest)
    return tuple(found)


def _digest_now(name: str, document: Document) -> str:
    try:
        return code_digest(document, document.by_name(name))
    except NoSymbolError:
        return ""
