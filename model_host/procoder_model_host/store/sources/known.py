"""From the catalogue's words to sources that can fetch."""

from procoder_model_host.store.catalogue import CatalogueEntry, HubFile, OllamaBlob, WheelMember
from procoder_model_host.store.sources.base import Source
from procoder_model_host.store.sources.hugging_face import HubCacheSource, HubSource
from procoder_model_host.store.sources.ollama import LocalOllamaSource, OllamaRegistrySource
from procoder_model_host.store.sources.wheel import WheelSource


def sources_of(entry: CatalogueEntry) -> tuple[Source, ...]:
    """Return a model's sources: what this machine has already first, then as the catalogue says."""
    local: list[Source] = []
    remote: list[Source] = []
    for origin in entry.sources:
        match origin:
            case WheelMember():
                remote.append(WheelSource(origin))
            case OllamaBlob():
                local.append(LocalOllamaSource(origin))
                remote.append(OllamaRegistrySource(origin))
            case HubFile():
                local.append(HubCacheSource(origin))
                remote.append(HubSource(origin))
    return (*local, *remote)
