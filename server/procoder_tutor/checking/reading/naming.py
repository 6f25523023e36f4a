"""The names in a piece of code, by what they stand for."""

import ast
from dataclasses import dataclass

from procoder_tutor.checking.stems import parts_of, stem
from procoder_tutor.facts.model import Facts
from procoder_tutor.syntax import Definition, Function, all_arguments

_TYPE_WORDS = frozenset({"list", "dict", "set", "tuple", "str", "int", "float", "bool", "path",
                         "iterator", "self", "cls"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Naming:
    """Names and the words inside them."""

    called: frozenset[str]
    """Last parts of the names of what is called."""
    defined: frozenset[str]
    """The symbol's own name, and those of functions and classes inside it."""
    read: frozenset[str]
    """Names and attributes that occur, called or not."""
    inner_parameters: frozenset[str]
    """Parameters of functions inside it."""
    stems: frozenset[str]
    """Stems of the words of what holds values: parameters, variables and attributes."""

    @property
    def functions(self) -> frozenset[str]:
        """Names of functions, called or defined."""
        return self.called | self.defined


def naming_of(node: ast.AST, facts: Facts) -> Naming:
    """Collect the names of a symbol."""
    called: set[str] = set()
    read: set[str] = set()
    inner: set[str] = set()
    defined = {*facts.name.split("."), *facts.members}
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            called.add(getattr(part.func, "attr", getattr(part.func, "id", "")))
        elif isinstance(part, ast.Name):
            read.add(part.id)
        elif isinstance(part, ast.Attribute):
            read.add(part.attr)
        elif isinstance(part, Definition):
            defined.add(part.name)
            inner |= _arguments(part) if part is not node else set()
    holders = (read | _arguments(node)) - called
    words = {word for name in holders for word in parts_of(name) if len(word) > 1}
    return Naming(
        called=frozenset(called - {""}),
        defined=frozenset(defined),
        read=frozenset(read),
        inner_parameters=frozenset(inner),
        stems=frozenset(stem(word) for word in words - _TYPE_WORDS),
    )


def _arguments(node: ast.AST) -> set[str]:
    return {a.arg for a in all_arguments(node.args)} if isinstance(node, Function) else set()
