"""The extension's package.json, the server's schema and docs/settings.md tell the same settings."""

import importlib.util
import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from procoder_server.app import create_server
from procoder_server.settings import ServerSettings, is_machine_wide, leaves
from procoder_server.symbol_commands import LINKS

SECRET = {"host.token", "redis.url"}
OWN = {"hover.command_links"}
"""What the extension decides for VS Code."""
EXTENSION = {"server.interpreter", "trace.server"}
"""What concerns the extension alone."""
INTERNAL = {
    "procoder.applyProposal",
    "procoder.chat",
    "procoder.completeChat",
    "procoder.listConversations",
    "procoder.previewChat",
    "procoder.pullModel",
    "procoder.readConversation",
    "procoder.searchConversations",
    "procoder.status",
}
"""What the chat panel, the model picker and the status bar ask; nobody runs them by name."""


@pytest.fixture(scope="module")
def manifest(repository: Path) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = json.loads((repository / "client-vscode/package.json").read_text())
    return loaded


@pytest.fixture(scope="module")
def properties(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    sections = manifest["contributes"]["configuration"]
    return {
        name.removeprefix("procoder."): value
        for section in sections
        for name, value in section["properties"].items()
    }


@pytest.fixture(scope="module")
def generator(repository: Path) -> ModuleType:
    file = repository / "client-vscode/scripts/settings.py"
    specification = importlib.util.spec_from_file_location("vscode_settings", file)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_every_setting_is_in_all_three(properties: Mapping[str, Any], repository: Path) -> None:
    server = {name for name, _ in leaves(ServerSettings)}
    page = (repository / "docs/settings.md").read_text()
    documented = set(re.findall(r"^\| `([a-z_.]+)` \| `PROCODER_", page, re.MULTILINE))
    assert documented == server
    assert set(properties) == (server - SECRET - OWN) | EXTENSION


def test_package_json_is_what_make_settings_writes(
    manifest: Mapping[str, Any], generator: ModuleType
) -> None:
    assert generator.with_settings(json.loads(json.dumps(manifest))) == manifest


def test_defaults_are_the_servers(properties: Mapping[str, Any]) -> None:
    server = ServerSettings().model_dump(mode="json")
    for name in set(properties) - EXTENSION:
        value: Any = server
        for part in name.split("."):
            value = value[part]
        told = properties[name]["default"]
        assert told == value or (told is None and name.endswith((".path", ".file"))), name


def test_what_a_folder_may_not_set_is_restricted(
    manifest: Mapping[str, Any], properties: Mapping[str, Any]
) -> None:
    trust = manifest["capabilities"]["untrustedWorkspaces"]
    restricted = {name.removeprefix("procoder.") for name in trust["restrictedConfigurations"]}
    wide = {name for name in set(properties) - EXTENSION if is_machine_wide(name)}
    assert restricted == wide | {"server.interpreter"}
    assert all(properties[name]["scope"] == "machine" for name in wide)


def test_commands_are_the_servers(manifest: Mapping[str, Any], repository: Path) -> None:
    contributed = {command["command"] for command in manifest["contributes"]["commands"]}
    known = set(create_server().protocol.fm.commands)
    assert known - contributed == INTERNAL
    names = (repository / "client-vscode/src/commands/names.ts").read_text()
    links = re.search(r"HOVER_COMMANDS = \[(.*?)\]", names, re.DOTALL)
    assert links is not None
    assert set(re.findall(r'"(.*?)"', links[1])) == {command for _, command in LINKS}


def test_the_version_is_the_servers(manifest: Mapping[str, Any], repository: Path) -> None:
    project = (repository / "pyproject.toml").read_text()
    assert f'\nversion = "{manifest["version"]}"\n' in project
