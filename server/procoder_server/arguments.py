"""The one object that a command takes, checked: what does not fit is named to the client."""

from collections.abc import Mapping, Sequence
from typing import Any

from lsprotocol import types

from procoder_server.errors import InvalidArgumentsError
from procoder_server.protocol import PARTIAL_RESULT_TOKEN
from procoder_tutor.questions import Level

Fields = Mapping[str, type]


def read_arguments(
    command: str, arguments: Sequence[Any] | None, fields: Fields, required: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the values given for `fields`; a null means "not given".

    Every command takes `partialResultToken`, though few have partial results. Raises
    InvalidArgumentsError.
    """
    given = _object(command, arguments, required)
    for name, value in given.items():
        if name == PARTIAL_RESULT_TOKEN:
            _require(name, value, (str, int))
        elif name in fields:
            _require(name, value, (fields[name],))
        else:
            raise InvalidArgumentsError(message=f"{command} has no argument `{name}`.")
    for name in required:
        if name not in given:
            raise InvalidArgumentsError(message=f"{command} needs `{name}`.")
    return given


def read_level(name: str | None) -> Level | None:
    """Return the level of that name; raises InvalidArgumentsError."""
    if name is None:
        return None
    try:
        return Level(name)
    except ValueError:
        known = ", ".join(level.value for level in Level)
        raise InvalidArgumentsError(message=f"`level` is one of {known}.") from None


def read_range(value: Mapping[str, Any]) -> types.Range:
    """Return a Range of the protocol; raises InvalidArgumentsError."""
    try:
        ends = [types.Position(**value[name]) for name in ("start", "end")]
    except (KeyError, TypeError, ValueError):
        raise InvalidArgumentsError(message="`range` must be a Range of the protocol.") from None
    return types.Range(*ends)


def _object(
    command: str, arguments: Sequence[Any] | None, required: Sequence[str]
) -> dict[str, Any]:
    given = list(arguments or ()) or [{}]
    if len(given) != 1 or not isinstance(given[0], dict):
        wanted = " and ".join(f"`{name}`" for name in required)
        raise InvalidArgumentsError(
            message=f"{command} takes one object{' with ' if wanted else ''}{wanted}."
        )
    return {name: value for name, value in given[0].items() if value is not None}


def _require(name: str, value: object, allowed: tuple[type, ...]) -> None:
    if type(value) not in allowed:
        expected = " or ".join(kind.__name__ for kind in allowed)
        raise InvalidArgumentsError(message=f"`{name}` must be of type {expected}.")
