"""What an edit of a region must keep; each check returns the reason it fails, or None."""

import ast
import re
from collections import Counter
from collections.abc import Iterable

from procoder_tutor.edits.region import Change, Region, lost_comments
from procoder_tutor.edits.trees import Shape, shape, signature
from procoder_tutor.findings import Finding
from procoder_tutor.symbols import Document, Symbol

_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"|`([^`]*)`")

Problem = tuple[str, tuple[str, ...]]
"""A finding without its place: its rule and the names in its message."""


def problem_of(finding: Finding) -> Problem:
    """Return what stays the same about a finding when code around it moves."""
    names = tuple(next(filter(None, groups), "") for groups in _QUOTED.findall(finding.message))
    return finding.rule, names


def still_parses(change: Change) -> str | None:
    """The document parses after the change."""
    error = change.after.syntax_error
    if change.after.tree is not None and error is None:
        return None
    line = error.line if error else change.region.first
    return f"with it the file would not parse (line {line})"


def comments_stay(change: Change) -> str | None:
    """No comment of the region got lost."""
    lost = lost_comments(change)
    return f"it drops the comment `{lost[0]}`" if lost else None


def outside_stays(change: Change) -> str | None:
    """Statements beside the region mean what they meant."""
    if change.before.tree is None:
        return None
    before = _outside(change.before, change.region)
    after = _outside(change.after, change.region_after)
    return None if before == after else "it changes code outside the part it was asked about"


def definitions_stay(change: Change, touched: Iterable[Symbol]) -> str | None:
    """The same functions and classes are there, and but for the touched ones as they were."""
    before, after = change.before.symbols, change.after.symbols
    if change.before.tree is None:
        return _found_again(change)
    if [symbol.name for symbol in before] != [symbol.name for symbol in after]:
        return "it adds, removes or renames a function or class"
    loose = set(touched)
    for old, new in zip(before, after, strict=True):
        if old not in loose and shape(old.node) != shape(new.node):
            return f"it also changes `{old.name}`"
    return None


def signatures_stay(change: Change) -> str | None:
    """Definitions keep their names, parameters and decorators."""
    if change.before.tree is None:
        return None
    for old, new in zip(change.before.symbols, change.after.symbols, strict=True):
        if signature(old.node) != signature(new.node):
            return f"it changes the signature of `{old.name}`"
    return None


def _found_again(change: Change) -> str | None:
    """Definitions that could be read in a document that did not parse are there afterwards."""

    def known(symbol: Symbol, region: Region) -> tuple[str, Shape]:
        inside = symbol.line <= region.last and symbol.end_line >= region.first
        return symbol.name, signature(symbol.node) if inside else shape(symbol.node)

    old = Counter(known(s, change.region) for s in change.before.symbols)
    new = Counter(known(s, change.region_after) for s in change.after.symbols)
    missing = list(old - new)
    return f"it changes or removes `{missing[0][0]}`" if missing else None


def _outside(document: Document, region: Region) -> list[Shape]:
    body = document.tree.body if document.tree is not None else []
    return [shape(s) for s in body if _end(s) < region.first or _first(s) > region.last]


def _first(statement: ast.stmt) -> int:
    lines = [statement.lineno]
    lines += [decorator.lineno for decorator in getattr(statement, "decorator_list", [])]
    return min(lines)


def _end(statement: ast.stmt) -> int:
    return statement.end_lineno or statement.lineno
