"""Seeded secrets as people write them into code, for the proof that none of them gets out.

Vendors' credentials come from `tests/data/documented_secrets.tsv`: each row is a shape that the
vendor's own page documents, written before the patterns of `procoder_tutor.redaction` and never
from them. A template holds `{alphabet:length}` where the vendor draws at random; a credential with
no shape of its own is documented by the variable that carries it. The other kinds (passwords,
URLs, headers, keys, personal data) are drawn here.
"""

import base64
import csv
import random
import re
import string
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, NamedTuple

__all__ = ["Documented", "MadeSecret", "documented", "made_secrets"]

_TABLE = Path(__file__).parent.parent / "data" / "documented_secrets.tsv"
_ALPHABETS: Final = {
    "alnum": string.ascii_letters + string.digits,
    "letters": string.ascii_letters,
    "lower": string.ascii_lowercase + string.digits,
    "UPPER": string.ascii_uppercase + string.digits,
    "digits": string.digits,
    "hex": "0123456789abcdef",
    "HEX": "0123456789ABCDEF",
    "base32": string.ascii_uppercase + "234567",
    "base64": string.ascii_letters + string.digits + "+/",
    "url64": string.ascii_letters + string.digits + "-_",
    "bech32": "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
}
_SLOT = re.compile(r"\{(\w+):(\d+)\}")
_WORDS = (
    "copper", "harbour", "violet", "thunder", "marble", "walnut", "pepper", "lantern", "quarry",
    "saddle", "meadow", "falcon", "bramble", "cinder", "juniper", "otter", "granite", "willow",
)  # fmt: skip
_FIRST = ("maria", "jonas", "aiko", "pavel", "leila", "tomas", "ingrid", "kwame", "noor", "diego")
_LAST = ("okafor", "lindqvist", "moreau", "tanaka", "novak", "haddad", "silva", "brandt", "rossi")

Kind = Literal["vendor", "assignment", "url", "header", "key", "personal"]


class Documented(NamedTuple):
    """One kind of credential: who issues it, how it is written, and the page that says so."""

    vendor: str
    template: str
    variable: str
    """Name it is documented under; empty when its shape alone tells what it is."""
    page: str


@dataclass(frozen=True, slots=True)
class MadeSecret:
    """A secret and a piece of Python that holds it; the piece parses by itself."""

    kind: Kind
    what: str
    secret: str
    code: str


@cache
def documented() -> tuple[Documented, ...]:
    """The table of the vendors' documented shapes."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t")
        next(rows)
        return tuple(Documented(*row) for row in rows)


def made_secrets(seed: int = 2026, count: int = 1000) -> list[MadeSecret]:
    """Make `count` secrets, six in ten of them vendors', the rest of all other kinds in turn."""
    rng = random.Random(seed)
    formats = documented()
    vendors = count * 6 // 10
    made = [_vendor(rng, formats[index % len(formats)]) for index in range(vendors)]
    others = tuple(_OTHERS.items())
    for index in range(count - vendors):
        what, make = others[index % len(others)]
        made.append(make(rng, what))
    return made


def leaks(made: MadeSecret, sent: str) -> bool:
    """Whether any ten neighbouring characters of the secret's drawn part are in the text."""
    if made.kind == "personal":
        return made.secret in sent
    lines = re.split(r"\\n|\s+", made.secret)
    body = [line.strip('"') for line in lines if len(line.strip('"')) > 15] or [made.secret]
    return any(line in sent or (len(line) > 20 and line[-10:] in sent) for line in body)


def _drawn(rng: random.Random, template: str) -> str:
    """Fill a template's slots at random."""

    def slot(match: re.Match[str]) -> str:
        if match[1] == "uuid":
            return str(uuid.UUID(int=rng.getrandbits(128), version=4))
        return "".join(rng.choices(_ALPHABETS[match[1]], k=int(match[2])))

    return _SLOT.sub(slot, template)


