"""Repairs of statements and comparisons that do not do what they seem to."""

import ast
import re

from procoder_tutor.diagnoses.surroundings import node_at, statement_around
from procoder_tutor.edits.model import ProposedEdit, TextEdit
from procoder_tutor.findings import Finding
from procoder_tutor.symbols import Document

_IS = re.compile(r"\bis(\s+not)?\b")


def compare_values(document: Document, finding: Finding) -> ProposedEdit | None:
    """Write `==` for `is`, and `!=` for `is not`, next to a literal."""
    node = node_at(document, finding, ast.Compare)
    if not isinstance(node, ast.Compare):
        return None
    operands = [node.left, *node.comparators]
    edits = []
    for left, operator, right in zip(operands, node.ops, operands[1:], strict=False):
        if not isinstance(operator, ast.Is | ast.IsNot):
            continue
        if not (_is_literal(left) or _is_literal(right)):
            continue
        edit = _operator_edit(document, left, right)
        if edit is None:
            return None
        edits.append(edit)
    return ProposedEdit("Compare with == or !=", tuple(edits)) if edits else None


def raise_error(document: Document, finding: Finding) -> ProposedEdit | None:
    """Raise `NotImplementedError` instead of `NotImplemented`."""
    statement = statement_around(document, finding)
    raised = statement.exc if isinstance(statement, ast.Raise) else None
    name = raised.func if isinstance(raised, ast.Call) else raised
    if not isinstance(name, ast.Name):
        return None
    start, end = document.source.span(name)
    return ProposedEdit("Raise NotImplementedError", (TextEdit(start, end, "NotImplementedError"),))


def unwrap_assert(document: Document, finding: Finding) -> ProposedEdit | None:
    """Remove the brackets around a condition and its message; other tuples may mean anything."""
    statement = statement_around(document, finding)
    test = statement.test if isinstance(statement, ast.Assert) else None
    if not isinstance(test, ast.Tuple) or test.lineno != test.end_lineno:
        return None
    match test.elts:
        case [_, ast.Constant(value=str()) | ast.JoinedStr() as message]:
            first, last = test.elts[0], message
        case _:
            return None
    source = document.source
    start, end = source.span(test)
    before = source.lines[start.line - 1][: source.column_in_text(*start)]
    space = "" if before.endswith((" ", "\t")) else " "
    edits = (
        TextEdit(start, source.span(first).start, space),
        TextEdit(source.span(last).end, end, ""),
    )
    return ProposedEdit("Remove the brackets of this assert", edits)


def call_print(document: Document, finding: Finding) -> ProposedEdit | None:
    """Turn Python 2's `print >> file, value` into a call."""
    statement = statement_around(document, finding)
    if not isinstance(statement, ast.Expr) or statement.lineno != statement.end_lineno:
        return None
    source, value = document.source, statement.value
    parts = value.elts if isinstance(value, ast.Tuple) else [value]
    redirected = parts[0]
    if not isinstance(redirected, ast.BinOp) or source.slice(value).rstrip().endswith(","):
        return None
    arguments = [source.slice(part) for part in parts[1:]]
    arguments.append(f"file={source.slice(redirected.right)}")
    start, end = source.span(statement)
    return ProposedEdit("Call print", (TextEdit(start, end, f"print({', '.join(arguments)})"),))


def _operator_edit(document: Document, left: ast.expr, right: ast.expr) -> TextEdit | None:
    source = document.source
    start, end = source.span(left).end, source.span(right).start
    if start.line != end.line:
        return None
    line = source.lines[start.line - 1]
    first, last = source.column_in_text(*start), source.column_in_text(*end)
    match = _IS.search(line, first, last)
    if match is None:
        return None
    sign = "!=" if match[1] else "=="
    place = source.place(start.line, match.start())
    return TextEdit(place, source.place(start.line, match.end()), sign)


def _is_literal(node: ast.expr) -> bool:
    """What pyflakes takes for a literal here: constants but None, True and the like, and tuples."""
    if isinstance(node, ast.Tuple):
        return all(_is_literal(part) or isinstance(part, ast.Constant) for part in node.elts)
    return isinstance(node, ast.Constant) and not (
        node.value is None or node.value is ... or isinstance(node.value, bool)
    )
