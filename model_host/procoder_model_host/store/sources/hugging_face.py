"""Models in Hugging Face's layout: files its cache already has on this machine, and its hub.

Cache: `models--<owner>--<name>/snapshots/<revision>/<file>` is a link into `blobs/`, named by the
SHA-256 of a large file; `refs/main` names the current revision. Hub:
`/<owner>/<name>/resolve/<revision>/<file>` redirects to storage, and says the file's SHA-256 in
the first answer's `X-Linked-Etag`. (huggingface_hub, file_download.py.)
"""

import os
import re
from pathlib import Path

from procoder_model_host.store.catalogue import HubFile
from procoder_model_host.store.linking import hard_link_or_copy
from procoder_model_host.store.sources.base import (
    Fetched,
    Progress,
    ProgressListener,
    SourceUnavailableError,
)
from procoder_model_host.store.sources.http import Download, Downloader, new_client

HUB_URL = "https://huggingface.co"
LINKED_ETAG, LINKED_SIZE = "X-Linked-Etag", "X-Linked-Size"
_SHA256 = re.compile(r"[0-9a-f]{64}")


def hub_cache() -> Path:
    """Return the folder in which Hugging Face's libraries keep files."""
    if configured := os.environ.get("HF_HUB_CACHE"):
        return Path(configured)
    home = os.environ.get("HF_HOME")
    return (Path(home) if home else Path.home() / ".cache" / "huggingface") / "hub"


class HubCacheSource:
    """A file that another program fetched: hard-linked where possible, else copied."""

    def __init__(self, file: HubFile, folder: Path | None = None) -> None:
        self._file = file
        self._folder = folder

    def fetch(self, partial: Path, progress: ProgressListener) -> Fetched:
        """Link or copy the newest snapshot's file to `partial`; see `Source`."""
        name = f"models--{self._file.repository.replace('/', '--')}"
        snapshots = (self._folder or hub_cache()) / name / "snapshots"
        found = [path for path in snapshots.glob(f"*/{self._file.name}") if path.is_file()]
        if not found:
            raise SourceUnavailableError("Hugging Face's cache has no copy of it here")
        blob = max(found, key=lambda path: path.stat().st_mtime).resolve()
        hard_link_or_copy(blob, partial, progress)
        digest = f"sha256:{blob.name}" if _SHA256.fullmatch(blob.name) else None
        return Fetched(f"Hugging Face's cache ({blob})", digest)


class HubSource:
    """The hub itself; the digest is the one its answer names."""

    def __init__(
        self, file: HubFile, url: str = HUB_URL, downloader: Downloader | None = None
    ) -> None:
        self._url = f"{url}/{file.repository}/resolve/{file.revision}/{file.name}"
        self._downloader = downloader

    def fetch(self, partial: Path, progress: ProgressListener) -> Fetched:
        """Ask what the file is now, then download it; see `Source`."""
        if self._downloader is not None:
            return self._fetch(self._downloader, partial, progress)
        with new_client() as client:
            return self._fetch(Downloader(client), partial, progress)

    def _fetch(self, downloader: Downloader, partial: Path, progress: ProgressListener) -> Fetched:
        progress(Progress("asking Hugging Face"))
        headers = downloader.head(self._url, LINKED_ETAG)
        digest = headers.get(LINKED_ETAG, "").strip('"')
        if not _SHA256.fullmatch(digest):
            raise SourceUnavailableError("Hugging Face names no digest for it")
        size = headers.get(LINKED_SIZE, "")
        known = int(size) if size.isascii() and size.isdigit() else None
        download = Download(self._url, known, f"sha256:{digest}")
        downloader.file(download, partial, progress)
        return Fetched(self._url, download.digest)
