"""Repairs of imports: unused ones go, missing ones come."""

import ast
import re

from procoder_tutor.diagnoses.fixes.edits import remove_lines, remove_statement
from procoder_tutor.diagnoses.surroundings import statement_around
from procoder_tutor.edits.model import ProposedEdit, TextEdit
from procoder_tutor.edits.text import OriginalLines
from procoder_tutor.findings import Finding
from procoder_tutor.positions import SourceText
from procoder_tutor.symbols import Document
from procoder_tutor.syntax import child_blocks

_ALONE = re.compile(r"\s*,?\s*(#.*)?$")
_TOP_COMMENT = re.compile(r"#!|#.*coding[:=]")


def remove_import(document: Document, finding: Finding) -> ProposedEdit | None:
    """Remove an unused name from its import, or the import.

    Not from a package's `__init__.py`, whose imports are for others, nor inside `try`, where an
    import is a question whether the module is there.
    """
    path = document.snapshot.path
    statement = statement_around(document, finding)
    if not isinstance(statement, ast.Import | ast.ImportFrom) or _is_tried(document, statement):
        return None
    if path is not None and path.name == "__init__.py":
        return None
    place = (finding.line, finding.column)
    starts = [document.source.span(alias).start for alias in statement.names]
    if place not in starts:
        return None
    edits = (
        remove_statement(document, statement)
        if len(starts) == 1
        else _remove_alias(document.source, statement.names, starts.index(place))
    )
    return (
        ProposedEdit(f"Remove the unused import {finding.arguments[0]}", edits) if edits else None
    )


def add_import(document: Document, statement: str) -> ProposedEdit | None:
    """Add an import below the docstring and the future imports, above all others."""
    source = document.source
    head = _head(document.syntax.body)
    rest = document.syntax.body[len(head) :]
    if head and rest and rest[0].lineno == head[-1].end_lineno:
        return None
    line = _below(source, head[-1].end_lineno or 1) if head else _below_comments(source)
    newline = OriginalLines(document.snapshot.text).line_end
    text = statement + newline
    following = source.lines[line - 1] if line <= source.line_count else ""
    if following.strip() and not re.match(r"(?:import|from)\s", following):
        text += newline
    if line > source.line_count:
        end = source.place(source.line_count, len(source.lines[-1]))
        return ProposedEdit(f"Add {statement}", (TextEdit(end, end, newline + text),))
    place = source.place(line, 0)
    return ProposedEdit(f"Add {statement}", (TextEdit(place, place, text),))


def _is_tried(document: Document, statement: ast.stmt) -> bool:
    return any(
        any(inner is statement for block in child_blocks(node) for inner in block)
        for node in ast.walk(document.syntax)
        if isinstance(node, ast.Try)
    )


def _remove_alias(
    source: SourceText, names: list[ast.alias], index: int
) -> tuple[TextEdit, ...] | None:
    start, end = source.span(names[index])
    before = source.lines[start.line - 1][: source.column_in_text(*start)]
    after = source.lines[end.line - 1][source.column_in_text(*end) :]
    if start.line == end.line and not before.strip() and _ALONE.match(after):
        return (remove_lines(source, start.line, start.line),)
    if index + 1 < len(names):
        return (TextEdit(start, source.span(names[index + 1]).start, ""),)
    previous = source.span(names[index - 1]).end
    if previous.line != start.line:
        return None
    return (TextEdit(previous, end, ""),)


def _head(body: list[ast.stmt]) -> list[ast.stmt]:
    """The docstring and the future imports."""
    count = 0
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        count = 1 if isinstance(body[0].value.value, str) else 0
    while count < len(body):
        statement = body[count]
        if not isinstance(statement, ast.ImportFrom) or statement.module != "__future__":
            break
        count += 1
    return body[:count]


def _below(source: SourceText, line: int) -> int:
    """The line after this one and after the blank line below it."""
    following = line + 1
    if following < source.line_count and not source.lines[following - 1].strip():
        following += 1
    return following


def _below_comments(source: SourceText) -> int:
    """The first line, but below a shebang, an encoding, and a comment that stands for itself."""
    line = 1
    while line < source.line_count and _TOP_COMMENT.match(source.lines[line - 1]):
        line += 1
    end = line
    while end < source.line_count and source.lines[end - 1].startswith("#"):
        end += 1
    return end + 1 if end > line and not source.lines[end - 1].strip() else line
