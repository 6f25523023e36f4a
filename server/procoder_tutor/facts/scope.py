"""The names around a piece of code: what they are bound to, as far as the text proves it."""

import ast
import builtins
from dataclasses import dataclass
from functools import cached_property

from procoder_tutor.names import bound_names, receiver_name
from procoder_tutor.symbols import Document, Symbol
from procoder_tutor.syntax import Definition, Function, dotted, statements

BUILTIN_NAMES = frozenset(dir(builtins))


@dataclass(frozen=True)
class Scope:
    """A symbol's own scope inside its document."""

    document: Document
    symbol: Symbol

    @cached_property
    def local(self) -> frozenset[str]:
        """Names bound in the symbol itself; empty for a module."""
        return bound_names(self.symbol.node) if self.symbol.kind != "module" else frozenset()

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
        return bound_names(self.document.syntax)

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

    @cached_property
    def _imports(self) -> dict[str, str]:
        """Full names of what the module imports; not those with two meanings."""
        found: dict[str, set[str]] = {}
        for statement in statements(self.document.syntax.body):
            for name, full in _imported(statement):
                found.setdefault(name, set()).add(full)
        others = _bound_otherwise(self.document.syntax)
        return {n: next(iter(f)) for n, f in found.items() if len(f) == 1 and n not in others}

    @cached_property
    def _own_imports(self) -> dict[str, str]:
        node = self.symbol.node
        if not isinstance(node, Function):
            return {}
        found = dict(pair for s in statements(node.body) for pair in _imported(s))
        others = _bound_otherwise(node)
        return {name: full for name, full in found.items() if name not in others}

    def full_name(self, node: ast.AST) -> str | None:
        """Full name of a dotted expression whose first name is imported or built in."""
        text = dotted(node)
        if text is None:
            return None
        first, dot, rest = text.partition(".")
        if first in self.local:
            full = self._own_imports.get(first)
        elif any(first in bound_names(o) for o in self.outer if isinstance(o, Function)):
            full = None
        elif first in self.module_names:
            full = self._imports.get(first)
        else:
            full = f"builtins.{first}" if first in BUILTIN_NAMES else None
        return full and full + dot + rest


def _imported(statement: ast.stmt) -> list[tuple[str, str]]:
    if isinstance(statement, ast.Import):
        return [
            (
                alias.asname or alias.name.partition(".")[0],
                alias.name if alias.asname else alias.name.partition(".")[0],
            )
            for alias in statement.names
        ]
    if isinstance(statement, ast.ImportFrom) and not statement.level and statement.module:
        return [
            (alias.asname or alias.name, f"{statement.module}.{alias.name}")
            for alias in statement.names
        ]
    return []


def _bound_otherwise(scope: ast.AST) -> frozenset[str]:
    """Names that the scope binds by anything but an import."""
    body = [s for s in scope.body if not isinstance(s, ast.Import | ast.ImportFrom)]  # type: ignore[attr-defined]  # a module or a function
    shell = ast.Module(body=body, type_ignores=[])
    names = set(bound_names(shell))
    if isinstance(scope, Function):
        names |= {
            argument.arg for argument in ast.walk(scope.args) if isinstance(argument, ast.arg)
        }
    nested = {n for s in statements(body) for n, _ in _imported(s)}
    return frozenset(names - nested)
