"""Download a large file over HTTP: resumed, retried, never in memory.

A partial file goes on where it ended if the server still has the same file: `If-Range` with
the strong ETag that came with its beginning, kept in a note beside it (RFC 9110, sections
13.1.5 and 14.2). Where the digest is known beforehand, a note of it serves instead, also when
another source goes on.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import IO, TypeVar

import httpx2

from procoder_model_host.errors import DownloadError
from procoder_model_host.files.digests import replace_text
from procoder_model_host.files.disk import require_space, sync
from procoder_model_host.store.sources.base import (
    Progress,
    ProgressListener,
    SourceUnavailableError,
)

ATTEMPTS = 4
"""Tries without any progress before a download is given up."""
MAX_PAUSE_SECONDS = 30.0
MAX_REDIRECTS = 5
TIMEOUT = httpx2.Timeout(60, connect=10)

_TRY_LATER = "Pull the model again later: the download goes on where it stopped."
_ABSENT = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_BUSY = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})

_T = TypeVar("_T")


class RetryableError(Exception):
    """The connection broke or the server is busy; `pause` are the seconds it asks to wait."""

    def __init__(self, message: str, pause: float | None = None) -> None:
        super().__init__(message)
        self.pause = pause


@dataclass(frozen=True, slots=True)
class Download:
    """One file to fetch, and what is known of it beforehand."""

    url: str
    size: int | None = None
    """Bytes, when known."""
    digest: str | None = None
    """`sha256:<hex>` when known: the beginning of that very file is gone on with."""


class Downloader:
    """Fetches over one client, with bounded retries; progress resets their count."""

    def __init__(self, client: httpx2.Client, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._sleep = sleep

    def document(self, url: str, accept: str) -> bytes:
        """Return a small document."""

        def get() -> bytes:
            with _translated_errors(url):
                response = self._client.get(url, headers={"Accept": accept})
            _require_success(response)
            return response.content

        return self._retrying(get, lambda: 0)

    def head(self, url: str, wanted: str) -> httpx2.Headers:
        """Return the headers of the first answer that has the header `wanted`, else of the last.

        A redirect within the host (a renamed file) is followed, one to elsewhere is the answer.
        """

        def ask() -> httpx2.Headers:
            target = httpx2.URL(url)
            for _ in range(MAX_REDIRECTS):
                with _translated_errors(url):
                    response = self._client.head(target, follow_redirects=False)
                location = httpx2.URL(response.headers.get("Location", ""))
                if wanted in response.headers or not response.is_redirect or location.host:
                    break
                target = target.join(location)
            if not response.is_redirect:
                _require_success(response)
            return response.headers

        return self._retrying(ask, lambda: 0)

    def file(self, download: Download, partial: Path, progress: ProgressListener) -> None:
        """Write the whole file to `partial`, going on with what is there if the server allows."""
        _disown_link(partial)
        if download.digest is not None:
            _settle_digest(partial, download.digest)
        self._retrying(lambda: self._stream(download, partial, progress), lambda: _size_of(partial))
        etag_note(partial).unlink(missing_ok=True)
        digest_note(partial).unlink(missing_ok=True)

    def _retrying(self, act: Callable[[], _T], measure: Callable[[], int]) -> _T:
        attempt, reached = 1, measure()
        while True:
            try:
                return act()
            except RetryableError as error:
                if measure() > reached:
                    attempt, reached = 0, measure()
                if attempt == ATTEMPTS:
                    raise DownloadError(f"the download failed: {error}", _TRY_LATER) from error
                pause = 2.0 ** (attempt - 1) if error.pause is None else error.pause
                self._sleep(min(pause, MAX_PAUSE_SECONDS))
                attempt += 1

    def _stream(self, download: Download, partial: Path, progress: ProgressListener) -> None:
        headers = {"Accept-Encoding": "identity", **_range_headers(download, partial)}
        with (
            _translated_errors(download.url),
            self._client.stream("GET", download.url, headers=headers) as response,
        ):
            if response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                _settle_unsatisfiable(response, partial)
                return
            _require_success(response)
            start = _start_of(response, partial)
            if start == 0:
                _remember_etag(response, partial)
            rest = int(response.headers.get("Content-Length", "0"))
            total = start + rest if rest else download.size
            require_space(partial.parent, rest)
            with partial.open("r+b" if start else "wb") as file:
                file.seek(start)
                file.truncate()
                _receive(response, file, start, total, progress)


def new_client() -> httpx2.Client:
    """Return a client for downloads: follows redirects, honours the user's proxy settings."""
    return httpx2.Client(follow_redirects=True, timeout=TIMEOUT)


