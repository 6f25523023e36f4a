"""Where the official documentation treats a name of the standard library."""

from collections.abc import Iterator

from procoder_tutor.documentation.inventory import Inventory, python_inventory

_ALIASES = {
    "_bisect": "bisect",
    "_collections": "collections",
    "_collections_abc": "collections.abc",
    "_decimal": "decimal",
    "_functools": "functools",
    "_heapq": "heapq",
    "_io": "io",
    "_operator": "operator",
    "_pydatetime": "datetime",
    "_pydecimal": "decimal",
    "_pyio": "io",
    "_random": "random",
    "_socket": "socket",
    "_sqlite3": "sqlite3",
    "_struct": "struct",
    "_thread": "threading",
    "ntpath": "os.path",
    "posix": "os",
    "posixpath": "os.path",
}
"""Modules that implement others, by the name under which their contents are documented."""
_BUILTIN_ALIASES = {"set": "frozenset"}
"""The methods of both are documented once."""
_SHARED_METHODS = {
    "bytearray": "typesseq-mutable",
    "list": "typesseq-mutable",
    "range": "typesseq-range",
    "tuple": "typesseq-common",
}
"""Labels of the tables that document the methods of several built-in types at once."""
_OWN_TESTS = "test"
"""CPython's own tests are documented as well, but a package of that name is the reader's own."""


def documentation_url(full_name: str) -> str | None:
    """Return the page and anchor of a fully qualified name, else None.

    `builtins.len`, `heapq.heappush` and `builtins.list.append` have one. A public name that has no
    entry of its own gets that of its class or module; private names and a third party's get none.
    """
    inventory = python_inventory()
    module, _, rest = full_name.partition(".")
    if module == "builtins":
        return _builtin(inventory, rest)
    if module == _OWN_TESTS:
        return None
    module = _ALIASES.get(module, module)
    name = f"{module}.{rest}" if rest else module
    for spelling in _spellings(name):
        if url := inventory.object_url(spelling):
            return url
    return None if _private(rest) else _parent(inventory, name)


def _builtin(inventory: Inventory, name: str) -> str | None:
    if url := inventory.object_url(name):
        return url
    kind, _, method = name.partition(".")
    if not method or _private(method):
        return None
    shared = inventory.object_url(f"{_BUILTIN_ALIASES.get(kind, kind)}.{method}")
    if shared is None and kind in _SHARED_METHODS:
        shared = inventory.url(f"std:label:{_SHARED_METHODS[kind]}")
    return shared or inventory.object_url(kind)


def _spellings(name: str) -> Iterator[str]:
    """Yield the name, then shorter ones: packages re-export what their submodules define.

    `asyncio.tasks.gather` is documented as `asyncio.gather`.
    """
    yield name
    first, *between, last = name.split(".") if "." in name else (name, "")
    for dropped, part in enumerate(between):
        if part.islower() or part.startswith("_"):
            yield ".".join([first, *between[:dropped], *between[dropped + 1 :], last])


def _parent(inventory: Inventory, name: str) -> str | None:
    for spelling in _spellings(name.rpartition(".")[0]):
        if url := inventory.object_url(spelling):
            return url
    module = name.partition(".")[0]
    return inventory.object_url(module)


def _private(dotted_name: str) -> bool:
    return any(part.startswith("_") for part in dotted_name.split("."))
