"""Private keys in text armour: PEM (RFC 7468), OpenPGP, OpenSSH and PuTTY.

The lines that open and close the armour stay: they tell the reader what stood there. Between them,
one stretch is taken where the text is plain; where string literals divide it, each run of base64
is, so that quotes and brackets stay in place. Code between the two lines is code about keys.
"""

import re
from collections.abc import Iterable
from typing import Final

from procoder_tutor.redaction.rules import Groups, Rule, Span

_BEGIN = r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"
_ARMOUR = _BEGIN + r"((?s:.*?))-----END "
_OPEN_ARMOUR = _BEGIN + r"""((?:[\s"'#+,(\\]*[0-9A-Za-z+/]{16,}={0,2})+)"""
_PUTTY = r"Private-Lines: [0-9]+\s+((?:[0-9A-Za-z+/]{4,}={0,2}(?:\s+|$))+)"
_OPENVPN = r"-----BEGIN OpenVPN Static key V1-----((?:\s+[0-9a-f]{32})+)"
_RUN = re.compile(r"[0-9A-Za-z+/]{8,}={0,2}|(?<=[\s\"'])[0-9A-Za-z+/]{4,7}={1,2}")


_HEADER = re.compile(r"(?m)^[\s\"'#]*[A-Z][A-Za-z-]{2,}: .*$")
_CODE = re.compile(r"[._\[\]{};:%!?&<$@]")


def _body(text: str, groups: Groups) -> Iterable[Span]:
    start, end = groups[1]
    body = text[start:end]
    if not _RUN.search(body) or _CODE.search(_HEADER.sub("", body)):
        return ()
    divided = re.search(r"[\"'`]", body) or ("\n" in body and "\\" in body)
    if divided:
        return tuple((start + run.start(), start + run.end()) for run in _RUN.finditer(body))
    leading = len(body) - len(body.lstrip())
    return ((start + leading, start + len(body.rstrip())),)


PRIVATE_KEY_RULES: Final[tuple[Rule, ...]] = (
    Rule("private-key", _ARMOUR, _body),
    Rule("private-key", _OPEN_ARMOUR, _body),
    Rule("private-key", _PUTTY, _body),
    Rule("private-key", _OPENVPN, _body),
)
