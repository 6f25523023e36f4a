"""Names of the commands that hovers and code lenses lead to, and what they are given."""

from typing import Any

from procoder_tutor.symbols import Symbol

EXPLAIN = "procoder.explain"
ASK = "procoder.chat"
DOCUMENT = "procoder.document"
HINT = "procoder.hint"


def symbol_argument(symbol: Symbol) -> dict[str, Any]:
    """Return the argument that names a symbol: its document, its name and its line, 0-based."""
    return {"uri": symbol.snapshot.uri, "symbol": symbol.name, "line": symbol.line - 1}
