"""Names a text uses that exist neither in the code nor in Python.

Wider than what the checker forgives: any builtin, keyword, module of the standard library or
method of a builtin type counts as known here, whether the code uses it or not.
"""

import builtins
import keyword
import re
import sys
from functools import cache

from procoder_tutor.checking.names import names_in
from procoder_tutor.checking.said import Said
from procoder_tutor.symbols import Document

_WORD = re.compile(r"[^\W\d]\w*")
_TYPES = (str, bytes, list, dict, set, frozenset, tuple, int, float, BaseException, type(print))


def invented_names(sentence: str, document: Document) -> list[str]:
    """Return what a sentence calls by name and nobody defined, as often as it does."""
    known = set(_WORD.findall(document.snapshot.text)) | names_of_python()
    names = names_in(Said.of(sentence))
    return [name for name in names if not known.issuperset(_WORD.findall(name))]


@cache
def names_of_python() -> frozenset[str]:
    """Return the names that every Python programmer knows."""
    methods = (name for kind in _TYPES for name in dir(kind))
    return frozenset(
        [*dir(builtins), *keyword.kwlist, *keyword.softkwlist, *sys.stdlib_module_names, *methods]
    ) | {"self", "cls", "args", "kwargs"}