def _vendor(rng: random.Random, row: Documented) -> MadeSecret:
    secret = _drawn(rng, row.template)
    contexts = _NAMED if row.variable else _ANYWHERE
    name = row.variable or rng.choice(("client", "value", "CREDENTIAL", "x"))
    code = rng.choice(contexts).replace("NAME", name).replace("VALUE", secret)
    return MadeSecret("vendor", f"{row.vendor}: {row.template}", secret, code)


_NAMED: Final = (
    'NAME = "VALUE"\n',
    "NAME='VALUE'\n",
    'import os\n\nos.environ["NAME"] = "VALUE"\n',
    "settings = {\n    'NAME': 'VALUE',\n    'debug': True,\n}\n",
    'def connect():\n    """Needs this in .env:\n\n    NAME=VALUE\n    """\n',
    "# export NAME=VALUE\nstart()\n",
    'configure(NAME="VALUE", timeout=3)\n',
    'body = \'{"NAME": "VALUE", "retries": 3}\'\n',
    'yaml = """\nserver:\n  NAME: VALUE\n  port: 80\n"""\n',
    'NAME: str = "VALUE"  # rotate in May\n',
)
"""Where a credential stands that only its variable's name tells apart."""

_ANYWHERE: Final = (
    *_NAMED,
    'connect("VALUE")\n',
    "# the old one was VALUE, see the wiki\nrun()\n",
    'parser.add_argument("--auth", default="VALUE")\n',
    "if given == 'VALUE':\n    grant()\n",
    'clients = [Client("eu", "VALUE"), Client("us", "")]\n',
    'url = f"https://api.service.io/v1/{path}?key=VALUE&page=2"\n',
    'headers = {"Authorization": f"Bearer VALUE"}\n',
    "subprocess.run(['curl', '-H', 'X-Auth: VALUE', url])\n",
    'log.info("using VALUE for %s", user)\n',
    'text = "first line\\nVALUE\\nlast line"\n',
)
"""Where a credential stands whose shape alone tells what it is."""


def _placed(
    rng: random.Random, kind: Kind, what: str, secret: str, contexts: tuple[str, ...]
) -> MadeSecret:
    code = rng.choice(contexts).replace("VALUE", secret)
    return MadeSecret(kind, what, secret, code)


_SECRET_NAMES = (
    "password", "db_password", "DB_PASSWORD", "passwd", "api_key", "API_KEY", "apiKey", "secret",
    "client_secret", "auth_token", "ACCESS_TOKEN", "accessToken", "secret_key", "SECRET_KEY",
    "private_token", "passphrase", "smtp_pass", "encryption_key",
)  # fmt: skip


def _assigned(rng: random.Random, what: str, secret: str) -> MadeSecret:
    code = rng.choice(_NAMED).replace("NAME", rng.choice(_SECRET_NAMES)).replace("VALUE", secret)
    return MadeSecret("assignment", what, secret, code)


def _password(rng: random.Random, what: str) -> MadeSecret:
    """What people choose: words, with digits and a sign between or after."""
    sign = rng.choice("!@#%^*-_+?")
    words = rng.sample(_WORDS, 2)
    secret = rng.choice((
        f"{words[0].title()}{sign}{words[1]}{rng.randrange(10, 9999)}",
        f"{words[0]}{rng.randrange(100, 9999)}{sign}",
        f"{words[0][:4].title()}{rng.randrange(10, 99)}{sign}{words[1][:3].upper()}",
        "".join(rng.choices(_ALPHABETS["alnum"] + "!@#%^*-_+?", k=14)),
    ))  # fmt: skip
    if secret[0] in "!@#%^*-_+?":
        secret = f"k{secret}"
    return _assigned(rng, what, secret)


def _random_token(template: str) -> Callable[[random.Random, str], MadeSecret]:
    return lambda rng, what: _assigned(rng, what, _drawn(rng, template))


