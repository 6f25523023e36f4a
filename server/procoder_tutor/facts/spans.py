"""Code inside sentences: spans of source text, and lists of them."""

import ast
from collections.abc import Sequence

from procoder_tutor.positions import SourceText
from procoder_tutor.sanitize import code_span
from procoder_tutor.syntax import one_line

_MAX_CODE = 60


class Spans:
    """Quotes one source."""

    def __init__(self, source: SourceText) -> None:
        self._source = source

    def code(self, node: ast.AST, limit: int = _MAX_CODE) -> str:
        """Source text of a node as a code span; never empty."""
        return code_span(self.text(node, limit)) or "this"

    def quote(self, text: str) -> str:
        """Put code that is no node's into a code span."""
        return code_span(text)

    def text(self, node: ast.AST, limit: int = _MAX_CODE) -> str:
        """Source text of a node on one line."""
        return one_line(self._source, node, limit)

    def names(self, nodes: Sequence[ast.AST], most: int = 4) -> str:
        """Several nodes as `a`, `b` and `c`."""
        listed = [self.code(node, 40) for node in nodes[:most]]
        left = len(nodes) - len(listed)
        return joined([*listed, f"{left} more"] if left else listed)


def joined(parts: Sequence[str], last: str = "and") -> str:
    """Join like a person would: `a, b and c`."""
    if len(parts) < 2:  # noqa: PLR2004
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def lowered(sentence: str) -> str:
    """The sentence as the end of another one."""
    return sentence[:1].lower() + sentence[1:]
