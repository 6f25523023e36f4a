"""The shape of a credential's format, and how one stands behind the name of its variable."""

from dataclasses import dataclass

SEPARATOR = (
    r"""(?:\\?["'])?\]?"""
    r"(?:[ \t]{0,4}:[ \t]{0,4}[\w.\[\], |]{1,40})?"
    r"\s{0,20}(?:[:=]=?|=>|!=|,|>)\s{0,20}"
)
"""From a name to its value: assignment, annotation, dict entry, argument, comparison, YAML, XML."""
BARE_SEPARATOR = r"""(?:\\?["'])?\]?[ \t]{0,20}(?:[:=]=?|=>|>)[ \t]{0,20}"""
"""From a name to a value without quotes, on the same line."""
QUOTE = r"""[a-zA-Z]{0,2}\\?["']"""
"""The opening of a string literal, with its prefix, or of one inside another string."""

UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of credential as its issuer documents it.

    Every pattern takes a run of the alphabet that is *at least* as long as documented, so that a
    vendor's longer tokens leave no tail behind.
    """

    kind: str
    """Identifies the format; in capitals it is the middle of a placeholder. Letters and hyphens."""
    vendor: str
    what: str
    pattern: str
    """RE2 syntax over Latin-1; the secret is the first group, or all of it where there is none."""
    source: str
    """The public page that documents the format or the variable that carries it."""


def named(names: str, value: str) -> str:
    """Pattern of a `value` without a shape of its own, behind one of the variables `names`."""
    return rf"(?i:{names}){SEPARATOR}(?:{QUOTE})?({value})(?:[^0-9A-Za-z_/+=-]|$)"
