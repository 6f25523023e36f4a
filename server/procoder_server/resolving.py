"""From what was said about settings to the settings of every folder."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from procoder_server.layers import Layers, Values
from procoder_server.settings import MACHINE_WIDE, ServerSettings, load_server_settings
from procoder_tutor.settings import merged

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Resolved:
    """The settings that hold, and what was wrong with those that were given."""

    everywhere: ServerSettings
    """Outside all folders, and for what concerns the server as a whole."""
    folders: Mapping[str, ServerSettings]
    """By the folder's URI."""
    problems: tuple[str, ...]
    """One sentence each."""


def resolve(layers: Layers) -> Resolved:
    """Check and combine; what is wrong is left out and reported once.

    A client answers for a folder with everything that holds there, also what the user set for all:
    only what differs from that is the folder's own.
    """
    shared = merged(layers.options, layers.client)
    everywhere, problems = load_server_settings(layers.options, layers.client, layers.chosen)
    reported = list(problems)
    folders = {}
    for uri, values in layers.folders.items():
        allowed, refused = _without_machine_wide(values, shared, uri)
        settings, problems = load_server_settings(
            layers.options, layers.client, allowed, layers.chosen
        )
        folders[uri] = settings
        reported += [problem for problem in (*refused, *problems) if problem not in reported]
    return Resolved(everywhere, folders, tuple(reported))


def _without_machine_wide(
    values: Values, shared: Values, uri: str
) -> tuple[dict[str, Any], list[str]]:
    """Return a folder's values without those that are the user's to set, and the refusals."""
    allowed = merged({}, values)
    refused = []
    for name in MACHINE_WIDE:
        outer, _, last = name.rpartition(".")
        inner = _at(allowed, outer) if outer else allowed
        if isinstance(inner, dict) and last in inner:
            refused += [
                f"Setting `{differing}` of the folder {_name(uri)} was ignored: "
                "a folder cannot set it; set it in your own settings."
                for differing in _differing(name, inner.pop(last), _at(shared, name))
            ]
    return allowed, refused


def _differing(name: str, value: Any, shared: Any) -> Iterator[str]:
    """Yield the names below `name` whose value is another one than that of all folders."""
    if isinstance(value, Mapping):
        for part, inner in value.items():
            there = shared.get(part, _ABSENT) if isinstance(shared, Mapping) else _ABSENT
            yield from _differing(f"{name}.{part}", inner, there)
    elif value != shared:
        yield name


def _at(values: Any, name: str) -> Any:
    for part in name.split("."):
        values = values.get(part, _ABSENT) if isinstance(values, Mapping) else _ABSENT
    return values


def _name(uri: str) -> str:
    return PurePosixPath(unquote(urlsplit(uri).path)).name or uri
