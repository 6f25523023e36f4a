"""The names and words that a text about some code may use."""

import ast
import builtins
import keyword
import re
from dataclasses import dataclass

from procoder_tutor.checking.reading.code import Code, code_of
from procoder_tutor.checking.stems import parts_of, stem
from procoder_tutor.facts.model import Facts
from procoder_tutor.symbols import Document, Symbol
from procoder_tutor.syntax import Definition

_WORD = re.compile(r"[A-Za-z_]\w*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_IMPORT = re.compile(r"^\s*(?:import|from)\s[^\n]*", re.MULTILINE)
_ATTRIBUTE = re.compile(
    r"\.\s*([A-Za-z_]\w*)|\b(?:def|class)\s+([A-Za-z_]\w*)|^\s+(\w+)\s*:", re.MULTILINE
)
_ALWAYS_KNOWN = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) or name in {"None", "True", "False"}
) | {"self", "cls", "args", "kwargs"}
"""Types, exceptions and constants of Python, of which one may speak without using them."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What occurs in a symbol's code, and what every Python programmer knows."""

    names: frozenset[str]
    """Identifiers of the symbol's code and texts, and what it can see of its document."""
    attributes: frozenset[str]
    """Of these, what stands behind a dot or is defined."""
    full_names: frozenset[str]
    """Fully qualified names of what the symbol calls."""
    imports: str
    """The import statements of the document."""
    text: str
    """The symbol's code in lower case."""
    plain_text: str
    """The same without spaces and quotes."""
    words: frozenset[str]
    """Lower-case words inside the symbol's identifiers and texts, e.g. `last` of `last_end`."""
    numbers: frozenset[str]
    """Numbers of the symbol's code, as written and as values."""
    stems: frozenset[str]
    """Stems of the words and of what the code's documentation says."""
    code: Code | None
    """What the code does; None when it is too large to be read."""

    @classmethod
    def of(cls, document: Document, symbol: Symbol, facts: Facts) -> "Vocabulary":
        """Collect it; takes milliseconds for a long document."""
        code = _code_of(document, symbol)
        documented = [
            text for call in facts.calls for text in (call.full_name, call.summary) if text
        ]
        texts = " ".join([code, facts.name, facts.signature, *documented])
        names = frozenset(_visible(document, symbol)) | set(_WORD.findall(texts))
        parts = {part.lower() for word in _WORD.findall(texts) for part in _PART.findall(word)}
        words = parts | {word.lower() for word in _WORD.findall(texts)}
        numbers = set(_NUMBER.findall(code.replace("_", ""))) | set(_NUMBER.findall(code))
        stems = frozenset(stem(word) for word in words | _owner_words(_owner(document, symbol)))
        full_names = [call.full_name for call in facts.calls if call.full_name]
        documented_attributes = {part for name in full_names for part in name.split(".")[1:]}
        found = _ATTRIBUTE.findall(document.snapshot.text)
        attributes = {name for names_found in found for name in names_found if name}
        return cls(
            names=names | {name.lower() for name in names} | {symbol.name},
            full_names=frozenset(full_names),
            imports="\n".join(
                [*_IMPORT.findall(document.snapshot.text), f"import {document.module.name}"]
            ),
            attributes=frozenset(attributes | documented_attributes),
            text=code.lower(),
            plain_text=re.sub(r"[\s'\"]", "", code).lower(),
            words=frozenset(words),
            numbers=frozenset(numbers),
            stems=stems,
            code=code_of(symbol.node, _owner(document, symbol), facts),
        )

    def knows(self, name: str) -> bool:
        """Tell whether a (dotted) name occurs in the code, or is a type or constant of Python."""
        first, *rest = [part for part in name.rstrip("()").split(".") if part] or [name]
        if keyword.iskeyword(first) and first not in _ALWAYS_KNOWN:
            return first in self.words
        known = first in self.names or first in _ALWAYS_KNOWN
        return known and all(part in self.attributes for part in rest)


def _code_of(document: Document, symbol: Symbol) -> str:
    lines = document.snapshot.text.splitlines()[symbol.line - 1 : symbol.end_line]
    try:
        return "\n".join(lines) + "\n" + ast.unparse(symbol.node)
    except (ValueError, RecursionError):
        return "\n".join(lines)


def _visible(document: Document, symbol: Symbol) -> set[str]:
    """Names that the module defines or imports, and those of the class around a method."""
    names = {part for other in document.symbols for part in other.name.split(".")}
    names |= set(_WORD.findall(" ".join(_IMPORT.findall(document.snapshot.text))))
    for statement in document.syntax.body:
        if not isinstance(statement, Definition):
            names |= {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
    owner = _owner(document, symbol)
    if isinstance(owner, ast.ClassDef):
        names |= {node.id for node in ast.walk(owner) if isinstance(node, ast.Name)}
        names |= {node.attr for node in ast.walk(owner) if isinstance(node, ast.Attribute)}
    return names


def _owner_words(owner: ast.AST | None) -> set[str]:
    """Words of the names in the class around a method; a module's are too many to mean much."""
    if not isinstance(owner, ast.ClassDef):
        return set()
    names = {node.attr for node in ast.walk(owner) if isinstance(node, ast.Attribute)}
    return {part for name in names | {owner.name} for part in parts_of(name)}


def _owner(document: Document, symbol: Symbol) -> ast.AST | None:
    """Return the class around a method; for other symbols the module, whose globals count."""
    name = symbol.name.rpartition(".")[0]
    owners = [other.node for other in document.symbols if name and other.name == name]
    return owners[-1] if owners else (document.syntax if symbol.kind != "module" else None)
