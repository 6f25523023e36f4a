"""The names around a piece of code: what they are bound to, as far as the text proves it."""

import ast
import builtins
from dataclasses import dataclass
from functools import cached_property

from procoder_tutor.facts.reach import Dead, dead_code
from procoder_tutor.names import receiver_name
from procoder_tutor.symbols import Document, Symbol
from procoder_tutor.syntax import Definition, Function, dotted, own_nodes

BUILTIN_NAMES = frozenset(dir(builtins))


@dataclass(frozen=True)
class Scope:
    """A symbol's own scope inside its document; a selected range shares that of its place."""

    document: Document
    symbol: Symbol

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """What the symbol runs itself, in source order; see `own_nodes`."""
        if self.symbol.kind == "range":  # its node is no part of the document's tree
            return tuple(own_nodes(self.symbol.node))
        return self.document.bindings.nodes(self.symbol.node)

    @cached_property
    def dead(self) -> tuple[Dead, ...]:
        """The symbol's own statements that no run can reach."""
        return tuple(dead_code(getattr(self.symbol.node, "body", []), self.full_name))

    @cached_property
    def dead_nodes(self) -> frozenset[int]:
        """Ids of all nodes of dead statements."""
        return frozenset(
            id(node)
            for dead in self.dead
            for statement in dead.statements
            for node in ast.walk(statement)
        )

    @cached_property
    def reached(self) -> tuple[ast.AST, ...]:
        """Those of `nodes` that a run may reach."""
        if not self.dead:
            return self.nodes
        return tuple(node for node in self.nodes if id(node) not in self.dead_nodes)

    @cached_property
    def home(self) -> ast.AST:
        """The function, class or module whose names the symbol's own statements see as local."""
        if self.symbol.kind != "range":
            return self.symbol.node
        return self._around_range[-1] if self._around_range else self.document.syntax

    @cached_property
    def path(self) -> list[Definition]:
        """Definitions around the symbol's statements, outermost first, itself included."""
        return [*self.outer, self.home] if isinstance(self.home, Definition) else []

    @cached_property
    def damaged(self) -> bool:
        """Whether a line of the symbol does not parse: it might do anything."""
        first, last = self.symbol.line, self.symbol.end_line
        return any(first <= line <= last for line in self.document.lost_lines)

    @cached_property
    def local(self) -> frozenset[str]:
        """Names bound in the symbol itself; empty at the top of a module."""
        if isinstance(self.home, Definition):
            return frozenset(self.document.bindings.of(self.home))
        return frozenset()

    @cached_property
    def _around_range(self) -> tuple[Definition, ...]:
        symbol = self.symbol
        return tuple(
            other.node
            for other in self.document.symbols
            if isinstance(other.node, Definition)
            and other.line <= symbol.line
            and symbol.end_line <= other.end_line
        )

    @cached_property
    def outer(self) -> tuple[Definition, ...]:
        """Definitions around the symbol (around the home of a range), outermost first."""
        symbol = self.symbol
        if symbol.kind == "range":
            return self._around_range[:-1]
        around = [
            other.node
            for other in self.document.symbols
            if isinstance(other.node, Definition)
            and other.node is not symbol.node
            and symbol.name.startswith(other.name + ".")
            and other.line <= symbol.line
            and symbol.end_line <= other.end_line
        ]
        return tuple(around)

    @cached_property
    def module_names(self) -> frozenset[str]:
        """Names bound at the top of the module."""
        return frozenset(self.document.bindings.of(self.document.syntax))

    @cached_property
    def owner(self) -> ast.ClassDef | None:
        """The class that a method, or the method around a range, belongs to."""
        may_be = self.symbol.kind in {"method", "range"}
        if not may_be or not self.outer or not isinstance(self.home, Function):
            return None
        node = self.outer[-1]
        return node if isinstance(node, ast.ClassDef) else None

    @cached_property
    def receiver(self) -> str | None:
        """Name of `self` or `cls` in a method, as long as it is never rebound."""
        if self.owner is None or not isinstance(self.home, Function):
            return None
        return receiver_name(self.home)

    def full_name(self, node: ast.AST) -> str | None:
        """Full name of a dotted expression whose first name is imported or built in."""
        text = dotted(node)
        if text is None:
            return None
        first, dot, rest = text.partition(".")
        if first in self.local:
            full = self.document.bindings.imports(self.home).get(first)
        elif any(
            first in self.document.bindings.of(o) for o in self.outer if isinstance(o, Function)
        ):
            full = None
        elif first in self.module_names:
            full = self.document.bindings.imports(self.document.syntax).get(first)
        else:
            shadowed = "*" in self.module_names  # by `from somewhere import *`, perhaps
            full = f"builtins.{first}" if first in BUILTIN_NAMES and not shadowed else None
        return full and full + dot + rest
