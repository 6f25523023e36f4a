"""One set of names: in the LSP configuration, in the environment, and on the command line."""

import json
import os
from typing import Any

import pytest
from typer.testing import CliRunner

from procoder_cli.main import app
from procoder_server.layers import Layers, folder_of, values_in
from procoder_server.resolving import resolve
from procoder_server.settings import ServerSettings, leaves, load_server_settings, variable
from procoder_server.settings_document import property_of, schema
from procoder_tutor.settings import Settings

A, B = "file:///projects/a", "file:///projects/b"


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PROCODER_")]:
        monkeypatch.delenv(name)


# A value that is not the default, for every setting there is.
SAMPLES: dict[str, Any] = {
    "model": "mine",
    "level": "expert",
    "language": "es",
    "prose": "all",
    "hints_up_to": "region",
    "patience": 7.0,
    "host.url": "http://a.example",
    "host.token_file": "/t",
    "host.token": "secret",
    "host.start": False,
    "host.start_timeout": 7.0,
    "host.idle_timeout": 7.0,
    "cache.enabled": False,
    "cache.path": "/c",
    "cache.max_bytes": 7,
    "cache.memory_entries": 7,
    "redis.url": "redis://a.example",
    "conversations.path": "/v",
    "conversations.keep_days": 7,
    "enabled": False,
    "diagnostics.severity": {"F401": "off"},
    "diagnostics.traps": False,
    "hover.command_links": True,
    "code_lens.enabled": False,
    "inline_completion.enabled": True,
    "inline_completion.debounce_ms": 7,
    "idle.enabled": False,
    "idle.explanations_per_minute": 7,
    "idle.on_battery": True,
    "log.level": "info",
    "log.file": "/l",
}
NEEDED = {"host.token_file": {"host.url": "http://a.example"}}


