"""What an operator decides about the HTTP side of a host."""

from dataclasses import dataclass
from pathlib import Path

from procoder_http.errors import StartupError


@dataclass(frozen=True, slots=True)
class HttpOptions:
    """Who may connect, and how."""

    keys: Path | None = None
    """File with the named keys of a team; see keys."""
    tls_cert: Path | None = None
    """PEM file with the certificate chain."""
    tls_key: Path | None = None
    """PEM file with its private key."""
    behind_proxy: bool = False
    """A proxy in front of this host speaks TLS with its clients."""
    allowed_hosts: tuple[str, ...] = ()
    """Names by which a proxy or other machines may call this host."""

    @property
    def scheme(self) -> str:
        """The scheme of this host's address."""
        return "https" if self.tls_cert is not None else "http"

    def check(self, *, loopback: bool) -> None:
        """Refuse what would send tokens and code in the clear; raises StartupError."""
        if (self.tls_cert is None) != (self.tls_key is None):
            raise StartupError("--tls-cert and --tls-key belong together")
        for file in (self.tls_cert, self.tls_key):
            if file is not None and not file.is_file():
                raise StartupError(f"there is no file {file}")
        if not loopback and self.tls_cert is None and not self.behind_proxy:
            raise StartupError(
                "other machines would reach this host without encryption. "
                "Give --tls-cert and --tls-key, or --behind-proxy when a proxy in front does that"
            )
