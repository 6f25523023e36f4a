"""Who said what about settings: the client at the start, the client now, folders, the user."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

logger = logging.getLogger(__name__)

SECTION = "procoder"
_DEEPEST = 8
"""Settings nest three deep; more is no settings, and would be too much for recursion."""
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Layers:
    """Nested values that are not checked yet, from the weakest to the strongest."""

    options: Values = field(default_factory=dict)
    """`initializationOptions`."""
    client: Values = field(default_factory=dict)
    """The client's configuration."""
    folders: Mapping[str, Values] = field(default_factory=dict)
    """The client's configuration for each folder, by the folder's URI."""
    chosen: Values = field(default_factory=dict)
    """What was chosen on the command line, or by a command while the server runs."""


def values_in(said: Any) -> Values:
    """Return our settings from what a client sends: bare, or under the key `procoder`."""
    if not isinstance(said, Mapping):
        return {}
    inner = said.get(SECTION, said)
    if not isinstance(inner, Mapping):
        return {}
    if _is_too_deep(inner):
        logger.warning("the settings of the client are nested too deeply")
        return {}
    return inner


def folder_of(uri: str, folders: Iterable[str]) -> str | None:
    """Return the innermost folder that holds a document, None when there is none."""
    document = unquote(uri)
    around = [folder for folder in folders if document.startswith(_with_slash(folder))]
    return max(around, key=len, default=None)


def _with_slash(folder: str) -> str:
    return unquote(folder).rstrip("/") + "/"


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        level = [inner for outer in level for inner in _inner(outer)]
    return bool(level)


def _inner(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list | tuple) else ()
