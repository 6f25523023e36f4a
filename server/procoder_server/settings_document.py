"""The settings described: their JSON schema, and docs/settings.md made from it.

`python -m procoder_server.settings_document docs/settings.md` writes the page anew.
"""

import sys
from pathlib import Path
from typing import Any

from procoder_server.settings import (
    ServerSettings,
    is_machine_wide,
    leaves,
    variable,
)

_HEAD = """\
# Settings

This page is made from the program: `make settings` writes it anew, and `procoder settings --schema`
prints the same as a JSON schema. `procoder settings` shows what holds on your machine.

A setting has one name everywhere. `idle.on_battery` is

- `{"idle": {"on_battery": true}}` in what an editor sends: `initializationOptions`, or the section
  `procoder` of its configuration;
- `PROCODER_IDLE_ON_BATTERY=true` in the environment; mappings are written as JSON there;
- `idle.on_battery` in what `procoder settings` prints.

From the weakest to the strongest: the default, the environment, `initializationOptions`, the
editor's configuration, its configuration for the folder that a document lies in, and what was
chosen on the command line or by a command. A value that cannot be used is reported and ignored:
what holds without it goes on to hold. Changes take effect at once; what is being written goes on
unless the model, its host or the stores changed.

| setting | in the environment | values | default | meaning |
|---|---|---|---|---|
"""
_FOOT = """
## Settings that a folder cannot set

These decide where your code is sent and which files are written:

{names}

The language server takes them from the environment, from `initializationOptions` and from the
editor's configuration for no folder in particular. In the configuration of a folder it reports and
ignores them.

It cannot know where the editor found what it sends as configuration for no folder. An editor that
reads such settings out of the project that is open (`.vscode/settings.json` with one folder open,
`.helix/languages.toml`, `.dir-locals.el`, an `exrc` file) lets that project choose the server that
your code is sent to. In a project that you do not trust, leave such files unread; editors ask about
it under names such as Workspace Trust.
"""


def schema() -> dict[str, Any]:
    """Return the JSON schema; `scope` is `machine` where a folder cannot set a setting."""
    described = ServerSettings.model_json_schema()
    for name, _ in leaves(ServerSettings):
        scope = "machine" if is_machine_wide(name) else "resource"
        property_of(described, name)["scope"] = scope
    return described


def property_of(described: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the part of a schema that describes one setting, by its full name."""
    inner = described
    for part in name.split("."):
        if "$ref" in inner:
            inner = described["$defs"][inner["$ref"].rpartition("/")[2]]
        inner = inner["properties"][part]
    return inner


def document() -> str:
    """Return docs/settings.md."""
    described = schema()
    rows = []
    for name, field in leaves(ServerSettings):
        part = property_of(described, name)
        default = field.get_default(call_default_factory=True)
        cells = (
            f"`{name}`",
            f"`{variable(name)}`",
            _values(described, part),
            _shown(default),
            part["description"].replace("\n", " "),
        )
        rows.append(f"| {' | '.join(cells)} |\n")
    leaf_names = [name for name, _ in leaves(ServerSettings)]
    names = "\n".join(f"- `{name}`" for name in leaf_names if is_machine_wide(name))
    return _HEAD + "".join(rows) + _FOOT.format(names=names)


def _values(described: dict[str, Any], part: dict[str, Any]) -> str:
    """Say what a setting can be."""
    for inner in part.get("anyOf", ()):
        if inner.get("type") != "null":
            return _values(described, inner)
    if "$ref" in part:
        part = described["$defs"][part["$ref"].rpartition("/")[2]]
    if "enum" in part:
        return ", ".join(f"`{value}`" for value in part["enum"])
    if part["type"] in {"integer", "number"}:
        return _range(part)
    names = {"boolean": "`true`, `false`", "object": "a mapping", "string": "text"}
    return "a path" if part.get("format") == "path" else names[part["type"]]


def _range(part: dict[str, Any]) -> str:
    bounds = {
        "exclusiveMinimum": "above",
        "minimum": "from",
        "maximum": "to",
    }
    said = [f"{word} {part[key]:,}" for key, word in bounds.items() if key in part]
    return " ".join(said)


def _shown(default: Any) -> str:
    if default is None:
        return "none"
    if isinstance(default, Path):
        return f"`{default.name}` in a folder of yours"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, dict):
        return "`{}`"
    return f"`{default}`"


def main() -> None:
    """Write the page to the file that is named."""
    Path(sys.argv[1]).write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main()
