"""Python's own index of its documentation: every name, label and term, with its place.

The source is the `objects.inv` that Sphinx writes beside the pages (Debian's `python3-doc` carries
it). The format, version 2, is the one read by Sphinx's `sphinx.util.inventory`: four lines of
header, then zlib-compressed lines `name domain:role priority location display-name`, where a `$`
that ends a location stands for the name.
"""

import gzip
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Self

BASE = "https://docs.python.org/3/"
DATA = Path(__file__).with_name("inventory.json.gz")

_HEADER = "# Sphinx inventory version 2"
_ENTRY = re.compile(r"(?m)^(.+?) +(\S+):(\S+) +-?\d+ +(\S+) +.*$")
_KEPT = {"label": "labels", "term": "terms", "token": "tokens"}


class InventoryFormatError(ValueError):
    """The bytes are no Sphinx inventory of version 2."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """Locations below `BASE`, by name; a `$` at the end of a location stands for the name."""

    version: str
    """Of Python, e.g. `3.11`."""
    objects: Mapping[str, str]
    """Modules, functions, classes, methods, …, by full name; built-ins by their bare name."""
    labels: Mapping[str, str]
    """Sections that have a label, e.g. `tut-lambda`."""
    terms: Mapping[str, str]
    """Glossary entries."""
    tokens: Mapping[str, str]
    """Rules of the grammar, e.g. `python-grammar:or_test`."""

    @classmethod
    def from_sphinx(cls, content: bytes) -> Self:
        """Read an `objects.inv`, and keep what concerns Python rather than C and the tools.

        Raises InventoryFormatError.
        """
        try:
            title, _project, version, _note, packed = content.split(b"\n", 4)
            lines = zlib.decompress(packed).decode()
        except (ValueError, zlib.error) as error:
            raise InventoryFormatError(str(error)) from error
        if title.decode(errors="replace") != _HEADER:
            raise InventoryFormatError("unknown version")
        found: dict[str, dict[str, str]] = {"objects": {}, **{part: {} for part in _KEPT.values()}}
        for name, domain, role, location in _ENTRY.findall(lines):
            part = "objects" if domain == "py" else _KEPT.get(role) if domain == "std" else None
            if part:
                found[part][name] = location
        return cls(version.decode().rpartition(" ")[2], **found)

    @classmethod
    def from_json(cls, content: bytes) -> Self:
        """Read what `to_json` wrote."""
        return cls(**json.loads(gzip.decompress(content)))

    def to_json(self) -> bytes:
        """Return the inventory as gzip-compressed JSON: it loads faster than Sphinx's format."""
        text = json.dumps(asdict(self), separators=(",", ":"), sort_keys=True)
        return gzip.compress(text.encode(), mtime=0)

    def object_url(self, name: str) -> str | None:
        """Return the page and anchor of a Python object, or None."""
        return _url(self.objects, name)

    def url(self, target: str) -> str | None:
        """Return the page and anchor of a target, or None.

        Targets are written as Sphinx's cross-references are: `py:obj:enum.Enum`,
        `std:label:tut-lambda`, `std:term:generator`.
        """
        domain, _, rest = target.partition(":")
        role, _, name = rest.partition(":")
        by_role = {
            "py:obj": self.objects,
            "std:label": self.labels,
            "std:term": self.terms,
            "std:token": self.tokens,
        }
        return _url(by_role.get(f"{domain}:{role}", {}), name)


def _url(locations: Mapping[str, str], name: str) -> str | None:
    location = locations.get(name)
    if location is None:
        return None
    return BASE + (location[:-1] + name if location.endswith("$") else location)


@cache
def python_inventory() -> Inventory:
    """Return the inventory of Python's documentation; loaded when it is first asked for."""
    return Inventory.from_json(DATA.read_bytes())