def etag_note(partial: Path) -> Path:
    """Return the file beside `partial` that keeps the ETag of what it holds."""
    return partial.with_name(f"{partial.name}.etag")


def digest_note(partial: Path) -> Path:
    """Return the file beside `partial` that keeps the digest of the file it is a part of."""
    return partial.with_name(f"{partial.name}.digest")


def _settle_digest(partial: Path, digest: str) -> None:
    """Remove the beginning of another file: another source, or an older version, left it."""
    note = digest_note(partial)
    with contextlib.suppress(OSError):
        if note.read_text(encoding="ascii", errors="replace") != digest:
            _discard(partial)
    partial.parent.mkdir(exist_ok=True)
    replace_text(note, digest)


def _receive(
    response: httpx2.Response,
    file: IO[bytes],
    start: int,
    total: int | None,
    progress: ProgressListener,
) -> None:
    done = start
    # No chunk size here: the client would hold back, and lose, what a cut leaves of a chunk.
    for chunk in response.iter_raw():
        file.write(chunk)
        done += len(chunk)
        progress(Progress("downloading", done, total))
    sync(file)
    if total is not None and done < total:
        raise RetryableError(f"the connection ended after {done:,} of {total:,} bytes")


def _range_headers(download: Download, partial: Path) -> dict[str, str]:
    size = _size_of(partial)
    if not size:
        return {}
    if download.digest is not None:
        return {"Range": f"bytes={size}-"}
    with contextlib.suppress(OSError):
        etag = etag_note(partial).read_text(encoding="utf-8")
        return {"Range": f"bytes={size}-", "If-Range": etag}
    return {}


def _start_of(response: httpx2.Response, partial: Path) -> int:
    """Return the offset at which the body belongs; a 200 starts again."""
    if response.status_code != HTTPStatus.PARTIAL_CONTENT:
        return 0
    size = _size_of(partial)
    content_range = response.headers.get("Content-Range", "")
    if not content_range.startswith(f"bytes {size}-"):
        _discard(partial)
        raise RetryableError(f"the server sent the range {content_range!r}, not from {size:,}")
    return size


def _settle_unsatisfiable(response: httpx2.Response, partial: Path) -> None:
    """Nothing lies after what we have: it is the whole file, or not a beginning of it."""
    if response.headers.get("Content-Range") == f"bytes */{_size_of(partial)}":
        return
    _discard(partial)
    raise RetryableError("the partial file did not fit the server's: it was removed")


def _remember_etag(response: httpx2.Response, partial: Path) -> None:
    etag = response.headers.get("ETag", "")
    if etag.startswith('"'):
        replace_text(etag_note(partial), etag)
    else:
        etag_note(partial).unlink(missing_ok=True)


def _discard(partial: Path) -> None:
    partial.unlink(missing_ok=True)
    etag_note(partial).unlink(missing_ok=True)


def _disown_link(partial: Path) -> None:
    """Remove a link to somebody else's file, which writing would damage (see `ollama.py`)."""
    with contextlib.suppress(FileNotFoundError):
        if partial.stat().st_nlink > 1:
            partial.unlink()


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _require_success(response: httpx2.Response) -> None:
    if response.is_success:
        return
    status, host = response.status_code, response.url.host
    what = f"{host} answered {status} {response.reason_phrase}".rstrip()
    if status in _ABSENT:
        raise SourceUnavailableError(f"{what}: the model is not there")
    if status in _BUSY or response.is_server_error:
        raise RetryableError(what, _retry_after(response))
    raise SourceUnavailableError(what)


def _retry_after(response: httpx2.Response) -> float | None:
    """Return the seconds of `Retry-After`; its form as a date is left to our own pauses."""
    value = response.headers.get("Retry-After", "")
    return float(value) if value.isascii() and value.isdigit() else None


@contextlib.contextmanager
def _translated_errors(url: str) -> Iterator[None]:
    """Turn the client's errors into ours: broken connections are worth another try."""
    try:
        yield
    except (httpx2.TooManyRedirects, httpx2.UnsupportedProtocol, httpx2.InvalidURL) as error:
        raise SourceUnavailableError(f"{httpx2.URL(url).host}: {error}") from error
    except httpx2.ConnectError as error:
        raise SourceUnavailableError(f"{httpx2.URL(url).host} cannot be reached") from error
    except httpx2.HTTPError as error:
        reason = str(error) or type(error).__name__
        raise RetryableError(f"{httpx2.URL(url).host}: {reason}") from error
