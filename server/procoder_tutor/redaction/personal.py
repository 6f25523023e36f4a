"""Personal data: e-mail and network addresses, telephone and card numbers, home folders.

Left in place is what belongs to no person: loopback, unspecified and multicast addresses, network
masks, numbers that read as versions, and accounts such as `/home/ubuntu` or `git@`.
"""

import ipaddress
import re
from collections.abc import Iterable
from typing import Final

from procoder_tutor.redaction.rules import Groups, Rule, Span

_EMAIL = "[0-9A-Za-z_\x80-\xff][0-9A-Za-z._+\x80-\xff-]*@(?:[0-9A-Za-z\x80-\xff-]+\\.)+[A-Za-z]{2,}"
_IPV4 = r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}"
_IPV6 = r"[0-9A-Fa-f]{4}(?::[0-9A-Fa-f]{0,4}){2,7}"
_INTERNATIONAL = r"\+([1-9][0-9]{0,2}(?:[ .-]?\([0-9]{1,4}\))?(?:[ ./-]?[0-9]){5,14})"
_NORTH_AMERICAN = r"(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[.-])[2-9][0-9]{2}[.-][0-9]{4}"
_NATIONAL = r"0[1-9][0-9]{1,3}[ /-][0-9]{3,8}(?:[ -][0-9]{2,5}){0,3}|0[1-9](?:[ .][0-9]{2}){4}"
_CARD = "[0-9](?:[ _-]?[0-9]){13,18}"
_HOME = (
    r"(?:/home/|/Users/|[A-Za-z]:(?:\\{1,2}|/)Users(?:\\{1,2}|/))"
    r"""([^/\\\s"'`:<>|*?()\[\]{}$%,;&=#!]+)"""
)

_FILE_ENDINGS = frozenset({
    "css", "gif", "html", "jpeg", "jpg", "js", "json", "md", "mjs", "pdf", "png", "py", "svg",
    "ts", "txt", "webp",
})  # fmt: skip
_SERVICE_ACCOUNTS = frozenset({"git", "hg", "svn"})
_SHARED_FOLDERS = frozenset({
    "app", "default", "dev", "guest", "linuxbrew", "me", "node", "pi", "public", "root",
    "runner", "shared", "ubuntu", "user", "username", "vagrant", "vscode", "you",
})  # fmt: skip
_VERSION_BEFORE = re.compile(r"(?:version\W{0,4}|[=~<>!]=)\s?$", re.IGNORECASE)
_VERSION_LOOKBACK = 14
_VERSION_NUMBER_BELOW = 10
"""Four numbers all below this are taken for a version."""
_PHONE_DIGITS = range(9, 16)
"""E.164 allows 15 digits; national numbers written with their area code have at least 9."""


def _stands_alone(text: str, span: Span, before: str = "", after: str = "") -> bool:
    """Whether no letter, digit or underscore, nor any of the given signs, touches the span."""
    left, right = text[span[0] - 1 : span[0]], text[span[1] : span[1] + 1]
    return not (
        left.isalnum() or right.isalnum() or "_" in left + right
        or (left and left in before) or (right and right in after)
    )  # fmt: skip


def _email(text: str, groups: Groups) -> Iterable[Span]:
    """Refuse `weights@grid.mean(axis)`, `logo@2x.png` and accounts of services."""
    start, end = groups[0]
    user, _, host = text[start:end].rpartition("@")
    ending = host.rpartition(".")[2].lower()
    right = text[end : end + 1]
    goes_on = right.isalnum() or (right and right in "(_-")
    refused = goes_on or ending in _FILE_ENDINGS or user in _SERVICE_ACCOUNTS
    return () if refused else ((start, end),)


def _ipv4(text: str, groups: Groups) -> Iterable[Span]:
    start, end = span = groups[0]
    if not _stands_alone(text, span, before=".-") or re.match(r"\.[0-9]", text[end : end + 2]):
        return ()
    if _VERSION_BEFORE.search(text, max(0, start - _VERSION_LOOKBACK), start):
        return ()
    try:
        address = ipaddress.IPv4Address(text[start:end])
    except ValueError:
        return ()
    octets = address.packed
    versioned = all(octet < _VERSION_NUMBER_BELOW for octet in octets)
    nobodys = address.is_loopback or address.is_multicast or octets[0] in {0, 255}
    return () if versioned or nobodys else (span,)


