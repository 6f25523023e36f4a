"""Models in Ollama's layout: blobs it already has on this machine, and its registry.

Layout: `manifests/<host>/<repository>/<tag>` names the layer that is the model; its bytes are
`blobs/sha256-<hex>`. The registry speaks the OCI distribution API with the same manifest.
"""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from procoder_model_host.errors import DownloadError
from procoder_model_host.store.catalogue import OllamaBlob
from procoder_model_host.store.linking import hard_link_or_copy
from procoder_model_host.store.sources.base import (
    Fetched,
    Progress,
    ProgressListener,
    SourceUnavailableError,
)
from procoder_model_host.store.sources.http import Download, Downloader, new_client

REGISTRY_URL = "https://registry.ollama.ai"
MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json"
MODEL_LAYER = "application/vnd.ollama.image.model"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ModelLayer:
    """The layer of a manifest that is the model file."""

    digest: str
    """`sha256:<hex>`."""
    size: int

    @classmethod
    def of_manifest(cls, manifest: bytes) -> "ModelLayer":
        """Find it; raises ValueError when the manifest is not one, or names no model."""
        try:
            layers = json.loads(manifest)["layers"]
            layer = next(layer for layer in layers if layer["mediaType"] == MODEL_LAYER)
            digest, size = str(layer["digest"]), int(layer["size"])
        except (KeyError, TypeError, StopIteration) as error:
            raise ValueError("the manifest names no model") from error
        if not _DIGEST.fullmatch(digest) or size < 1:
            raise ValueError("the manifest's digest or size is malformed")
        return cls(digest, size)


def ollama_folder() -> Path:
    """Return the folder in which Ollama keeps its models: `$OLLAMA_MODELS`, else its default."""
    configured = os.environ.get("OLLAMA_MODELS")
    return Path(configured) if configured else Path.home() / ".ollama" / "models"


class LocalOllamaSource:
    """A blob that Ollama already has: hard-linked where possible, else copied."""

    def __init__(self, blob: OllamaBlob, folder: Path | None = None) -> None:
        self._blob = blob
        self._folder = folder

    def fetch(self, partial: Path, progress: ProgressListener) -> Fetched:
        """Link or copy the blob to `partial`; see `Source`."""
        folder = self._folder or ollama_folder()
        manifest = folder / "manifests/registry.ollama.ai" / self._blob.repository / self._blob.tag
        try:
            layer = ModelLayer.of_manifest(manifest.read_bytes())
            blob = folder / "blobs" / layer.digest.replace(":", "-")
            size = blob.stat().st_size
        except (OSError, ValueError) as error:
            raise SourceUnavailableError("Ollama has no copy of it here") from error
        if size != layer.size:
            raise SourceUnavailableError("Ollama's copy of it is incomplete")
        hard_link_or_copy(blob, partial, progress)
        return Fetched(f"Ollama's blob {blob}", layer.digest)


class OllamaRegistrySource:
    """The registry that Ollama pulls from; the blob's digest is the one its manifest names."""

    def __init__(
        self, blob: OllamaBlob, url: str = REGISTRY_URL, downloader: Downloader | None = None
    ) -> None:
        self._blob = blob
        self._base = f"{url}/v2/{blob.repository}"
        self._downloader = downloader

    def fetch(self, partial: Path, progress: ProgressListener) -> Fetched:
        """Download the manifest, then the blob it names; see `Source`."""
        if self._downloader is not None:
            return self._fetch(self._downloader, partial, progress)
        with new_client() as client:
            return self._fetch(Downloader(client), partial, progress)

    def _fetch(self, downloader: Downloader, partial: Path, progress: ProgressListener) -> Fetched:
        progress(Progress("asking the registry"))
        url = f"{self._base}/manifests/{self._blob.tag}"
        try:
            layer = ModelLayer.of_manifest(downloader.document(url, MANIFEST_TYPE))
        except ValueError as error:
            raise DownloadError(f"{url}: {error}", "Try again later.") from error
        blob = Download(f"{self._base}/blobs/{layer.digest}", layer.size, layer.digest)
        downloader.file(blob, partial, progress)
        return Fetched(url, layer.digest)
