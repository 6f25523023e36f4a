"""Settings of the language server: the tutor's and its own, under one set of names.

`idle.on_battery` in the LSP configuration is `PROCODER_IDLE_ON_BATTERY` in the environment and
`idle.on_battery` in what `procoder settings` prints. docs/settings.md is made from this module.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from procoder_tutor.settings import ENVIRONMENT, FROZEN, Settings, combine

MACHINE_WIDE = ("host", "redis", "cache.path", "conversations.path", "log")
"""What a folder may not set: where code is sent and files are written is for the user to say."""
RuleCode = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")]


class Severity(StrEnum):
    """How a diagnostic is shown; `off` leaves it out."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"
    HINT = "hint"
    OFF = "off"


class LogLevel(StrEnum):
    """How much is logged; no level logs code or answers."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class DiagnosticsSettings(BaseModel):
    """What the linter finds."""

    model_config = FROZEN

    severity: Mapping[RuleCode, Severity] = Field(default_factory=dict)
    """Severity by code or rule, e.g. `{"F401": "hint"}`: error, warning, information, hint, off."""
    traps: bool = True
    """Show traps of Python, such as a default value that is shared between calls."""


class HoverSettings(BaseModel):
    """Hovers."""

    model_config = FROZEN

    command_links: bool = False
    """End hovers with links that run commands; only for editors that follow `command:` links."""


class CodeLensSettings(BaseModel):
    """Code lenses."""

    model_config = FROZEN

    enabled: bool = True
    """Show code lenses above functions and classes."""


class InlineCompletionSettings(BaseModel):
    """Code that is suggested while you type."""

    model_config = FROZEN

    enabled: bool = False
    """Suggest code at the cursor, with models that fill gaps, such as Code Llama."""
    debounce_ms: Annotated[int, Field(ge=0, le=10_000)] = 150
    """Milliseconds without a keystroke after which the model is asked."""


class IdleSettings(BaseModel):
    """Explanations that are written before you ask for them."""

    model_config = FROZEN

    enabled: bool = True
    """Write explanations of visible code while nothing else is asked."""
    explanations_per_minute: Annotated[int, Field(ge=0, le=60)] = 2
    """How many of them a minute at most."""
    on_battery: bool = False
    """Also while the machine runs on battery."""


class LogSettings(BaseModel):
    """The log of the language server; it never holds code or answers."""

    model_config = FROZEN

    level: LogLevel = LogLevel.WARNING
    """How much is logged: debug, info, warning or error."""
    file: Path | None = None
    """File to log to, instead of standard error."""


class ServerSettings(Settings):
    """Everything that a user can configure in an editor."""

    enabled: bool = True
    """The one switch: when off, ProCoder shows nothing and starts no model."""
    diagnostics: DiagnosticsSettings = DiagnosticsSettings()
    """What the linter finds."""
    hover: HoverSettings = HoverSettings()
    """Hovers."""
    code_lens: CodeLensSettings = CodeLensSettings()
    """Code lenses."""
    inline_completion: InlineCompletionSettings = InlineCompletionSettings()
    """Code that is suggested while you type."""
    idle: IdleSettings = IdleSettings()
    """Explanations that are written before you ask for them."""
    log: LogSettings = LogSettings()
    """The log of the language server."""

    @property
    def tutor(self) -> Settings:
        """The tutor's part; equal where one tutor will do.

        Level, language and the last hint are the question's, so they are left at their defaults.
        """
        asked = {"level", "language", "hints_up_to"}
        names = Settings.model_fields.keys() - asked
        return Settings.model_construct(**{name: getattr(self, name) for name in names})


class _Environment(ServerSettings, BaseSettings):
    """Names the `PROCODER_*` variables."""

    model_config = ENVIRONMENT


def load_server_settings(*layers: Mapping[str, Any]) -> tuple[ServerSettings, tuple[str, ...]]:
    """Combine defaults, environment and layers of nested values; later ones win.

    Returns the settings and one sentence for every value that was refused.
    """
    return combine(ServerSettings, _Environment, *layers)


def leaves(kind: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Yield every setting by its full name, e.g. `host.idle_timeout`."""
    for name, field in kind.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from leaves(field.annotation, f"{prefix}{name}.")
        else:
            yield prefix + name, field


def variable(name: str) -> str:
    """Return the environment variable of a setting."""
    return f"PROCODER_{name.replace('.', '_').upper()}"


def is_machine_wide(name: str) -> bool:
    """Tell whether only the user's own settings, and no folder's, may set a name."""
    return any(name == wide or name.startswith(f"{wide}.") for wide in MACHINE_WIDE)
