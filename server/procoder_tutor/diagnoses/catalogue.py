"""The texts of all diagnoses, read from `texts/*.toml` when the first one is needed.

A table of these files is one entry. Its key is the class of a pyflakes message, or a name of ours
for a kind of syntax error. Its keys are:

- `title`, `meaning`, `reason`, `search`, `remedy`: templates for `str.format`;
- `before`, `after`: the example;
- `names`: what the arguments of the pyflakes message are called in the templates;
- `message`, `line`, `raw`: regular expressions that a syntax error must match: its message, its
  line with comments and the insides of texts masked, and the line as it is. Their named groups
  are at hand in the templates. `‸` stands for the place of the error, `KEYWORD` for any keyword;
- `vague`: whether the text says little, so that a misspelt keyword is looked for first;
- `told`: a regular expression on the message that is enough by itself;
- `swap`: a regular expression on the masked line, and what to put in place of its match;
- a table of its own: a variant, whose keys replace those of the entry.

Entries are tried in the order of `_FILES` and of the files, so that special cases come first.
"""

import keyword
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

_FILES = (
    "names", "imports", "statements", "formats",
    "habits", "blocks", "literals", "assignments", "calls", "scopes", "generic",
)  # fmt: skip
CARET = "‸"
_GENERIC = r"^(?:f-string: )?invalid syntax$|^expected ':'$"
"""Messages that say little; entries that look at the line alone are for these."""
_KEYWORDS = "(?:" + "|".join(keyword.kwlist) + ")"


@dataclass(frozen=True, slots=True)
class Entry:
    """One text and when to show it; an empty pattern asks for nothing."""

    id: str
    title: str
    meaning: str
    reason: str
    search: str
    remedy: str
    before: str = ""
    after: str = ""
    names: tuple[str, ...] = ()
    message: str = ""
    line: tuple[str, ...] = ()
    raw: str = ""
    told: str = ""
    vague: bool = False
    swap: tuple[str, str] | None = None
    variants: Mapping[str, "Entry"] = field(default_factory=dict)

    def variant(self, name: str) -> "Entry":
        """Return a variant; the entry itself for an empty name."""
        return self.variants[name] if name else self


@cache
def entries() -> Mapping[str, Entry]:
    """Return all entries by id, in the order in which they are tried."""
    folder = resources.files(__package__) / "texts"
    found: dict[str, Entry] = {}
    for name in _FILES:
        tables = tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))
        found |= {key: _entry(key, table) for key, table in tables.items()}
    return found


def every_text() -> Iterator[Entry]:
    """Yield the entries and their variants."""
    for entry in entries().values():
        yield entry
        yield from entry.variants.values()


def _entry(key: str, table: dict[str, Any]) -> Entry:
    own = {name: value for name, value in table.items() if not isinstance(value, dict)}
    variants = {
        name: _plain(f"{key}.{name}", own | value)
        for name, value in table.items()
        if isinstance(value, dict)
    }
    return _plain(key, own | {"variants": variants})


def _plain(key: str, table: dict[str, Any]) -> Entry:
    line = table.pop("line", ())
    patterns = [line] if isinstance(line, str) else line
    message = table.pop("message", _GENERIC if patterns else "")
    swap = table.pop("swap", None)
    return Entry(
        id=key,
        names=tuple(table.pop("names", ())),
        message=message,
        line=tuple(pattern.replace("KEYWORD", _KEYWORDS) for pattern in patterns),
        swap=(swap[0], swap[1]) if swap else None,
        **table,
    )
