"""Where docs.python.org/3 documents a name of the standard library."""

import builtins
import sys

BASE = "https://docs.python.org/3/"
_LIBRARY = BASE + "library/"

_SUBMODULE_PAGES = frozenset({
    "asyncio.subprocess", "collections.abc", "concurrent.futures", "email.message", "email.parser",
    "email.policy", "html.entities", "html.parser", "http.client", "http.cookiejar",
    "http.cookies", "http.server", "importlib.metadata", "importlib.resources", "logging.config",
    "logging.handlers", "multiprocessing.shared_memory", "os.path", "unittest.mock",
    "urllib.error", "urllib.parse", "urllib.request", "urllib.robotparser", "wsgiref",
    "xml.dom", "xml.dom.minidom", "xml.etree.elementtree", "xml.sax",
    "xmlrpc.client", "xmlrpc.server",
})  # fmt: skip
_MODULE_PAGES = frozenset({
    "abc", "argparse", "array", "ast", "asyncio", "atexit", "base64", "bisect", "bz2", "calendar",
    "cmath", "cmd", "codecs", "collections", "colorsys", "configparser", "contextlib",
    "contextvars", "copy", "copyreg", "csv", "ctypes", "curses", "dataclasses", "datetime",
    "decimal", "difflib", "dis", "doctest", "email", "enum", "errno", "faulthandler", "fcntl",
    "filecmp", "fileinput", "fnmatch", "fractions", "ftplib", "functools", "gc", "getopt",
    "getpass", "gettext", "glob", "graphlib", "grp", "gzip", "hashlib", "heapq", "hmac", "html",
    "http", "imaplib", "importlib", "inspect", "io", "ipaddress", "itertools", "json", "keyword",
    "linecache", "locale", "logging", "lzma", "mailbox", "marshal", "math", "mimetypes", "mmap",
    "multiprocessing", "numbers", "operator", "os", "pathlib", "pdb", "pickle", "pickletools",
    "pkgutil", "platform", "plistlib", "poplib", "pprint", "profile", "pty", "pwd", "queue",
    "quopri", "random", "re", "readline", "reprlib", "resource", "runpy", "sched", "secrets",
    "select", "selectors", "shelve", "shlex", "shutil", "signal", "site", "smtplib", "socket",
    "socketserver", "sqlite3", "ssl", "stat", "statistics", "string", "struct", "subprocess",
    "symtable", "sys", "sysconfig", "syslog", "tarfile", "tempfile", "termios", "textwrap",
    "threading", "time", "timeit", "tkinter", "token", "tokenize", "tomllib", "trace",
    "traceback", "tracemalloc", "tty", "turtle", "types", "typing", "unicodedata", "unittest",
    "uuid", "venv", "warnings", "wave", "weakref", "webbrowser", "winreg", "xml", "zipapp",
    "zipfile", "zipimport", "zlib", "zoneinfo",
})  # fmt: skip
_SPREAD_OUT = frozenset({
    "asyncio", "ctypes", "curses", "email", "importlib", "json", "multiprocessing", "tkinter",
    "unittest", "xml", "decimal", "logging",
})  # fmt: skip
"""Modules whose names are documented on several pages or under other anchors: none is given."""
_FUNCTIONS = frozenset({
    "abs", "aiter", "all", "anext", "any", "ascii", "bin", "breakpoint", "callable", "chr",
    "classmethod", "compile", "delattr", "dir", "divmod", "enumerate", "eval", "exec", "filter",
    "format", "getattr", "globals", "hasattr", "hash", "help", "hex", "id", "input", "isinstance",
    "issubclass", "iter", "len", "locals", "map", "max", "min", "next", "oct", "open", "ord",
    "pow", "print", "property", "repr", "reversed", "round", "setattr", "sorted", "staticmethod",
    "sum", "super", "vars", "zip", "bool", "complex", "float", "int", "object", "slice", "type",
})  # fmt: skip
_TYPES = frozenset({
    "str", "bytes", "bytearray", "memoryview", "list", "tuple", "range", "dict", "set",
    "frozenset",
})  # fmt: skip
_DOCUMENTED_METHODS = frozenset({"str", "bytes", "dict", "int", "float"})
_ALIASES = {"posixpath": "os.path", "ntpath": "os.path", "_io": "io", "_collections": "collections"}


def documentation_url(full_name: str) -> str | None:
    """Return the page (and anchor, where there is one) of a fully qualified name, else None.

    `builtins.len`, `heapq.heappush` and `builtins.str.join` have one; a third party's have not.
    """
    module, _, rest = full_name.partition(".")
    if module == "builtins":
        return _builtin(rest)
    module = _ALIASES.get(module, module)
    page = _page(f"{module}.{rest}" if rest else module)
    if page is None:
        return None
    url = f"{_LIBRARY}{page}.html"
    anchored = f"{module}.{rest}"
    if not rest or page in _SPREAD_OUT or len(anchored) <= len(page) or _private(rest):
        return url
    return f"{url}#{anchored}" if anchored.lower().startswith(page + ".") else url


def _builtin(name: str) -> str | None:
    kind, _, method = name.partition(".")
    if not method:
        return _builtin_page(kind)
    if kind in _DOCUMENTED_METHODS and not _private(method):
        return f"{_LIBRARY}stdtypes.html#{kind}.{method}"
    if kind in {"list", "bytearray"}:
        return f"{_LIBRARY}stdtypes.html#mutable-sequence-types"
    return f"{_LIBRARY}stdtypes.html#{kind}" if kind in _TYPES else None


def _builtin_page(name: str) -> str | None:
    if name in _FUNCTIONS:
        return f"{_LIBRARY}functions.html#{name}"
    if name in _TYPES:
        return f"{_LIBRARY}stdtypes.html#{name}"
    known = getattr(builtins, name, None)
    if isinstance(known, type) and issubclass(known, BaseException):
        return f"{_LIBRARY}exceptions.html#{name}"
    return None


def _page(full_name: str) -> str | None:
    parts = full_name.lower().split(".")
    for length in range(len(parts), 1, -1):
        if (page := ".".join(parts[:length])) in _SUBMODULE_PAGES:
            return page
    module = full_name.partition(".")[0]
    return module if module in _MODULE_PAGES & sys.stdlib_module_names else None


def _private(dotted_name: str) -> bool:
    return any(part.startswith("_") for part in dotted_name.split("."))