def nested(values: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in values.items():
        *outer, last = name.split(".")
        inner = result
        for part in outer:
            inner = inner.setdefault(part, {})
        inner[last] = value
    return result


def at(settings: ServerSettings, name: str) -> Any:
    value: Any = settings.model_dump(mode="json")
    for part in name.split("."):
        value = value[part]
    return value


def test_there_is_a_sample_of_every_setting() -> None:
    assert list(SAMPLES) == [name for name, _ in leaves(ServerSettings)]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_name_is_the_same_everywhere(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {**NEEDED.get(name, {}), name: SAMPLES[name]}
    default = at(ServerSettings(), name)
    by_client, problems = load_server_settings(nested(values))
    assert problems == ()
    assert at(by_client, name) != default
    for needed, value in values.items():
        text = value if isinstance(value, str) else json.dumps(value)
        monkeypatch.setenv(variable(needed), text)
    assert load_server_settings() == (by_client, ())
    assert property_of(schema(), name)["description"]
    printed = CliRunner().invoke(app, ["settings"]).output.splitlines()
    assert f"{name:<32} {json.dumps(at(by_client, name))}" in printed


def test_the_command_reports_what_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCODER_IDLE_ENABLED", "perhaps")
    outcome = CliRunner().invoke(app, ["settings"])
    assert outcome.exit_code == 1
    assert "idle.enabled                     true" in outcome.output
    assert "procoder: Setting `idle.enabled` was ignored" in outcome.output


def test_the_command_prints_the_schema() -> None:
    outcome = CliRunner().invoke(app, ["settings", "--schema"])
    printed = json.loads(outcome.output)
    assert printed == schema()
    scopes = {name: property_of(printed, name)["scope"] for name in SAMPLES}
    assert scopes["host.url"] == scopes["cache.path"] == scopes["log.file"] == "machine"
    assert scopes["level"] == scopes["cache.enabled"] == "resource"


@pytest.mark.parametrize(
    ("severity", "kept", "part"),
    [
        ({"F401": "off"}, {"F401": "off"}, None),
        ({"F401": "hint", "E9": "loud"}, {"F401": "hint"}, "`diagnostics.severity.E9`"),
        ({"F401": "hint", "a b": "hint"}, {"F401": "hint"}, "`diagnostics.severity.a b"),
        ("loud", {}, "`diagnostics.severity`"),
    ],
)
def test_severities(severity: object, kept: dict[str, str], part: str | None) -> None:
    settings, problems = load_server_settings({"diagnostics": {"severity": severity}})
    assert at(settings, "diagnostics.severity") == kept
    assert [part in problem for problem in problems] == ([] if part is None else [True])


def test_a_bad_value_leaves_what_was_said_before() -> None:
    layers = ({"level": "expert"}, {"level": "guru"}, {"level": None}, {"patience": 3})
    settings, problems = load_server_settings(*layers)
    assert (settings.level, settings.patience) == ("expert", 3)
    assert len(problems) == 1


@pytest.mark.parametrize(
    ("own", "shared"),
    [
        ({"level": "expert", "language": "es", "hints_up_to": "region"}, True),
        ({"diagnostics": {"traps": False}, "enabled": False}, True),
        ({"model": "other"}, False),
        ({"cache": {"enabled": False}}, False),
    ],
)
def test_the_tutors_part(own: dict[str, Any], *, shared: bool) -> None:
    part = load_server_settings(own)[0].tutor
    assert (part == ServerSettings().tutor) is shared
    assert (hash(part) == hash(ServerSettings().tutor)) is shared
    assert type(part) is Settings


@pytest.mark.parametrize(
    ("said", "values"),
    [
        (None, {}),
        (3, {}),
        ({"procoder": {"level": "expert"}, "other": 1}, {"level": "expert"}),
        ({"level": "expert"}, {"level": "expert"}),
        ({"procoder": [1]}, {}),
        ({"a": [[[[[[[[[1]]]]]]]]]}, {}),
    ],
)
def test_what_a_client_says(said: object, values: dict[str, Any]) -> None:
    assert values_in(said) == values


@pytest.mark.parametrize(
    ("uri", "folder"),
    [
        (f"{A}/x.py", A),
        (f"{A}/inner/x.py", f"{A}/inner"),
        (f"{A}b/x.py", None),
        ("file:///projects/c%20d/x.py", "file:///projects/c d/"),
        ("untitled:Untitled-1", None),
    ],
)
def test_folder_of(uri: str, folder: str | None) -> None:
    assert folder_of(uri, [A, f"{A}/inner", "file:///projects/c d/"]) == folder


def test_folders_have_their_own_settings() -> None:
    resolved = resolve(
        Layers(
            options={"level": "beginner", "language": "es"},
            client={"level": "expert"},
            folders={A: {"level": "intermediate"}, B: {}},
            chosen={"enabled": False},
        )
    )
    found = [resolved.everywhere, resolved.folders[A], resolved.folders[B]]
    assert [settings.level for settings in found] == ["expert", "intermediate", "expert"]
    assert {settings.language for settings in found} == {"es"}
    assert not any(settings.enabled for settings in found)
    assert resolved.problems == ()


@pytest.mark.parametrize(
    ("own", "refused"),
    [
        ({"host": {"url": "http://evil.example"}}, ["host.url"]),
        ({"host": {"url": "http://good.example"}}, []),
        ({"host": {"url": "http://good.example", "start": False}}, ["host.start"]),
        ({"host": {"url": None}}, []),
        ({"host": "http://evil.example"}, ["host"]),
        ({"redis": {"url": "redis://evil.example"}}, ["redis.url"]),
        ({"cache": {"path": "/evil", "enabled": False}}, ["cache.path"]),
        ({"conversations": {"path": "/evil"}}, ["conversations.path"]),
        ({"cache": 3}, None),
        ({"log": {"file": "/evil"}}, ["log.file"]),
    ],
)
def test_a_folder_cannot_say_where_code_goes(own: Any, refused: list[str] | None) -> None:
    resolved = resolve(Layers(client={"host": {"url": "http://good.example"}}, folders={A: own}))
    settings = resolved.folders[A]
    for name in ("host", "redis", "conversations", "log"):
        assert getattr(settings, name) == getattr(resolved.everywhere, name)
    assert settings.cache.path == resolved.everywhere.cache.path
    if refused is not None:
        expected = [f"Setting `{name}` of the folder a was ignored" for name in refused]
        assert [p.partition(":")[0] for p in resolved.problems] == expected


def test_a_problem_of_everywhere_is_reported_once() -> None:
    resolved = resolve(Layers(client={"level": "guru"}, folders={A: {"level": "guru"}, B: {}}))
    assert len(resolved.problems) == 1
