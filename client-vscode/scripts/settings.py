"""Writes the server's settings into package.json: `make settings` runs it.

The server's schema says what there is; this says how VS Code wants to be told. Defaults are left
out of what the extension sends (see src/server/explicitSettings.ts); they are told here for people.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from procoder_server.settings import ServerSettings, leaves
from procoder_server.settings_document import property_of, schema

OWN = ("hover.command_links",)
"""What the extension decides itself: VS Code follows such links, always."""
_RULES = ("pattern", "minimum", "maximum", "exclusiveMinimum", "patternProperties", "enum")
_TITLE = "ProCoder"

Schema = dict[str, Any]


def properties() -> dict[str, Schema]:
    """Return the settings of the server as `contributes.configuration.properties` has them."""
    described = schema()
    return {
        f"procoder.{name}": _property(described, property_of(described, name))
        for name, _ in leaves(ServerSettings)
        if name not in OWN and not is_secret(property_of(described, name))
    }


def restricted() -> list[str]:
    """Return what a folder that is not trusted may not set."""
    machine = [name for name, part in properties().items() if part["scope"] == "machine"]
    return ["procoder.server.interpreter", *machine]


def is_secret(part: Mapping[str, Any]) -> bool:
    """Tell whether a setting is kept in the secret storage instead of the settings."""
    return any(one.get("format") == "password" for one in (part, *part.get("anyOf", ())))


def with_settings(manifest: Schema) -> Schema:
    """Return package.json with the settings as they are now."""
    for section in manifest["contributes"]["configuration"]:
        if section["title"] == _TITLE:
            section["properties"] = properties()
    trust = manifest["capabilities"]["untrustedWorkspaces"]
    trust["restrictedConfigurations"] = restricted()
    return manifest


def _property(described: Schema, part: Schema) -> Schema:
    kinds = [_resolved(described, one) for one in part.get("anyOf", [part])]
    types = [kind["type"] for kind in kinds]
    rules = {key: kind[key] for kind in kinds for key in _RULES if key in kind}
    if "patternProperties" in rules:
        rules["patternProperties"] = {
            pattern: {
                key: value
                for key, value in _resolved(described, one).items()
                if key in ("type", "enum")
            }
            for pattern, one in rules["patternProperties"].items()
        }
        rules["additionalProperties"] = False
    if "default" not in part and types == ["string"]:
        types.append("null")
    return {
        "type": types[0] if len(types) == 1 else types,
        "default": part.get("default", {} if types == ["object"] else None),
        **rules,
        "scope": part["scope"],
        "markdownDescription": part["description"].replace("\n", " "),
    }


def _resolved(described: Schema, part: Schema) -> Schema:
    if "$ref" not in part:
        return part
    name = part["$ref"].rpartition("/")[2]
    resolved: Schema = described["$defs"][name]
    return resolved


def main() -> None:
    """Rewrite the package.json that is named."""
    path = Path(sys.argv[1])
    manifest = with_settings(json.loads(path.read_text(encoding="utf-8")))
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
