"""The shape of facts. Lines are 1-based and relative to the document; fields are JSON-ready."""

from dataclasses import dataclass, field
from typing import Literal

SymbolKind = Literal["function", "method", "class", "module", "range"]
MutationTarget = Literal["argument", "self", "global", "nonlocal"]
UseKind = Literal[
    "read", "called", "iterated", "indexed", "attribute", "compared", "tested", "computed",
    "formatted", "passed", "returned", "yielded", "stored", "changed", "rebound", "unused",
]  # fmt: skip
CatchOutcome = Literal["handled", "re-raised", "replaced", "ignored"]
TouchKind = Literal[
    "file", "network", "environment", "subprocess", "database", "console", "clock", "random"
]
GrowthOrder = Literal["O(1)", "O(log n)", "O(n)", "O(n log n)", "O(n²)", "O(n³)", "O(2ⁿ)"]
TrapKind = Literal[
    "mutable-default", "late-binding", "is-literal", "bare-except", "changed-while-iterating",
    "shadowed-builtin", "unreachable",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Use:
    """One way a parameter is used; each kind is listed once, at its first line."""

    kind: UseKind
    line: int
    detail: str = ""
    """With what, e.g. the callee a parameter is passed to or the attribute read."""


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
    uses: tuple[Use, ...] = ()
    """What the function does with it, in source order; `unused` alone where it does nothing."""


@dataclass(frozen=True, slots=True)
class Return:
    """One `return` of a function."""

    line: int
    expression: str | None
    """Source text, shortened to one line; None for a bare return."""
    condition: str | None = None
    """Source text of the innermost `if` or `case` that guards it, when there is one."""
    implicit: bool = False
    """The body can run off its end, which returns None; `line` is the function's last line."""


@dataclass(frozen=True, slots=True)
class Raise:
    """An exception that this code raises itself."""

    exception: str
    """Name as written, e.g. `ValueError`; `re-raise` for a bare raise."""
    line: int
    condition: str | None
    """Source text of the innermost `if` that guards it, when there is one."""


@dataclass(frozen=True, slots=True)
class Catch:
    """An exception that a handler of this code catches."""

    exception: str
    """As written, e.g. `KeyError`; empty for a bare `except:`. One entry a type of a tuple."""
    line: int
    outcome: CatchOutcome
    """`ignored` when the handler only passes or continues; `replaced` when it raises another."""


@dataclass(frozen=True, slots=True)
class Touch:
    """Something outside the program's memory that the code reads or changes."""

    kind: TouchKind
    name: str
    """The call or attribute as written, e.g. `open` or `os.environ`."""
    line: int


@dataclass(frozen=True, slots=True)
class Caller:
    """A place of the same document that calls the symbol; one entry a calling symbol."""

    name: str
    """Qualified name of the function, method, class or module around the call."""
    line: int


@dataclass(frozen=True, slots=True)
class Growth:
    """How the work grows with the size of the input, where the code alone tells."""

    order: GrowthOrder
    reason: str
    """A sentence for the reader, e.g. ``Visits every item of `items` once (line 12).``"""


@dataclass(frozen=True, slots=True)
class Trap:
    """A classic mistake, or what often is one."""

    kind: TrapKind
    line: int
    message: str
    """What is wrong here, with the names of this code; one or two sentences."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the code does, in plain words."""

    line: int
    end_line: int
    depth: int
    """0 for the symbol's own statements, one more inside each loop, condition or handler."""
    text: str
    """Markdown, one sentence without a full stop; code in code spans."""


@dataclass(frozen=True, slots=True)
class DataFlow:
    """Names that go into and come out of a selected range, in order of appearance."""

    reads: tuple[str, ...] = ()
    """Names that the range uses and something before it set; builtins are left out."""
    sets: tuple[str, ...] = ()
    used_after: tuple[str, ...] = ()
    """Names that the range sets and later code of the same scope uses."""


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
    """Those that can leave the symbol."""
    handled_raises: tuple[Raise, ...] = ()
    """Those that a handler of the symbol itself catches."""
    catches: tuple[Catch, ...] = ()
    yields: tuple[int, ...] = ()
    """Lines with `yield`."""
    awaits: tuple[int, ...] = ()
    """Lines with `await`, `async for` or `async with`."""
    manages: tuple[str, ...] = ()
    """Context managers entered by `with`, source text."""
    mutates: tuple[Mutation, ...] = ()
    touches: tuple[Touch, ...] = ()
    calls: tuple[Call, ...] = ()
    callers: tuple[Caller, ...] = ()
    recursion: bool = False
    nesting: int = 0
    """Deepest nesting of loops, conditions, handlers and `with` blocks; 0 for straight code."""
    loop_nesting: int = 0
    """Deepest nesting of loops, comprehensions counted."""
    growth: Growth | None = None
    traps: tuple[Trap, ...] = ()
    steps: tuple[Step, ...] = ()
    concepts: tuple[Concept, ...] = ()
    links: tuple[Link, ...] = ()
    members: tuple[str, ...] = ()
    """Methods of a class, or functions and classes of a module."""
    docstring: str | None = None
    """First paragraph."""
    is_async: bool = False
    decorators: tuple[str, ...] = ()
    data_flow: DataFlow | None = None
    """For a selected range only."""
    complete: bool = field(default=False)
    """True once jedi has added types and resolved calls; False for the instant, ast-only part."""
