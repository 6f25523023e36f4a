"""Snapshots of documents and the symbols in them: what a question can be about."""

import ast
from dataclasses import dataclass, field
from pathlib import Path

from procoder_tutor.facts.model import SymbolKind


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One version of one document's text, as its author wrote it."""

    text: str
    uri: str = "untitled:snippet"
    path: Path | None = None
    """Where it lies on disk, when it does: jedi resolves imports from there."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A function, method, class or module inside a parsed snapshot."""

    snapshot: Snapshot
    name: str
    """Qualified within the module, e.g. `Account.deposit`; the module's own name for a module."""
    kind: SymbolKind
    line: int
    """First line, 1-based, of the `def`, `class` or first decorator; 1 for a module."""
    end_line: int
    """Last line, 1-based, inclusive."""
    node: ast.AST = field(compare=False, repr=False)
