"""The shape of facts. Lines are 1-based and relative to the document; fields are JSON-ready."""

from dataclasses import dataclass, field
from typing import Literal

SymbolKind = Literal["function", "method", "class", "module"]
MutationTarget = Literal["argument", "self", "global", "nonlocal"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a function or method, or one field that builds a class."""

    name: str
    """Without stars."""
    kind: Literal["positional-only", "positional", "keyword-only", "variadic", "keywords"]
    annotation: str | None
    """Source text of the annotation."""
    default: str | None
    """Source text of the default."""
    inferred: str | None = None
    """Type that jedi infers where there is no annotation."""


@dataclass(frozen=True, slots=True)
class Return:
    """One `return` of a function."""

    line: int
    expression: str | None
    """Source text, shortened to one line; None for a bare return."""


@dataclass(frozen=True, slots=True)
class Raise:
    """An exception that this code raises itself."""

    exception: str
    """Name as written, e.g. `ValueError`; `re-raise` for a bare raise."""
    line: int
    condition: str | None
    """Source text of the innermost `if` that guards it, when there is one."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """A change that outlives the call."""

    name: str
    """The changed name or attribute as written, e.g. `items` or `self.balance`."""
    target: MutationTarget
    how: str
    """In plain words for display, e.g. `calls .append()` or `assigns an item`."""
    line: int


@dataclass(frozen=True, slots=True)
class Call:
    """A call inside the symbol; repeated calls of one name are listed once, at the first line."""

    name: str
    """As written, e.g. `self.log.append`."""
    line: int
    full_name: str | None = None
    """Fully qualified, when jedi resolved it, e.g. `builtins.list.append`."""
    summary: str | None = None
    """First line of the callee's documentation."""
    url: str | None = None
    """Documentation of a standard-library callee."""


@dataclass(frozen=True, slots=True)
class Concept:
    """A language concept the code uses."""

    id: str
    """Stable, e.g. `generator`."""
    title: str
    line: int
    """Where it first appears."""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A reference into official documentation."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known about one symbol without asking a model."""

    name: str
    """Qualified within the module, e.g. `Account.deposit`."""
    kind: SymbolKind
    line: int
    end_line: int
    signature: str
    """One line, e.g. `merge(intervals: list) -> list`; for a module its name."""
    parameters: tuple[Parameter, ...] = ()
    return_type: str | None = None
    """Annotation, or the type jedi infers."""
    returns: tuple[Return, ...] = ()
    raises: tuple[Raise, ...] = ()
    yields: tuple[int, ...] = ()
    """Lines with `yield`."""
    mutates: tuple[Mutation, ...] = ()
    calls: tuple[Call, ...] = ()
    recursion: bool = False
    concepts: tuple[Concept, ...] = ()
    links: tuple[Link, ...] = ()
    members: tuple[str, ...] = ()
    """Methods of a class, or functions and classes of a module."""
    docstring: str | None = None
    """First paragraph."""
    is_async: bool = False
    decorators: tuple[str, ...] = ()
    complete: bool = field(default=False)
    """True once jedi has added types and resolved calls; False for the instant, ast-only part."""
