"""The imports that tests need: of the module under test, of pytest, and of what it uses itself."""

import ast
import sys
from collections.abc import Iterable, Mapping

from procoder_tutor.symbols import Document

_PYTEST = "pytest"
_MAX_LINE = 88

ImportLines = dict[str, str]
"""The name that each import binds, and its line."""


def own_names(document: Document) -> frozenset[str]:
    """Names that a module defines at its top, without those it imports."""
    bound = document.bindings.of(document.syntax)
    imports = (ast.Import, ast.ImportFrom)
    return frozenset(
        name for name, nodes in bound.items() if not all(isinstance(n, imports) for n in nodes)
    )


def offered_imports(answer: ast.Module, document: Document) -> ImportLines:
    """Imports that surely exist: the module under test has them too, or Python, or pytest."""
    known = {_PYTEST, *sys.stdlib_module_names, *_roots(document.syntax)} - {"__future__"}
    return {
        name: line
        for statement in answer.body
        for root, name, line in _single(statement)
        if root in known
    }


def needed_imports(
    used: Iterable[str], own: frozenset[str], offered: Mapping[str, str], module: str
) -> ImportLines:
    """Choose the imports for the names that tests use."""
    chosen: ImportLines = {}
    for name in sorted(used):
        if name in own:
            chosen[name] = f"from {module} import {name}"
        elif name in offered:
            chosen[name] = offered[name]
        elif name == _PYTEST:
            chosen[name] = "import pytest"
    return chosen


def import_block(lines: Iterable[str], module: str) -> list[str]:
    """Group imports as PEP 8 says: standard library, others, the module under test."""
    own_start = f"from {module} import "
    own = sorted(line.removeprefix(own_start) for line in lines if line.startswith(own_start))
    rest = sorted({line for line in lines if not line.startswith(own_start)}, key=_order)
    standard = [line for line in rest if _root(line) in sys.stdlib_module_names]
    others = [line for line in rest if line not in standard]
    joined = own_start + ", ".join(own)
    ours = [joined] if len(joined) <= _MAX_LINE else [own_start + name for name in own]
    groups = [group for group in (standard, others, ours if own else []) if group]
    return [line for group in groups for line in ["", *group]][1:]


def _order(line: str) -> tuple[bool, str]:
    return line.startswith("from "), line


def _root(line: str) -> str:
    return line.split()[1].partition(".")[0]


def _roots(tree: ast.Module) -> set[str]:
    return {root for statement in tree.body for root, _, _ in _single(statement)}


def _single(statement: ast.stmt) -> list[tuple[str, str, str]]:
    """Root package, bound name and line of each name that a top-level import brings."""
    if isinstance(statement, ast.ImportFrom):
        if statement.level or not statement.module or statement.names[0].name == "*":
            return []
        before, root = f"from {statement.module} import ", statement.module.partition(".")[0]
    elif isinstance(statement, ast.Import):
        before, root = "import ", ""
    else:
        return []
    found = []
    for alias in statement.names:
        name = alias.asname or (alias.name if root else alias.name.partition(".")[0])
        written = f"{alias.name} as {alias.asname}" if alias.asname else alias.name
        found.append((root or alias.name.partition(".")[0], name, before + written))
    return found
