"""Repairs of names: misspelt ones, ones that are not imported, and ones that nobody reads."""

import ast
import re

from procoder_tutor.diagnoses import standard, surroundings
from procoder_tutor.diagnoses.circumstances import circumstances
from procoder_tutor.diagnoses.fixes.edits import remove_statement
from procoder_tutor.diagnoses.fixes.imports import add_import
from procoder_tutor.edits.model import ProposedEdit, TextEdit
from procoder_tutor.findings import Finding
from procoder_tutor.positions import Position
from procoder_tutor.symbols import Document

_VERY_SIMILAR = 0.8
_MAKES_NO_CALL = (ast.Constant, ast.Name, ast.Lambda)
_DISPLAYS = (ast.List, ast.Tuple, ast.Set)


def known_name(document: Document, finding: Finding) -> ProposedEdit | None:
    """Import an undefined name, or put the only name there that is spelt almost the same."""
    name = finding.arguments[0]
    found = circumstances(document, finding)
    if found.variant == "module":
        return add_import(document, f"import {name}")
    if found.variant == "import":
        return add_import(document, f"from {standard.HOMES[name]} import {name}")
    if found.variant == "word":
        return _rename(finding, name, found.values["near"])
    if found.variant == "typo":
        names = surroundings.visible_names(document, finding.line)
        near = surroundings.similar(name, names, _VERY_SIMILAR)
        return _rename(finding, name, near[0]) if len(near) == 1 else None
    return None


def unused_variable(document: Document, finding: Finding) -> ProposedEdit | None:
    """Stop storing a value that is never read; a value whose making may matter is still made."""
    name = finding.arguments[0]
    statement = surroundings.statement_around(document, finding)
    edits: tuple[TextEdit, ...] | None = None
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        edits = _unassigned(document, finding, statement)
    elif isinstance(statement, ast.Try | ast.TryStar | ast.With | ast.AsyncWith):
        edits = _without_as(document, finding, name)
    return ProposedEdit(f"Remove the unused variable {name}", edits) if edits else None


def unused_annotation(document: Document, finding: Finding) -> ProposedEdit | None:
    """Remove a declaration that declares what nobody uses."""
    statement = surroundings.statement_around(document, finding)
    if not isinstance(statement, ast.AnnAssign):
        return None
    edits = remove_statement(document, statement)
    return (
        ProposedEdit(f"Remove the unused declaration of {finding.arguments[0]}", edits)
        if edits
        else None
    )


def unused_declaration(document: Document, finding: Finding) -> ProposedEdit | None:
    """Remove a name from a `global` or `nonlocal` that the function never sets."""
    word, name = finding.arguments[:2]
    statement = surroundings.statement_around(document, finding)
    if not isinstance(statement, ast.Global | ast.Nonlocal) or name not in statement.names:
        return None
    start, end = document.source.span(statement)
    others = [other for other in statement.names if other != name]
    if others:
        edits: tuple[TextEdit, ...] | None = (TextEdit(start, end, f"{word} {', '.join(others)}"),)
    else:
        edits = remove_statement(document, statement)
    return ProposedEdit(f"Remove {name} from this {word}", edits) if edits else None


def _rename(finding: Finding, name: str, near: str) -> ProposedEdit:
    start, end = (
        Position(finding.line, finding.column),
        Position(finding.end_line, finding.end_column),
    )
    return ProposedEdit(f"Change {name} to {near}", (TextEdit(start, end, near),))


def _unassigned(
    document: Document, finding: Finding, statement: ast.Assign | ast.AnnAssign
) -> tuple[TextEdit, ...] | None:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    target = next((t for t in targets if _begins(document, t, finding)), None)
    if not isinstance(target, ast.Name) or statement.value is None:
        return None
    if len(targets) == 1 and _is_plain(statement.value):
        return remove_statement(document, statement)
    last = statement.annotation if isinstance(statement, ast.AnnAssign) else target
    return _drop_until_value(document, target, last)


def _drop_until_value(
    document: Document, target: ast.expr, last: ast.expr
) -> tuple[TextEdit, ...] | None:
    """Remove from the target to behind the `=` that follows the last node."""
    source = document.source
    start, end = source.span(target).start, source.span(last).end
    line = source.lines[end.line - 1]
    equals = re.compile(r"\s*=\s*(?=[^\s\\#])").match(line, source.column_in_text(*end))
    if equals is None or start.line != end.line:
        return None
    return (TextEdit(start, source.place(end.line, equals.end()), ""),)


def _without_as(document: Document, finding: Finding, name: str) -> tuple[TextEdit, ...] | None:
    """Remove ` as name` before the place of a finding."""
    source = document.source
    line = source.lines[finding.line - 1]
    column = source.column_in_text(finding.line, finding.column)
    alias = re.compile(rf"\s+as\s+{re.escape(name)}(?!\w)")
    match = next((m for m in alias.finditer(line) if m.start() <= column < m.end()), None)
    if match is None:
        return None
    start, end = source.place(finding.line, match.start()), source.place(finding.line, match.end())
    return (TextEdit(start, end, ""),)


def _begins(document: Document, node: ast.AST, finding: Finding) -> bool:
    return document.source.span(node).start == (finding.line, finding.column)


def _is_plain(value: ast.expr) -> bool:
    """Whether making a value runs no code that could have an effect."""
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, _DISPLAYS):
            waiting += node.elts
        elif isinstance(node, ast.Dict):
            waiting += [part for part in (*node.keys, *node.values) if part is not None]
        elif not isinstance(node, _MAKES_NO_CALL):
            return False
    return True
