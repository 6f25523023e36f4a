"""Snapshots of documents and the symbols in them: what a question can be about."""

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from procoder_tutor.bindings import Bindings
from procoder_tutor.errors import InputError, NoSymbolError
from procoder_tutor.facts.model import SymbolKind
from procoder_tutor.findings import Finding  # noqa: TC001 (annotations must resolve)
from procoder_tutor.names import symbol_under
from procoder_tutor.normalize import Normalized, normalize
from procoder_tutor.parsing import Parsed, Warned, parse
from procoder_tutor.positions import SourceText
from procoder_tutor.ranges import covered, first_line, last_line
from procoder_tutor.recovery import Recovered, recover
from procoder_tutor.syntax import Definition, child_blocks, header_end

MAX_CHARACTERS = 1_000_000
"""Longer documents are refused: a parse would stall an editor, and nobody wrote them by hand."""
_LISTED = 10
"""Names an error lists when none is like the one asked for."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One version of one document's text, as its author wrote it."""

    text: str = field(repr=False)
    uri: str = "untitled:snippet"
    path: Path | None = None
    """Where it lies on disk, when it does: jedi resolves imports from there."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A function, method, class, module or selected range inside a parsed snapshot."""

    snapshot: Snapshot
    name: str
    """Qualified within the module, e.g. `Account.deposit`; `lines 10-18` for a range."""
    kind: SymbolKind
    line: int
    """First line, 1-based, of the `def`, `class` or first decorator; 1 for a module."""
    end_line: int
    """Last line, 1-based, inclusive."""
    node: ast.AST = field(compare=False, repr=False)
    """Of a range a module that holds its statements, which stay parts of the document's tree."""


