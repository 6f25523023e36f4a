"""Where the API is, and the key to it."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from procoder_companion.errors import UnknownKeyError, UnreachableError
from procoder_protocol.api_address import read_api_address

URL_VARIABLE = "PROCODER_API_URL"
"""Names an API; without it, that of this user is found."""
_UNAUTHORIZED = 401


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An API and the bearer key of who asks."""

    url: str
    """Without a trailing slash."""
    key: str


def configured_url() -> str:
    """Return the URL of the API that was configured; empty when the user's own is meant."""
    return os.environ.get(URL_VARIABLE, "").rstrip("/")


def find_endpoint(key: str) -> Endpoint:
    """Return the API to ask.

    `key` is what the reader signed in with; this user's own API needs none. Raises UnknownKeyError
    where one is missing, and UnreachableError.
    """
    if url := configured_url():
        if not key:
            raise UnknownKeyError(f"{urlsplit(url).netloc} asks for a key.", _UNAUTHORIZED)
        return Endpoint(url, key)
    address = read_api_address()
    if address is None or address.token_file is None:
        raise UnreachableError("The tutor's API is not running. Start `procoder companion` again.")
    try:
        return Endpoint(address.url, Path(address.token_file).read_text(encoding="utf-8").strip())
    except OSError as error:
        raise UnreachableError(f"The key of the tutor's API cannot be read: {error}") from error
