"""Repairs of texts: an `f` with nothing to fill in, and backslashes that mean nothing."""

import ast
import re
from collections.abc import Callable

from procoder_tutor.diagnoses.surroundings import node_at
from procoder_tutor.edits.model import ProposedEdit, TextEdit
from procoder_tutor.findings import Finding
from procoder_tutor.parsing import parse_fragment
from procoder_tutor.positions import Span
from procoder_tutor.symbols import Document

_LITERAL = re.compile(
    r"(?P<prefix>[A-Za-z]{0,2})(?P<quote>'''|\"\"\"|'|\")"
    r"(?P<body>(?:\\.|(?!(?P=quote)).)*)(?P=quote)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_KNOWN_ESCAPES = frozenset("\n'\"\\abfnrtvx01234567NuU")


def drop_f(document: Document, finding: Finding) -> ProposedEdit | None:
    """Make a plain text of an f-string without gaps."""
    node = node_at(document, finding, ast.JoinedStr)
    if not isinstance(node, ast.JoinedStr):
        return None
    whole = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    written = _LITERAL.sub(_plain, document.source.slice(node))
    if _value(written) != whole:
        return None
    edits = _rewritten(document, document.source.span(node), _plain)
    return ProposedEdit("Remove the f before the text", edits)


def keep_backslash(document: Document, finding: Finding) -> ProposedEdit | None:
    """Write a text with unknown escape sequences so that it means the same, and says so."""
    place = (finding.line, finding.column)
    for node in ast.walk(document.syntax):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            span = document.source.span(node)
            if span.start <= place < span.end:
                written = _LITERAL.sub(_raw, document.source.slice(node))
                if _value(written) != node.value:
                    return None
                return ProposedEdit("Keep the backslash as it is", _rewritten(document, span, _raw))
    return None


def _plain(match: re.Match[str]) -> str:
    """An f-string without its `f`."""
    prefix, quote, body = match["prefix"], match["quote"], match["body"]
    if "f" not in prefix.lower():
        return match[0]
    body = body.replace("{{", "{").replace("}}", "}")
    return re.sub("[fF]", "", prefix) + quote + body + quote


def _raw(match: re.Match[str]) -> str:
    """A literal with an `r` if all its backslashes are unknown, else with those doubled."""
    prefix, quote, body = match["prefix"], match["quote"], match["body"]
    escapes = [escape[1] for escape in _ESCAPE.finditer(body)]
    unknown = [escape for escape in escapes if escape not in _KNOWN_ESCAPES]
    if not unknown or "r" in prefix.lower():
        return match[0]
    if len(unknown) == len(escapes) and prefix.lower() != "u":
        return f"r{match[0]}"
    return prefix + quote + _ESCAPE.sub(_doubled, body) + quote


def _doubled(match: re.Match[str]) -> str:
    return match[0] if match[1] in _KNOWN_ESCAPES else "\\" + match[0]


def _value(code: str) -> object:
    """The value of a literal; None for what is none."""
    tree = parse_fragment(f"(\n{code}\n)")
    statement = tree.body[0] if tree is not None and len(tree.body) == 1 else None
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return statement.value.value
    return None


def _rewritten(
    document: Document, span: Span, write: Callable[[re.Match[str]], str]
) -> tuple[TextEdit, ...]:
    """Edits of the literals of a span that `write` changes; their line ends are kept."""
    source = document.source
    rows = source.lines[span.start.line - 1 : span.end.line]
    first = source.column_in_text(*span.start)
    text = "\n".join(rows)[first:]
    stop = len("\n".join([*rows[:-1], rows[-1][: source.column_in_text(*span.end)]])) - first
    edits: list[TextEdit] = []
    for match in _LITERAL.finditer(text, 0, stop):
        edits += _changes(document, span, text, match, write(match))
    return tuple(edits)


def _changes(
    document: Document, span: Span, text: str, match: re.Match[str], written: str
) -> list[TextEdit]:
    """One edit a line of a literal, so that no line end is written anew."""
    if written == match[0]:
        return []
    source = document.source
    first = source.column_in_text(*span.start)
    line = span.start.line + text.count("\n", 0, match.start())
    column = match.start() - (text.rfind("\n", 0, match.start()) + 1)
    column += first if line == span.start.line else 0
    edits = []
    for old, new in zip(match[0].split("\n"), written.split("\n"), strict=True):
        if old != new:
            start, end = source.place(line, column), source.place(line, column + len(old))
            edits.append(TextEdit(start, end, new))
        line, column = line + 1, 0
    return edits
