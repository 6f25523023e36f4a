"""How the companion finds the API of its user: a small file in the runtime folder.

The API writes the file (mode 0600) when it serves one user and is ready, and removes it when it
leaves. A reader trusts it only as a hint: it must still ask `/healthz`.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from procoder_protocol.discovery import runtime_dir, write_private


@dataclass(frozen=True, slots=True)
class ApiAddress:
    """Where an API listens; also the one JSON line that `procoder api` prints."""

    url: str
    """Base URL without a trailing slash, e.g. `http://127.0.0.1:41873`."""
    token_file: str | None
    """File with the bearer token of the one user; None where everybody has a key of their own."""
    pid: int
    version: str = ""

    def to_json(self) -> str:
        """Render as a single JSON line, without the newline."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> "ApiAddress":
        """Parse what `to_json` wrote; raises ValueError on anything else."""
        try:
            fields = json.loads(text)
            token_file = fields["token_file"]
            return cls(
                url=str(fields["url"]),
                token_file=None if token_file is None else str(token_file),
                pid=int(fields["pid"]),
                version=str(fields.get("version", "")),
            )
        except (TypeError, KeyError, ValueError) as error:
            raise ValueError(f"not an address of an API: {error}") from error


def api_file() -> Path:
    """Return the path of the file, whether or not it exists."""
    return runtime_dir() / "api.json"


def read_api_address() -> ApiAddress | None:
    """Return the advertised API, or None when there is none or the file is unreadable."""
    try:
        return ApiAddress.from_json(api_file().read_bytes())
    except (OSError, ValueError):
        return None


def publish_api_address(address: ApiAddress) -> None:
    """Advertise an API to the processes of its user."""
    write_private(api_file(), address.to_json())


def withdraw_api_address(address: ApiAddress) -> None:
    """Remove the advertisement, unless another API has taken its place."""
    if read_api_address() == address:
        api_file().unlink(missing_ok=True)