def _ipv6(text: str, groups: Groups) -> Iterable[Span]:
    """Only allocated unicast ranges, which tells `2001:db8::1` from slices and `abcd::name`."""
    start, end = groups[0]
    if text[start:end].endswith(":") and not text[start:end].endswith("::"):
        end -= 1
    goes_on = re.match(":[0-9A-Fa-f:]", text[end : end + 2])
    if goes_on or not _stands_alone(text, (start, end), before=":"):
        return ()
    try:
        address = ipaddress.IPv6Address(text[start:end])
    except ValueError:
        return ()
    written = sum(1 for group in text[start:end].split(":") if group)
    is_global = address.packed[0] >> 5 == 1 and written > 2  # noqa: PLR2004 - 2000::/3
    local = address.is_link_local or address.packed[0] in {0xFC, 0xFD}
    return ((start, end),) if is_global or local else ()


def _phone(text: str, groups: Groups) -> Iterable[Span]:
    """Leave a plus sign in place: in code it may be an operator."""
    number = text[slice(*groups[-1])]
    digits = sum(c.isdigit() for c in number)
    decimal = number.count(".") == 1
    after = text[groups[0][1] : groups[0][1] + 2]
    alone = _stands_alone(text, groups[0], before=").]-+", after="-")
    refused = decimal or not alone or re.match(r"[ .:/][0-9]", after)
    return () if refused or digits not in _PHONE_DIGITS else (groups[-1],)


def _card(text: str, groups: Groups) -> Iterable[Span]:
    """Find a card's number among digits that may go on, as in `4111 1111 1111 1111 12/27`."""
    start, end = groups[0]
    at = [i for i in range(start, end) if text[i].isdigit()]
    starts = [n for n, i in enumerate(at) if n == 0 or at[n - 1] != i - 1]
    for first in starts:
        for length in (16, 15, 19, 18, 17, 14):
            if first + length > len(at):
                continue
            span = at[first], at[first + length - 1] + 1
            number = "".join(text[i] for i in at[first : first + length])
            if _is_card(number) and _is_whole(text, span):
                return (span,)
    return ()


def _is_whole(text: str, span: Span) -> bool:
    """Whether the digits are a number of their own and no part of a longer or a decimal one."""
    after = re.match(r"\.[0-9eE]|[0-9A-Za-z_]", text[span[1] : span[1] + 2])
    before = text[span[0] - 1 : span[0]]
    return after is None and not (before.isalnum() or (before and before in "._"))


def _is_card(number: str) -> bool:
    """Whether the number has an issuer's prefix (ISO/IEC 7812-1) and passes Luhn's check."""
    issuer = re.match(
        r"4|5[1-5]|2(?:2[2-9]|[3-6]|7[01]|720)|3[47]|6(?:011|4[4-9]|5|2)|35[2-8]|3[068]", number
    )
    doubled = (
        int(d) * 2 - 9 * (d > "4") if n % 2 else int(d) for n, d in enumerate(reversed(number))
    )
    return issuer is not None and len(set(number)) > 1 and sum(doubled) % 10 == 0


def _home(text: str, groups: Groups) -> Iterable[Span]:
    """Take the user's name; `/home/` within a longer path is a page, not a folder."""
    before = text[groups[0][0] - 1 : groups[0][0]]
    start, end = groups[1]
    name = text[start:end].rstrip(".")
    inside = before.isalnum() or (before and before in "_-.~")
    if inside or not name or name.lower() in _SHARED_FOLDERS:
        return ()
    return ((start, start + len(name)),)


PERSONAL_RULES: Final[tuple[Rule, ...]] = (
    Rule("email", _EMAIL, _email, personal=True),
    Rule("ip-address", _IPV4, _ipv4, personal=True),
    Rule("ip-address", _IPV6, _ipv6, personal=True),
    Rule("phone", _INTERNATIONAL, _phone, personal=True),
    Rule("phone", _NORTH_AMERICAN, _phone, personal=True),
    Rule("phone", _NATIONAL, _phone, personal=True),
    Rule("card-number", _CARD, _card, personal=True),
    Rule("user-name", _HOME, _home, personal=True, keeps_escapes=True),
)
