"""A user's corrections to a model's profile: checked, and kept as JSON beside the model."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from procoder_model_host.errors import ProfileError
from procoder_model_host.files.digests import replace_text
from procoder_model_host.files.profile import FIM_FAMILIES, Overrides
from procoder_model_host.templates import TEMPLATES

_MAX_STOPS = 16
_MAX_CONTEXT = 2**24
_MAX_BASE = 1e12


def with_override(overrides: Overrides, key: str, text: str) -> Overrides:
    """Return `overrides` with one field set as a user wrote it; an empty text unsets it.

    Raises ProfileError for an unknown key or a value that cannot be.
    """
    check = _CHECKS.get(key)
    if check is None:
        known = ", ".join(_CHECKS)
        raise ProfileError(f"a profile has no field {key!r}", f"Use one of: {known}.")
    value = None if not text else check(_parsed(key, text))
    return replace(overrides, **{key: value})


def read_overrides(path: Path) -> Overrides:
    """Return what is kept at `path`, or no overrides when there is no such file."""
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(fields, dict) or not fields.keys() <= _CHECKS.keys():
            raise ProfileError(f"it holds other fields than {', '.join(_CHECKS)}")
        return Overrides(**{key: _CHECKS[key](value) for key, value in fields.items()})
    except FileNotFoundError:
        return Overrides()
    except (OSError, ValueError, ProfileError) as error:
        raise ProfileError(
            f"the overrides in {path} are unusable: {error}", "Correct or delete that file."
        ) from error


def write_overrides(path: Path, overrides: Overrides) -> None:
    """Keep `overrides` at `path`; when there are none, no file stays."""
    if fields := overrides.given():
        replace_text(path, json.dumps(fields, indent=2, ensure_ascii=False) + "\n")
    else:
        path.unlink(missing_ok=True)


def _parsed(key: str, text: str) -> object:
    """Return the value of a command line's text: names as they are, the rest as JSON."""
    if key in {"chat_template", "fim"}:
        return text
    try:
        return json.loads(text)
    except ValueError:
        raise ProfileError(
            f"{key} cannot be {text!r}", 'Write numbers plainly, and stops as JSON: \'["a", "b"]\'.'
        ) from None


def _one_of(what: str, known: Mapping[str, object]) -> Callable[[object], str]:
    def check(value: object) -> str:
        if not isinstance(value, str) or value not in {*known, "none"}:
            raise ProfileError(f"{what} cannot be {value!r}", f"Use {', '.join(known)} or none.")
        return value

    return check


def _stops(value: object) -> tuple[str, ...]:
    texts = value if isinstance(value, list) and len(value) <= _MAX_STOPS else [None]
    if not all(isinstance(text, str) and text for text in texts):
        raise ProfileError(f"stops must be a JSON list of at most {_MAX_STOPS} texts")
    return tuple(texts)


def _context(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= _MAX_CONTEXT:
        raise ProfileError(f"context_length must be a number from 1 to {_MAX_CONTEXT:,}")
    return value


def _base(value: object) -> float:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not math.isfinite(base := float(value)) or not 1 < base <= _MAX_BASE:  # type: ignore[arg-type]
        raise ProfileError("rope_base must be a number above 1, such as 10000 or 1000000")
    return base


_CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "chat_template": _one_of("chat_template", TEMPLATES),
    "fim": _one_of("fim", FIM_FAMILIES),
    "stops": _stops,
    "context_length": _context,
    "rope_base": _base,
}