def _url(rng: random.Random, what: str) -> MadeSecret:
    scheme = rng.choice(("postgresql", "mysql+pymysql", "mongodb+srv", "redis", "amqp", "https"))
    secret = _drawn(rng, "{alnum:12}") + rng.choice(("", "%21", "!x", "-q"))
    host = rng.choice(("db.internal:5432/app", "10.4.0.9/1", "cache.prod.svc", "repo.corp.io/x"))
    user = rng.choice(("app", "admin", "", "svc_user"))
    contexts = (
        f'DATABASE_URL = "{scheme}://{user}:VALUE@{host}"\n',
        f"# {scheme}://{user}:VALUE@{host} works on staging\nrun()\n",
        f"engine = create_engine('{scheme}://{user}:VALUE@{host}', echo=True)\n",
    )
    return _placed(rng, "url", what, secret, contexts)


def _header(rng: random.Random, what: str) -> MadeSecret:
    token = _drawn(rng, rng.choice(("{alnum:32}", "{hex:40}", "{url64:48}")))
    pair = f"{rng.choice(_FIRST)}:{_drawn(rng, '{alnum:12}')}"
    basic = base64.b64encode(pair.encode()).decode()
    secret, contexts = rng.choice((
        (token, ('headers = {"Authorization": "Bearer VALUE"}\n',
                 "# curl -H 'Authorization: Bearer VALUE' https://api.service.io\nrun()\n")),
        (basic, ("headers['Authorization'] = 'Basic VALUE'\n",
                 'raw = "GET / HTTP/1.1\\r\\nAuthorization: Basic VALUE\\r\\n\\r\\n"\n')),
        (token, ('session.headers["X-Api-Key"] = "VALUE"\n',
                 "get(url, headers={'X-API-Key': 'VALUE'})\n",
                 "headers = {'X-Auth-Token': 'VALUE'}\n")),
        (token, ('headers = {"Cookie": "sessionid=VALUE; theme=dark"}\n',
                 'raw = """\nSet-Cookie: sid=VALUE; Path=/; HttpOnly\n"""\n')),
    ))  # fmt: skip
    return _placed(rng, "header", what, secret, contexts)


def _pem(rng: random.Random, what: str) -> MadeSecret:
    label = rng.choice(("RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY", "EC PRIVATE KEY"))
    body = base64.b64encode(rng.randbytes(rng.choice((118, 600, 1190)))).decode()
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    begin, end = f"-----BEGIN {label}-----", f"-----END {label}-----"
    escaped = "\\n".join(lines)
    quoted = "\n".join(f'    "{line}\\n"' for line in lines)
    secret, code = rng.choice((
        ("\n".join(lines), f'KEY = """{begin}\nVALUE\n{end}\n"""\n'),
        (escaped, f'KEY = "{begin}\\nVALUE\\n{end}\\n"\n'),
        (quoted, f'KEY = (\n    "{begin}\\n"\nVALUE\n    "{end}\\n"\n)\n'),
        (escaped, f"account = {{'private_key': '{begin}\\nVALUE\\n{end}\\n'}}\n"),
    ))  # fmt: skip
    return MadeSecret("key", what, secret, code.replace("VALUE", secret))


_IN_TEXT: Final = (
    'x = "VALUE"\n',
    "# ask VALUE about it\nrun()\n",
    'def f():\n    """Written for VALUE, 2024."""\n',
    "people = {'a': 'VALUE', 'b': ''}\n",
    'message = "contact:\\nVALUE\\nthanks"\n',
)


def _email(rng: random.Random, what: str) -> MadeSecret:
    domain = rng.choice(("mailbox.org", "corp-mail.de", "uni.example.edu", "studio.io", "post.ch"))
    joint = rng.choice(("", ".", "_", "-"))
    secret = f"{rng.choice(_FIRST)}{joint}{rng.choice(_LAST)}{rng.randrange(100)}@{domain}"
    return _placed(rng, "personal", what, secret, (*_IN_TEXT, "# Author: A. B. <VALUE>\nrun()\n"))


