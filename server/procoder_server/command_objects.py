"""The one object that a command takes, or a code action carries as its data."""

from collections.abc import Mapping, Sequence
from typing import Any

from procoder_server.errors import InvalidArgumentsError


def only_argument(command: str, arguments: Sequence[Any] | None) -> Mapping[str, Any]:
    """Return the one object among a command's arguments; raises InvalidArgumentsError."""
    if not arguments or len(arguments) != 1 or not isinstance(arguments[0], Mapping):
        raise InvalidArgumentsError(message=f"{command} takes one object with `uri`.")
    return arguments[0]


def checked(command: str, given: Mapping[str, Any], fields: Mapping[str, type]) -> dict[str, Any]:
    """Return the values that are not null, each of its field's type.

    `uri` is needed. Raises InvalidArgumentsError.
    """
    values = {name: value for name, value in given.items() if value is not None}
    for name, value in values.items():
        if name not in fields:
            raise InvalidArgumentsError(message=f"{command} has no argument `{name}`.")
        if type(value) is not fields[name]:
            expected = fields[name].__name__
            raise InvalidArgumentsError(message=f"`{name}` must be of type {expected}.")
    if "uri" not in values:
        raise InvalidArgumentsError(message=f"{command} needs `uri`.")
    return values
