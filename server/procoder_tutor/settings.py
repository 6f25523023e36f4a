"""Settings: the same names in the LSP configuration, the environment and on the command line.

`host.idle_timeout` in the LSP configuration is `PROCODER_HOST_IDLE_TIMEOUT` in the environment.
A bad value never stops anything: it is reported and its default is used.
"""

import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import parse_qsl, urlsplit

import platformdirs
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict, SettingsError

from procoder_tutor.hints.state import Rung
from procoder_tutor.questions import Level

LANGUAGE_CODE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_REDIS_OPTIONS = frozenset({"db", "ssl_ca_certs", "ssl_certfile", "ssl_keyfile"})
"""What may stand in the query of a Redis URL: no other time limits, and no TLS unverified."""
_FROZEN = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class HostSettings(BaseModel):
    """Where the model host is, and what happens when there is none."""

    model_config = _FROZEN

    url: Annotated[str | None, Field(pattern=r"^https?://[^\s]+$")] = None
    """Base URL of a model host or OpenAI-compatible server; by default the user's own host."""
    token_file: Path | None = None
    """File that holds the bearer token for `url`."""
    start: bool = True
    """Start the user's own host when none runs; has no effect when `url` is set."""
    start_timeout: Annotated[float, Field(gt=0, le=3600)] = 120.0
    """Seconds a host may take until it has loaded its model."""
    idle_timeout: Annotated[float, Field(gt=0)] = 900.0
    """Seconds after which a host that nobody uses leaves."""

    @field_validator("url")
    @classmethod
    def _without_trailing_slash(cls, url: str | None) -> str | None:
        return url.rstrip("/").removesuffix("/v1") if url else None

    @model_validator(mode="after")
    def _token_belongs_to_url(self) -> Self:
        if self.token_file is not None and self.url is None:
            raise ValueError("host.token_file needs host.url")
        return self


class CacheSettings(BaseModel):
    """Where finished explanations are kept, and how many."""

    model_config = _FROZEN

    enabled: bool = True
    """Keep finished explanations at all."""
    path: Path = Field(
        default_factory=lambda: platformdirs.user_cache_path("procoder") / "explanations.sqlite3"
    )
    """SQLite file; `:memory:` keeps nothing on disk."""
    max_bytes: Annotated[int, Field(ge=0)] = 64 * 1024 * 1024
    """Size of all kept answers together; the least recently used go first."""
    memory_entries: Annotated[int, Field(ge=1)] = 256
    """Answers held in memory in front of the file."""


class RedisSettings(BaseModel):
    """A Redis that several machines share finished explanations through."""

    model_config = _FROZEN

    url: SecretStr | None = None
    """`redis://`, `rediss://` (TLS) or `unix://` URL; it may hold a user name and a password."""

    @field_validator("url")
    @classmethod
    def _can_be_connected_to(cls, url: SecretStr | None) -> SecretStr | None:
        """Refuse what cannot work, without repeating the URL: it may hold a password."""
        if url is None:
            return None
        if not _is_redis_url(url.get_secret_value()):
            raise ValueError("it is no redis://, rediss:// or unix:// URL that ProCoder can use")
        if find_spec("redis") is None:
            raise ValueError("the Redis client is missing; install procoder[redis]")
        return url


class ConversationSettings(BaseModel):
    """Where conversations are kept, and for how long."""

    model_config = _FROZEN

    path: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("procoder") / "conversations.sqlite3"
    )
    """SQLite file that editors and the companion share; `:memory:` keeps nothing on disk."""
    keep_days: Annotated[int, Field(ge=1)] = 365
    """Days without a turn after which a conversation is deleted."""


class Settings(BaseModel):
    """Everything that a user can configure about the tutor."""

    model_config = _FROZEN

    model: Annotated[str, Field(min_length=1)] = "smollm2-135m"
    """Id of a model of the catalogue, or the path of a model file."""
    level: Level = Level.INTERMEDIATE
    """Whom explanations are for: beginner, intermediate or expert."""
    language: Annotated[str, Field(pattern=LANGUAGE_CODE)] = "en"
    """BCP 47 code of the language of the explanations, e.g. `en` or `es`."""
    hints_up_to: Rung = Rung.SOLUTION
    """The last rung of the hint ladder: question, region, concept, pattern or solution."""
    patience: Annotated[float, Field(gt=0)] = 90.0
    """Seconds that you will wait for an answer: on a slow machine it is made shorter to fit."""
    host: HostSettings = HostSettings()
    """The model host."""
    cache: CacheSettings = CacheSettings()
    """The cache of explanations."""
    redis: RedisSettings = RedisSettings()
    """The cache that machines share."""
    conversations: ConversationSettings = ConversationSettings()
    """What was asked and answered."""


class _Environment(Settings, BaseSettings):
    """Reads `PROCODER_*` variables; never instantiated, for one bad variable would spoil all."""

    model_config = SettingsConfigDict(
        env_prefix="PROCODER_", env_nested_delimiter="_", env_nested_max_split=1
    )


def load_settings(
    overrides: Mapping[str, Any] | None = None,
) -> tuple[Settings, tuple[str, ...]]:
    """Combine defaults, environment and `overrides` (nested; later ones win).

    Returns the settings and one sentence for every value that was refused and replaced by its
    default.
    """
    problems: list[str] = []
    try:
        values: dict[str, Any] = EnvSettingsSource(_Environment)()
    except SettingsError as error:
        problems.append(f"The PROCODER_ environment variables were ignored: {error}.")
        values = {}
    values = _merge(values, overrides or {})
    while True:
        try:
            return Settings.model_validate(values), tuple(problems)
        except ValidationError as error:
            for detail in error.errors(include_url=False, include_context=False):
                location = detail["loc"]
                problems.append(_describe(location, detail["msg"]))
                _remove(values, location)


def is_language(code: str) -> bool:
    """Tell whether a text can be a language setting."""
    return re.match(LANGUAGE_CODE, code) is not None


def _is_redis_url(url: str) -> bool:
    """Tell whether the Redis client takes a URL and nothing in it undoes our limits."""
    try:
        parts = urlsplit(url)
        place = parts.path if parts.scheme == "unix" else parts.hostname
        _ = parts.port
        options = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        return False
    known = all(name in _REDIS_OPTIONS for name, _ in options)
    numbers = all(value.isdecimal() for name, value in options if name == "db")
    return parts.scheme in {"redis", "rediss", "unix"} and bool(place) and known and numbers


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Merge nested mappings; a None in `over` means "not set"."""
    merged = dict(base)
    for key, value in over.items():
        if isinstance(value, Mapping):
            below = merged.get(key)
            merged[key] = _merge(below if isinstance(below, Mapping) else {}, value)
        elif value is not None:
            merged[key] = value
    return merged


def _describe(location: tuple[int | str, ...], message: str) -> str:
    name = ".".join(str(part) for part in location)
    if "Extra inputs" in message:
        return f"There is no setting `{name}`; it was ignored."
    reason = message.removeprefix("Value error, ")
    return f"Setting `{name}` was ignored and its default is used: {reason}."


def _remove(values: dict[str, Any], location: tuple[int | str, ...]) -> None:
    """Delete the value at `location`, or its nearest enclosing mapping that exists."""
    inner: Any = values
    for part in location[:-1]:
        if not isinstance(inner, dict) or not isinstance(inner.get(part), dict):
            break
        inner = inner[part]
    else:
        if isinstance(inner, dict) and location[-1] in inner:
            del inner[location[-1]]
            return
    values.pop(str(location[0]), None)
