"""Credentials without a vendor's shape: assignments, URLs, headers and cookies.

Clean code stays clean because a value must also look like a secret (`values.py`): what is left in
place are words, sentences, templates (`{token}`, `%s`, `${TOKEN}`), masks (`****`), stand-ins
("changeme", "your-api-key"), names and expressions.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from typing import Final

from procoder_tutor.redaction.formats import BARE_SEPARATOR, SEPARATOR
from procoder_tutor.redaction.rules import Groups, Judge, Rule, Span
from procoder_tutor.redaction.values import (
    is_bare_password,
    is_bare_token,
    is_password,
    is_placeholder,
    is_random,
    is_token,
)

_PASSWORDS = "(?i:(?:pass(?:word|wd|phrase|code)?|pwd)[0-9]{0,2})"
"""Names whose string literals are passwords, unless they are plain words."""
_SECRETS = (
    "(?i:(?:(?:api|access|account|admin|app|auth|client|consumer|deploy|encryption|hmac|jwt|license"
    "|master|private|secret|service|session|shared|signing|ssh|storage|subscription|webhook)"
    "[_.-]?key|apikey|secret|token|credentials?|x-auth|password|passwd)"
    "(?:[0-9]{1,2}|(?:_[0-9A-Za-z]{1,12}){1,2})?)"
)
"""Names whose values are secrets only when they look drawn: `token`, `API_KEY_PROD`."""
_LITERAL = (
    rf"({SEPARATOR}|\()(?:default\s*=\s*)?[a-zA-Z]{{0,2}}"
    r"""(?:\\"([^"\\\n]+)\\"|\\'([^'\\\n]+)\\'|"((?:[^"\\\n]|\\.)+)"|'((?:[^'\\\n]|\\.)+)')"""
)
_BARE = r"""[0-9A-Za-z+/_][^\s"'`,;&|<>()\[\]{}\\]{7,}"""
_AFTER_NAME = f"{BARE_SEPARATOR}({_BARE})"
_QUERY = f"[?&](?:key|sig|signature|code|auth)=({_BARE})"
_URL = r"""[A-Za-z][A-Za-z0-9+.-]+://([^\s:@/"'`<>{}\\]*):([^\s/"'`<>\\]+)@"""
_URL_USER = r"[A-Za-z][A-Za-z0-9+.-]+://([0-9A-Za-z_-]{16,})@"
_SCHEME = r"(?i:bearer|apikey|token|ssws)\s{1,4}([0-9A-Za-z+/_.~-]{16,}={0,2})"
_BASIC = r"(?i:basic)\s{1,4}([0-9A-Za-z+/_-]{6,}={0,2})"
_COOKIE = r"""(?i:cookie)(?:\\?["'])?\]?\s{0,4}[:=,]\s{0,4}(?:[a-zA-Z]{0,2}\\?["'])?([^"'\n]+)"""
_NETRC = r"(?i:password|passwd)[ \t]+(\S{6,})"
_COOKIE_PAIR = re.compile(r"([\w.-]{1,64})=([^;,\s\\]+)")


def _quoted_password(text: str, groups: Groups) -> Iterable[Span]:
    """Judge a string literal; one that is an argument beside the name must look drawn."""
    start, end = span = max(groups[2:])
    separator = text[slice(*groups[1])]
    beside = ("," in separator or "(" in separator) and "default" not in text[groups[1][1] : start]
    return (span,) if (is_token if beside else is_password)(text[start:end]) else ()


def _quoted_secret(text: str, groups: Groups) -> Iterable[Span]:
    span = max(groups[2:])
    return (span,) if is_token(text[slice(*span)]) else ()


def _bare(is_secret: Callable[[str], bool]) -> Judge:
    """Judge a value without quotes; one that is called or indexed is an expression."""

    def judge(text: str, groups: Groups) -> Iterable[Span]:
        start, end = groups[1]
        value = text[start:end].rstrip(".:")
        end = start + len(value)
        called = text[end : end + 1] in {"(", "["}
        return ((start, end),) if is_secret(value) and not called else ()

    return judge


def _random(text: str, groups: Groups) -> Iterable[Span]:
    value = text[slice(*groups[1])]
    return (groups[1],) if not is_placeholder(value) and is_random(value) else ()


def _url(text: str, groups: Groups) -> Iterable[Span]:
    """Take the password and leave the user, whose name explains the code."""
    return () if is_placeholder(text[slice(*groups[2])]) else (groups[2],)


def _basic(text: str, groups: Groups) -> Iterable[Span]:
    """Basic credentials are the base64 of `user:password` (RFC 7617)."""
    value = text[slice(*groups[1])].rstrip("=")
    try:
        pair = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return ()
    return (groups[1],) if b":" in pair and pair.isascii() else ()


def _cookie(text: str, groups: Groups) -> Iterable[Span]:
    """Take the values that look drawn, and leave `Path=/`, `theme=dark` and their like."""
    pairs = _COOKIE_PAIR.finditer(text, *groups[1])
    return tuple(pair.span(2) for pair in pairs if is_token(pair[2]))


def _netrc(text: str, groups: Groups) -> Iterable[Span]:
    """`machine host login name password secret`: only behind `login`, for it is prose elsewhere."""
    before = text[max(0, groups[0][0] - 60) : groups[0][0]]
    value = text[slice(*groups[1])]
    return (groups[1],) if "login " in before and is_password(value) else ()


CREDENTIAL_RULES: Final[tuple[Rule, ...]] = (
    Rule("password", _PASSWORDS + _LITERAL, _quoted_password, resume=1),
    Rule("secret", _SECRETS + _LITERAL, _quoted_secret, resume=1),
    Rule("password", _PASSWORDS + _AFTER_NAME, _bare(is_bare_password)),
    Rule("secret", _SECRETS + _AFTER_NAME, _bare(is_bare_token)),
    Rule("password", _NETRC, _netrc),
    Rule("url-password", _URL, _url),
    Rule("url-secret", _URL_USER, _random),
    Rule("url-secret", _QUERY, _random),
    Rule("auth-header", _SCHEME, _random),
    Rule("auth-header", _BASIC, _basic),
    Rule("cookie", _COOKIE, _cookie),
)
