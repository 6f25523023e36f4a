"""Tells a secret value from the words, templates and names that stand in the same places."""

import re

from procoder_tutor.redaction.formats import UUID

_LEAST_RANDOM = 8
_LEAST_PASSWORD = 6
_LEAST_LETTERS = 16
"""Random letters without a digit are told from words only when there are this many."""
_LONGEST_RUN = 4.0
_LONGEST_LETTER_RUN = 3.0
"""Mean run of one class of characters: about 1.5 in random base 62, 2.1 in random hexadecimal,
2.5 in random base 36, and the length of a word in names and prose."""
_FEWEST_RUNS = 4

_RUN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_PIECE = re.compile(r"[0-9A-Za-z]+")
_UUID = re.compile(UUID, re.IGNORECASE)
_SIGN = re.compile(r"[!@#$%^&*+?~=.,:;-]")
_NO_OPERATOR = re.compile(r"[!@#$%^?~]")
"""Signs that tell a bare value from arithmetic, a path or an attribute."""
_NOT_IN_PASSWORD = re.compile(r"[\s\\(){}\[\]<>|\"'`]")
_NAME = re.compile(r"[A-Za-z_][0-9A-Za-z_.-]*")
_NOT_IN_NAME = re.compile(r"[0-9]{3}|[0-9][A-Za-z]")
_TEMPLATE = re.compile(
    r"\{[^{}]*\}|%\(\w*\)?|%[sdr](?![0-9A-Za-z])|\$\{|^\$\w+$|^%\w+%$|^<.*>$|^\[.*\]$"
    r"|\.\.\.|^[0-9A-Za-z_-]{0,12}?([*xX.#-])\1{3,}$"
)
_PLACEHOLDER = re.compile(
    r"(?i)(?:your|insert|enter|replace)(?:[-_ ].*)?|change[-_ ]?(?:me|it|this)\W*\d{0,4}"
    r"|(?:pass|password|passwd|pwd|passphrase|secret|token|key|apikey|test|example|dummy|user)"
    r"[-_ ]?(?:here|value|string|text|field|hash|key|name|only|test|example)?\d?"
)
_PLAIN_WORDS = frozenset({
    "authenticate", "authentication", "authorization", "basicauth", "changed", "clipboard",
    "credential", "credentials", "database", "default", "disabled", "disallowed", "download",
    "dropdown", "empty", "enabled", "encrypted", "environ", "environment", "expired",
    "external", "forgotten", "function", "generate", "generated", "getpass", "hidden",
    "hostname", "identity", "incorrect", "integer", "internal", "invalid", "keychain",
    "keyring", "localhost", "location", "manager", "mandatory", "missing", "multiple",
    "negotiate", "nobody", "notfound", "optional", "parameter", "plaintext", "protected",
    "readonly", "rejected", "required", "restricted", "returned", "security", "sensitive",
    "sequence", "skipped", "standard", "string", "submitted", "supplied", "template",
    "undefined", "unknown", "unspecified", "username", "validate", "variable", "verified",
    "warning",
})  # fmt: skip
"""Words that follow a password's name in forms, schemas and messages."""


def is_placeholder(value: str) -> bool:
    """Whether `value` only stands for a secret: a template, a mask, or words like "changeme"."""
    return bool(_TEMPLATE.search(value) or _PLACEHOLDER.fullmatch(value))


def is_random(value: str) -> bool:
    """Whether the longest unbroken piece of `value` changes its class of characters like a draw."""
    if _UUID.fullmatch(value):
        return True
    piece = max(_PIECE.findall(value), key=len, default="")
    if len(piece) < _LEAST_RANDOM or piece.isdigit():
        return False
    runs = len(_RUN.findall(piece))
    if piece.isalpha():
        return len(piece) >= _LEAST_LETTERS and len(piece) / runs < _LONGEST_LETTER_RUN
    return runs >= _FEWEST_RUNS and len(piece) / runs <= _LONGEST_RUN


def is_mixed(value: str) -> bool:
    """Whether `value` has two of capitals, digits and signs beside letters, as passwords must."""
    if len(value) < _LEAST_RANDOM or _NOT_IN_PASSWORD.search(value):
        return False
    digits = sum(c.isdigit() for c in value)
    both_cases = value != value.lower() and value != value.upper()
    if both_cases and _SIGN.search(value):
        return digits > 0
    return digits > 1 and (both_cases or _has_letter_and_sign(value))


def _has_letter_and_sign(value: str) -> bool:
    return _SIGN.search(value) is not None and any(c.isalpha() for c in value)


def is_token(value: str) -> bool:
    """Whether `value` behind the name of a token or key is one."""
    return not is_placeholder(value) and (is_random(value) or is_mixed(value))


def is_password(value: str) -> bool:
    """Whether the string literal `value` behind the name of a password is one.

    Words of one case are, when they are long and not among those that forms and messages use.
    Anything with white space is a sentence.
    """
    if len(value) < _LEAST_PASSWORD or re.search(r"\s", value) or is_placeholder(value):
        return False
    if _is_name(value) and not any(c.isdigit() for c in value):
        return value.isalpha() and len(value) >= _LEAST_RANDOM and value.lower() not in _PLAIN_WORDS
    return any(c.isalnum() for c in value)


def is_bare_token(value: str) -> bool:
    """Whether `value` without quotes is a token or a key, and not a name or an expression."""
    if is_placeholder(value):
        return False
    return is_random(value) or (is_mixed(value) and _NO_OPERATOR.search(value) is not None)


def is_bare_password(value: str) -> bool:
    """Whether `value` without quotes is a password, and not a name or an expression."""
    if is_bare_token(value):
        return True
    letters = any(c.isalpha() for c in value)
    digits = any(c.isdigit() for c in value)
    refused = is_placeholder(value) or _is_name(value)
    return len(value) >= _LEAST_RANDOM and letters and digits and not refused


def _is_name(value: str) -> bool:
    """Whether `value` is a name or a dotted path, each part ending in two digits at most."""
    return _NAME.fullmatch(value) is not None and not _NOT_IN_NAME.search(value)
