"""Placeholders: `REDACTED_`, the kind in capitals, and a number.

They are identifiers, so that code still parses with one in the place of a string's content or of a
number, and no kind holds a digit, so that a placeholder ends where its number does.
"""

import re

PREFIX = "REDACTED_"
LONGEST = 66
"""Characters of the longest placeholder that the pattern allows."""
_SHAPE = "REDACTED_[A-Z][A-Z_]{0,46}_[0-9]{1,9}"
PLACEHOLDER = re.compile(_SHAPE)
_ANYWHERE = re.compile(f"(?=({_SHAPE}))")
_UNFINISHED = re.compile("REDACTED_[A-Z_]*[0-9]*")


def placeholder(kind: str, number: int) -> str:
    """Name the `number`th secret of a kind: `REDACTED_AWS_KEY_ID_1` of `aws-key-id`."""
    return f"{PREFIX}{kind.upper().replace('-', '_')}_{number}"


def placeholders_in(text: str) -> frozenset[str]:
    """All that would be read as a placeholder in `text`, also one within another."""
    return frozenset(_ANYWHERE.findall(text))


def may_go_on(text: str) -> bool:
    """Whether `text` could be the beginning of a placeholder, or one whose number goes on."""
    if len(text) > LONGEST:
        return False
    return PREFIX.startswith(text) or _UNFINISHED.fullmatch(text) is not None
