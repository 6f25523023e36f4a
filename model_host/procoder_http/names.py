"""By which names a service may be called: web pages must not reach it through a browser."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class AllowedNames:
    """The Host and Origin headers that fit; all others are DNS rebinding, or a foreign page."""

    loopback: bool
    """Only this machine can reach the service."""
    names: frozenset[str] = frozenset()
    """Names, in lower case, by which a proxy or other machines may call it."""
    origins: frozenset[str] = frozenset()
    """Origins of pages that may call it beside its own, e.g. `https://learn.example.org`."""

    def objection(self, host: bytes, origin: bytes | None) -> str | None:
        """Say what is wrong with the headers of a request; None when they fit.

        A service that is open to others and was given no names answers to all of them, but only
        to pages of the same name.
        """
        name = _hostname(b"//" + host)
        named = self.loopback or self.names
        if name is None or (named and not self._knows(name)):
            return "the Host header does not name this host"
        if origin is None or origin.decode("latin-1") in self.origins:
            return None
        source = _hostname(origin)
        if source is None or not (self._knows(source) if named else source == name):
            return "the Origin header is not of this host"
        return None

    def _knows(self, name: str) -> bool:
        return _is_local(name) or name in self.names


def _hostname(url: bytes) -> str | None:
    try:
        return urlsplit(url.decode("ascii")).hostname
    except ValueError:
        return None


def _is_local(name: str) -> bool:
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
