"""By which names a host may be called, and what an open address needs."""

from pathlib import Path

import pytest

from procoder_http.errors import StartupError
from procoder_http.http_options import HttpOptions
from procoder_http.names import AllowedNames

NAMED = frozenset({"llm.example.org"})
FEW: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("loopback", "allowed", "host", "origin", "served"),
    [
        (True, FEW, "127.0.0.1:80", None, True),
        (True, FEW, "[::1]:80", "http://[::1]:3000", True),
        (True, FEW, "llm.example.org", None, False),
        (True, FEW, "", None, False),
        (True, FEW, "localhost@evil.example", None, False),
        (True, FEW, "localhost", "null", False),
        # Behind a proxy on this machine, which keeps the name that clients use.
        (True, NAMED, "llm.example.org", None, True),
        (True, NAMED, "LLM.example.org:443", "https://llm.example.org", True),
        (True, NAMED, "llm.example.org", "https://evil.example", False),
        (True, NAMED, "evil.example", None, False),
        (False, NAMED, "llm.example.org", None, True),
        (False, NAMED, "evil.example", None, False),
        (False, NAMED, "llm.example.org.evil.example", None, False),
        # Open, and no names given: any name, but only pages of the same.
        (False, FEW, "10.0.0.7:8000", None, True),
        (False, FEW, "10.0.0.7:8000", "https://10.0.0.7", True),
        (False, FEW, "10.0.0.7:8000", "https://evil.example", False),
        (False, FEW, "[", None, False),
    ],
)
def test_names(
    loopback: bool,  # noqa: FBT001
    allowed: frozenset[str],
    host: str,
    origin: str | None,
    served: bool,  # noqa: FBT001
) -> None:
    names = AllowedNames(loopback, allowed)
    objection = names.objection(host.encode(), None if origin is None else origin.encode())
    assert (objection is None) == served


@pytest.mark.parametrize(
    ("options", "loopback", "words"),
    [
        (HttpOptions(), False, "without encryption"),
        (HttpOptions(allowed_hosts=("x",)), False, "without encryption"),
        (HttpOptions(tls_cert=Path(__file__)), True, "belong together"),
        (HttpOptions(tls_key=Path(__file__)), False, "belong together"),
        (HttpOptions(tls_cert=Path("/no"), tls_key=Path(__file__)), True, "no file /no"),
    ],
)
def test_what_does_not_start(options: HttpOptions, words: str, *, loopback: bool) -> None:
    with pytest.raises(StartupError, match=words):
        options.check(loopback=loopback)


@pytest.mark.parametrize(
    ("options", "loopback", "scheme"),
    [
        (HttpOptions(), True, "http"),
        (HttpOptions(behind_proxy=True), False, "http"),
        (HttpOptions(tls_cert=Path(__file__), tls_key=Path(__file__)), False, "https"),
    ],
)
def test_what_starts(options: HttpOptions, scheme: str, *, loopback: bool) -> None:
    options.check(loopback=loopback)
    assert options.scheme == scheme
