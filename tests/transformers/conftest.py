"""Folders as Hugging Face's tools save them, and the host that serves them."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest
from sample_models import write_gguf
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors

from procoder_model_host.engines.base import LoadOptions
from procoder_model_host.engines.transformers import TransformersEvaluator
from procoder_model_host.files.model_files import read_model
from procoder_protocol.discovery import HostAddress

Load = Callable[..., TransformersEvaluator]
Serve = Callable[..., httpx2.Client]


@pytest.fixture(scope="session")
def load() -> Load:
    """Load a model in float32, so that results can be compared."""

    def load(
        path: Path, adapter: Path | None = None, dtype: str = "float32"
    ) -> TransformersEvaluator:
        options = LoadOptions(path, read_model(path), path.parent, 512, 1, adapter=adapter)
        return TransformersEvaluator(options, dtype)

    return load


@pytest.fixture(scope="session")
def tiny_gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Code-Llama-shaped file, RoPE base 1,000,000."""
    return write_gguf(tmp_path_factory.mktemp("gguf") / "tiny.gguf")


@pytest.fixture(scope="session")
def tiny_evaluator(load: Load, tiny_gguf: Path) -> TransformersEvaluator:
    """The engine over that file."""
    return load(tiny_gguf)


@pytest.fixture(scope="session")
def tiny_folder(load: Load, tiny_gguf: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same weights as a folder of safetensors; its tokenizer has one token a byte."""
    folder = tmp_path_factory.mktemp("folder") / "tiny"
    # Made here from the file's weights, so that the folder is what the library itself writes.
    model = load(tiny_gguf).model
    model.config.eos_token_id = 257
    model.save_pretrained(folder)
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({letter: id_ for id_, letter in enumerate(letters)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(["<s>", "</s>"])
    tokenizer.post_processor = processors.TemplateProcessing(
        "<s> $A", special_tokens=[("<s>", 256)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture(scope="module")
def serve(isolated_environment: dict[str, str]) -> Iterator[Serve]:
    """Start `procoder host` in a folder; return a client once it is ready."""
    with ExitStack() as stack:

        def serve(*arguments: str, folder: Path) -> httpx2.Client:
            command = [sys.executable, "-P", "-m", "procoder_cli", "host"]
            process = stack.enter_context(
                subprocess.Popen(
                    [*command, *arguments],
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    env=isolated_environment,
                    cwd=folder,
                )
            )
            stack.callback(process.terminate)
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, process.communicate(timeout=10)[1]
            address = HostAddress.from_json(line)
            headers = {"Authorization": f"Bearer {address.read_token()}"}
            client = httpx2.Client(base_url=address.url, headers=headers, timeout=60)
            return stack.enter_context(client)

        yield serve