class Document:
    """A snapshot, parsed as far as it can be."""

    def __init__(self, snapshot: Snapshot, source: SourceText, parsed: Parsed) -> None:
        self.snapshot = snapshot
        self.source = source
        self.tree: ast.Module | None = parsed.tree
        """The whole document's syntax tree; None when it does not parse."""
        self.syntax_error: Finding | None = parsed.error
        self.warned: tuple[Warned, ...] = parsed.warned

    @classmethod
    def parse(cls, snapshot: Snapshot) -> "Document":
        """Parse a snapshot; code that does not parse is kept with its error.

        Raises InputError when the text is too long to be worked with.
        """
        if len(snapshot.text) > MAX_CHARACTERS:
            raise InputError(
                f"This document has more than {MAX_CHARACTERS:,} characters",
                "Copy the part you want explained into a file of its own.",
            )
        source = SourceText(snapshot.text)
        return cls(snapshot, source, parse(source))

    @cached_property
    def normalized(self) -> Normalized:
        """The text as models read it, with the way back to the original."""
        return normalize(self.snapshot.text)

    @property
    def syntax(self) -> ast.Module:
        """The syntax tree, or where the document does not parse, one of the parts that do."""
        return self.tree if self.tree is not None else self._recovered.tree

    @cached_property
    def bindings(self) -> Bindings:
        """What the scopes of `syntax` bind."""
        return Bindings(self.syntax)

    @property
    def lost_lines(self) -> frozenset[int]:
        """Lines of code that `syntax` leaves out because they do not parse."""
        return frozenset() if self.tree is not None else self._recovered.lost

    @cached_property
    def module(self) -> Symbol:
        """The document itself as a symbol."""
        name = _module_name(self.snapshot)
        return Symbol(self.snapshot, name, "module", 1, self.source.line_count, self.syntax)

    @cached_property
    def symbols(self) -> tuple[Symbol, ...]:
        """Every function, method and class, nested ones too, in the order they appear."""
        return tuple(
            sorted(self._definitions(), key=lambda symbol: (symbol.line, -symbol.end_line))
        )

    def symbol_at(self, line: int, column: int) -> Symbol | None:
        """What a hover at this place is about, or None.

        A name that refers to a function, method or class of this document stands for it; the
        header and the decorators of a definition stand for what they define.
        """
        found = symbol_under(self, line, self.source.column_in_text(line, column))
        if found is not None:
            return found
        for symbol in reversed(self.symbols):
            if symbol.line <= line <= header_end(_definition(symbol), self.source):
                return symbol
        return None

    def enclosing(self, line: int) -> Symbol:
        """Return the innermost symbol around a line; the module as a last resort."""
        around = [symbol for symbol in self.symbols if symbol.line <= line <= symbol.end_line]
        return max(around, key=lambda symbol: symbol.line, default=self.module)

    def by_name(self, name: str) -> Symbol:
        """Return the symbol of that qualified name; of several, the one that is in force.

        Raises NoSymbolError, which lists names like it.
        """
        found = [symbol for symbol in self.symbols if symbol.name == name]
        if found:
            return _in_force(found)
        if name == self.module.name:
            return self.module
        raise NoSymbolError(f"There is no `{name}` in this document", self._advice(name))

    def selection(self, line: int, end_line: int) -> Symbol:
        """Return what the lines from `line` to `end_line` hold, widened to whole statements.

        A definition that is selected alone is its own symbol; everything else is a `range`.
        Raises NoSymbolError when there is no code.
        """
        first, last = max(line, 1), min(end_line, self.source.line_count)
        chosen = covered(self.syntax.body, self.source, first, last) if first <= last else []
        lines = range(first_line(chosen[0]), last_line(chosen[-1]) + 1) if chosen else range(0)
        if self.lost_lines.issuperset(lines):
            raise NoSymbolError(
                f"There is no code that can be read on {_lines_name(line, end_line)}",
                "Select at least one whole statement.",
            )
        if len(chosen) == 1 and (defined := self.of_node(chosen[0])) is not None:
            return defined
        node = ast.Module(body=chosen, type_ignores=[])
        name = _lines_name(lines[0], lines[-1])
        return Symbol(self.snapshot, name, "range", lines[0], lines[-1], node)

    def of_node(self, node: ast.AST) -> Symbol | None:
        """Return the symbol that a definition's node belongs to."""
        return self._by_node.get(id(node))

    @cached_property
    def _by_node(self) -> dict[int, Symbol]:
        return {id(symbol.node): symbol for symbol in self.symbols}

    @cached_property
    def _recovered(self) -> Recovered:
        return recover(self.source)

    def _definitions(self) -> Iterator[Symbol]:
        waiting: list[tuple[ast.stmt, str, bool]] = [(s, "", False) for s in self.syntax.body]
        while waiting:
            statement, prefix, in_class = waiting.pop()
            if isinstance(statement, Definition):
                symbol = self._symbol(statement, prefix, in_class=in_class)
                yield symbol
                inner = (symbol.name + ".", symbol.kind == "class")
            else:
                inner = (prefix, in_class)
            waiting += [(child, *inner) for block in child_blocks(statement) for child in block]

    def _symbol(self, node: Definition, prefix: str, *, in_class: bool) -> Symbol:
        kind: SymbolKind = "method" if in_class else "function"
        if isinstance(node, ast.ClassDef):
            kind = "class"
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        last = node.end_lineno or node.lineno
        return Symbol(self.snapshot, prefix + node.name, kind, first, last, node)

    def _advice(self, name: str) -> str:
        names = list(dict.fromkeys(symbol.name for symbol in self.symbols))
        tail = name.rpartition(".")[2]
        same_tail = [known for known in names if known.rpartition(".")[2] == tail]
        near = list(dict.fromkeys(same_tail + difflib.get_close_matches(name, names, 5)))[:5]
        if near:
            return f"Did you mean {', '.join(f'`{known}`' for known in near)}?"
        if not names:
            return "It defines no function and no class."
        more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
        return f"It defines {', '.join(f'`{known}`' for known in names[:_LISTED])}{more}."


def _lines_name(line: int, end_line: int) -> str:
    return f"lines {line}-{end_line}" if end_line > line else f"line {line}"


def _definition(symbol: Symbol) -> Definition:
    node = symbol.node
    if not isinstance(node, Definition):
        raise TypeError(f"{symbol.name} is not a definition")
    return node


def _in_force(symbols: list[Symbol]) -> Symbol:
    """Of definitions of one name the last, but not an overload's or a property's companions."""
    plain = [symbol for symbol in symbols if not _is_companion(_definition(symbol))]
    return (plain or symbols)[-1]


def _is_companion(node: Definition) -> bool:
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Name) and decorator.id == "overload":
            return True
        if isinstance(decorator, ast.Attribute) and decorator.attr in {
            "overload",
            "getter",
            "setter",
            "deleter",
        }:
            return True
    return False


def _module_name(snapshot: Snapshot) -> str:
    if snapshot.path is not None:
        path = PurePosixPath(snapshot.path.as_posix())
    else:
        path = PurePosixPath(unquote(urlsplit(snapshot.uri).path) or "snippet")
    return (path.parent.name or path.stem) if path.stem == "__init__" else path.stem or "snippet"
