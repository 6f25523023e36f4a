"""Names that learners use without an import, or that come from another language."""

import sys
from typing import Final

WORDS: Final = {
    "true": "True", "TRUE": "True", "false": "False", "FALSE": "False",
    "null": "None", "NULL": "None", "nil": "None", "none": "None", "undefined": "None",
    "println": "print", "printf": "print", "echo": "print", "puts": "print", "Print": "print",
    "raw_input": "input", "xrange": "range", "unicode": "str", "basestring": "str",
    "unichr": "chr", "String": "str", "Integer": "int", "boolean": "bool", "parseInt": "int",
    "parseFloat": "float", "strlen": "len", "sizeof": "len",
}  # fmt: skip
"""What Python calls what other languages, or Python 2, call so."""

_MODULES = {
    "collections": "Counter OrderedDict defaultdict deque namedtuple",
    "contextlib": "contextmanager suppress",
    "copy": "deepcopy",
    "dataclasses": "dataclass",
    "datetime": "timedelta",
    "decimal": "Decimal",
    "enum": "Enum IntEnum StrEnum",
    "fractions": "Fraction",
    "functools": "cached_property lru_cache partial reduce wraps",
    "abc": "ABC abstractmethod",
    "io": "BytesIO StringIO",
    "itertools": "chain combinations islice permutations",
    "math": "ceil floor pi sqrt",
    "operator": "attrgetter itemgetter",
    "pathlib": "Path",
    "random": "randint shuffle",
    "threading": "Thread",
    "time": "perf_counter sleep",
    "typing": "Any Callable Dict Final Generic Iterable Iterator List Literal NamedTuple Optional "
    "Protocol Sequence Tuple TypeVar TypedDict Union",
    "urllib.request": "urlopen",
}
HOMES: Final = {name: module for module, names in _MODULES.items() for name in names.split()}
"""The module of names that are hardly ever anything else."""

_UNLIKELY = frozenset({"antigravity", "this", "test", "idlelib", "code", "datetime"})
"""Modules whose name is more often meant as something else; `datetime` is also a class in it."""


def is_module(name: str) -> bool:
    """Whether a name with a dot after it is most likely a module that comes with Python."""
    return name in sys.stdlib_module_names and name not in _UNLIKELY and not name.startswith("_")
