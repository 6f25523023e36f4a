"""The names around a piece of code: what they are bound to, as far as the text proves it."""

import ast
import builtins
from dataclasses import dataclass
from functools import cached_property

from procoder_tutor.names import receiver_name
from procoder_tutor.symbols import Document, Symbol
from procoder_tutor.syntax import Definition, Function, dotted

BUILTIN_NAMES = frozenset(dir(builtins))


@dataclass(frozen=True)
class Scope:
    """A symbol's own scope inside its document."""

    document: Document
    symbol: Symbol

    @cached_property
    def local(self) -> frozenset[str]:
        """Names bound in the symbol itself; empty for a module."""
        return (
            frozenset(self.document.bindings.of(self.symbol.node))
            if self.symbol.kind != "module"
            else frozenset()
        )

    @cached_property
    def outer(self) -> tuple[Definition, ...]:
        """Definitions around the symbol, outermost first."""
        symbol = self.symbol
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
        """The class that a method belongs to."""
        if self.symbol.kind != "method" or not self.outer:
            return None
        node = self.outer[-1]
        return node if isinstance(node, ast.ClassDef) else None

    @cached_property
    def receiver(self) -> str | None:
        """Name of `self` or `cls` in a method, as long as it is never rebound."""
        node = self.symbol.node
        if self.owner is None or not isinstance(node, Function):
            return None
        return receiver_name(node)

    def full_name(self, node: ast.AST) -> str | None:
        """Full name of a dotted expression whose first name is imported or built in."""
        text = dotted(node)
        if text is None:
            return None
        first, dot, rest = text.partition(".")
        if first in self.local:
            full = self.document.bindings.imports(self.symbol.node).get(first)
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