def _ipv4(rng: random.Random, what: str) -> MadeSecret:
    first = rng.choice((10, 51, 87, 172, 185, 192, 203))
    secret = f"{first}." + ".".join(str(rng.randrange(11, 250)) for _ in range(3))
    return _placed(rng, "personal", what, secret, (*_IN_TEXT, 'bind(("VALUE", 8080))\n'))


def _ipv6(rng: random.Random, what: str) -> MadeSecret:
    groups = [f"{rng.randrange(0x1000, 0xFFFF):x}" for _ in range(6)]
    first = rng.choice(("2001", "2a02", "fd12"))
    secret = rng.choice((f"{first}:{':'.join(groups)}:1", f"{first}:{groups[0]}:{groups[1]}::7"))
    return _placed(rng, "personal", what, secret, (*_IN_TEXT, 'url = "http://[VALUE]:80/"\n'))


def _phone(rng: random.Random, what: str) -> MadeSecret:
    """National and international ways of writing, as in ITU-T E.123, and North America's."""
    area, office = rng.randrange(201, 989), rng.randrange(201, 989)
    line, wide = f"{rng.randrange(10000):04}", _drawn(rng, "{digits:4}")
    secret = rng.choice((
        f"+1 {area} {office} {line}",
        f"+1-{area}-{office}-{line}",
        f"({area}) {office}-{line}",
        f"{area}-{office}-{line}",
        f"+49 30 {wide} {line}",
        f"+44 20 7{wide[1:]} {line}",
        f"+3361234{line}",
    ))  # fmt: skip
    return _placed(rng, "personal", what, secret, _IN_TEXT)


def _card(rng: random.Random, what: str) -> MadeSecret:
    start, length = rng.choice((("4", 16), ("52", 16), ("2221", 16), ("37", 15), ("6011", 16)))
    digits = start + "".join(rng.choices(string.digits, k=length - len(start) - 1))
    digits += _luhn_digit(digits)
    joint = rng.choice(("", " ", "-")) if length == 16 else ""
    secret = joint.join(digits[at : at + 4] for at in range(0, 16, 4)) if joint else digits
    bare = () if joint else ("number = VALUE\n", "pay(VALUE, currency='EUR')\n")
    return _placed(rng, "personal", what, secret, (*_IN_TEXT, *bare))


def _luhn_digit(digits: str) -> str:
    """The digit that makes the whole pass (ISO/IEC 7812-1, annex B)."""
    doubled = (int(d) * 2 if at % 2 == 0 else int(d) for at, d in enumerate(reversed(digits)))
    return str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


def _home(rng: random.Random, what: str) -> MadeSecret:
    secret = rng.choice(_FIRST) + rng.choice(("", "_", ".")) + rng.choice(_LAST)
    contexts = (
        'path = "/home/VALUE/projects/data.csv"\n',
        "# see /Users/VALUE/notes.txt\nrun()\n",
        'path = r"C:\\Users\\VALUE\\Documents"\n',
        "path = 'C:\\\\Users\\\\VALUE\\\\x.txt'\n",
        'open("file:///home/VALUE/x")\n',
    )
    return _placed(rng, "personal", what, secret, contexts)


_OTHERS: Final[dict[str, Callable[[random.Random, str], MadeSecret]]] = {
    "password": _password,
    "base62 of 32": _random_token("{alnum:32}"),
    "URL": _url,
    "hexadecimal of 40": _random_token("{hex:40}"),
    "header": _header,
    "e-mail": _email,
    "base62 of 20": _random_token("{alnum:20}"),
    "IPv4": _ipv4,
    "password again": _password,
    "private key": _pem,
    "base64 of 44": _random_token("{base64:43}="),
    "phone": _phone,
    "UUID": _random_token("{uuid:1}"),
    "card": _card,
    "URL again": _url,
    "home folder": _home,
    "URL-safe of 43": _random_token("{url64:43}"),
    "IPv6": _ipv6,
}
"""All kinds but the vendors', in the order in which they are made."""
