"""Settings: the same names in the LSP configuration, the environment and on the command line.

`host.idle_timeout` in the LSP configuration is `PROCODER_HOST_IDLE_TIMEOUT` in the environment.
A bad value never stops anything: it is reported and ignored.
"""

import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar
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
from procoder_tutor.questions import Level, Prose

LANGUAGE_CODE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_REDIS_OPTIONS = frozenset({"db", "ssl_ca_certs", "ssl_certfile", "ssl_keyfile"})
"""What may stand in the query of a Redis URL: no other time limits, and no TLS unverified."""
FROZEN = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
S = TypeVar("S", bound=BaseModel)


class HostSettings(BaseModel):
    """Where the model host is, and what happens when there is none."""

    model_config = FROZEN

    url: Annotated[str | None, Field(pattern=r"^https?://[^\s]+$")] = None
    """Base URL of a model host or OpenAI-compatible server; by default the user's own host."""
    token_file: Path | None = None
    """File that holds the bearer token for `url`."""
    token: SecretStr | None = None
    """The bearer token itself, for editors that keep secrets; wins over `token_file`."""
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

    model_config = FROZEN

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

    model_config = FROZEN

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

    model_config = FROZEN

    path: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("procoder") / "conversations.sqlite3"
    )
    """SQLite file that editors and the companion share; `:memory:` keeps nothing on disk."""
    keep_days: Annotated[int, Field(ge=1)] = 365
    """Days without a turn after which a conversation is deleted."""


class Settings(BaseModel):
    """Everything that a user can configure about the tutor."""

    model_config = FROZEN

    model: Annotated[str, Field(min_length=1)] = "smollm2-135m"
    """Id of a model of the catalogue, or the path of a model file."""
    level: Level = Level.INTERMEDIATE
    """Whom explanations are for: beginner, intermediate or expert."""
    language: Annotated[str, Field(pattern=LANGUAGE_CODE)] = "en"
    """BCP 47 code of the language of the explanations, e.g. `en` or `es`."""
    prose: Prose = Prose.STRICT
    """Of what the model writes on hovers: `strict` shows little, `all` what no check denies."""
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


ENVIRONMENT = SettingsConfigDict(
    env_prefix="PROCODER_", env_nested_delimiter="_", env_nested_max_split=1
)
"""How a setting's name becomes that of an environment variable."""


class _Environment(Settings, BaseSettings):
    """Names the `PROCODER_*` variables."""

    model_config = ENVIRONMENT


def load_settings(
    overrides: Mapping[str, Any] | None = None,
) -> tuple[Settings, tuple[str, ...]]:
    """Combine defaults, environment and `overrides` (nested; later ones win).

    Returns the settings and one sentence for every value that was refused.
    """
    return combine(Settings, _Environment, overrides or {})


def combine(
    kind: type[S], environment: type[BaseSettings], *layers: Mapping[str, Any]
) -> tuple[S, tuple[str, ...]]:
    """Combine defaults, environment and layers of nested values; later ones win.

    `environment` names the variables; it is never instantiated, for one bad variable would spoil
    all. A value that is refused leaves what the layers before said. Returns the settings and one
    sentence for every refusal.
    """
    problems: list[str] = []
    try:
        variables: dict[str, Any] = EnvSettingsSource(environment)()
    except SettingsError as error:
        problems.append(f"The PROCODER_ environment variables were ignored: {error}.")
        variables = {}
    values: dict[str, Any] = {}
    settings = kind()
    for layer in (variables, *layers):
        values, settings, refused = _add(kind, values, layer)
        problems += refused
    return settings, tuple(problems)


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Merge nested mappings into a new one; a None in `over` means "not set"."""
    result = dict(base)
    for key, value in over.items():
        if isinstance(value, Mapping):
            below = result.get(key)
            result[key] = merged(below if isinstance(below, Mapping) else {}, value)
        elif value is not None:
            result[key] = value
    return result


def _add(
    kind: type[S], values: Mapping[str, Any], layer: Mapping[str, Any]
) -> tuple[dict[str, Any], S, list[str]]:
    """Add a layer to valid values, without what is wrong with it."""
    layer = merged({}, layer)
    problems: list[str] = []
    while True:
        candidate = merged(values, layer)
        try:
            return candidate, kind.model_validate(candidate), problems
        except ValidationError as error:
            details = error.errors(include_url=False, include_context=False)
            problems += [_describe(detail["loc"], detail["msg"]) for detail in details]
            for path in [_existing(layer, detail["loc"]) for detail in details]:
                _remove(layer, path)


def is_language(code: str) -> bool:
    """Tell whether a text can be a language setting."""
    return re.fullmatch(LANGUAGE_CODE, code) is not None


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


def _describe(location: tuple[int | str, ...], message: str) -> str:
    name = ".".join(str(part) for part in location)
    if "Extra inputs" in message:
        return f"There is no setting `{name}`; it was ignored."
    reason = message.removeprefix("Value error, ")
    return f"Setting `{name}` was ignored: {reason}."


def _existing(values: Mapping[str, Any], location: tuple[int | str, ...]) -> list[str]:
    """Return as much of a location as leads to something that was given."""
    path: list[str] = []
    inner: Any = values
    for part in location:
        if not isinstance(inner, dict) or part not in inner:
            break
        path.append(str(part))
        inner = inner[part]
    return path


def _remove(values: dict[str, Any], path: list[str]) -> None:
    """Delete what lies at a path, if it is still there."""
    inner = values
    for part in path[:-1]:
        inner = inner.get(part, {})
    inner.pop(path[-1], None)
